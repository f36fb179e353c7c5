// Where a stream stands, written beside and renamed, so that it is there whole or not at all. It must not know what is streamed.
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { TransientError } from "@openledger/protocol";

/** Writes plain values durably. */
export function writeDurably(file: string, value: unknown): void {
	const beside = `${file}.new`;
	const handle = openSync(beside, "w", 0o600);
	try {
		writeSync(handle, `${JSON.stringify(value)}\n`);
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
	renameSync(beside, file);
	if (process.platform === "win32") return;
	const folder = openSync(dirname(file), "r");
	try {
		fsyncSync(folder);
	} finally {
		closeSync(folder);
	}
}

/** The values, or undefined if there is no such file; throws `datanet/state-damaged`. */
export function readDurable<T>(file: string): T | undefined {
	let text: string;
	try {
		text = readFileSync(file, "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw error;
	}
	try {
		return JSON.parse(text) as T;
	} catch (cause) {
		throw new TransientError(`${file} is damaged; remove the folder to begin again`, {
			code: "datanet/state-damaged",
			cause,
		});
	}
}
