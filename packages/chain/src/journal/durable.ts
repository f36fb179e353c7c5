// Files that survive a crash: written beside, flushed, renamed, folder flushed. It must not know what is in them.
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";

export function writeFileDurably(file: string, text: string): void {
	const beside = `${file}.new`;
	const handle = openSync(beside, "w", 0o600);
	try {
		writeSync(handle, text);
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
	renameSync(beside, file);
	flushFolder(dirname(file));
}

/** Makes the names in a folder durable. Windows cannot open folders, and needs no such flush. */
export function flushFolder(folder: string): void {
	if (process.platform === "win32") return;
	const handle = openSync(folder, "r");
	try {
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
}
