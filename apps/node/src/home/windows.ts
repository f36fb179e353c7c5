// How long the local chain's windows are. The contracts' addresses follow from it, so it is written down before the first start deploys
// them and holds for the home's whole life; a vote can change each window later.

import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { LOCAL_WINDOWS, type LocalWindows } from "@openledger/chain";
import { CallerError } from "@openledger/protocol";

/** The home's windows, kept if it has none yet; throws `home/other-windows` if others are asked for, `home/bad-windows`. */
export function keepWindows(home: string, asked?: LocalWindows): LocalWindows {
	const file = join(home, "windows");
	const kept = readText(file);
	if (kept === undefined) {
		const windows = asked ?? "quick";
		writeText(file, `${windows}\n`);
		return windows;
	}
	const windows = LOCAL_WINDOWS.find((one) => one === kept);
	if (windows === undefined) {
		throw new CallerError(
			`${file} says ${JSON.stringify(kept.slice(0, 40))}; it must be ${LOCAL_WINDOWS.join(" or ")}`,
			{
				code: "home/bad-windows",
			},
		);
	}
	if (asked !== undefined && asked !== windows) {
		throw new CallerError(
			`${home} was begun with ${windows} windows, which its contracts hold; leave --windows out, or begin another --home`,
			{ code: "home/other-windows" },
		);
	}
	return windows;
}

/** On disk before any contract follows from it. */
function writeText(file: string, text: string): void {
	const handle = openSync(`${file}.new`, "w", 0o600);
	try {
		writeSync(handle, text);
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
	renameSync(`${file}.new`, file);
}

function readText(file: string): string | undefined {
	try {
		return readFileSync(file, "utf8").trim();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw error;
	}
}
