// Puts a file where somebody wants it: whole or not at all, and over nothing that was there unless they said so.

import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { CallerError, TransientError } from "@openledger/protocol";

export type WritePage = { readonly file: string; readonly content: string; readonly force?: boolean | undefined };

/** Returns the bytes written. Throws `cli/file-exists`, `cli/unusable-file`, or `cli/unwritable-file` where the disk fails. */
export function writePage({ file, content, force = false }: WritePage): number {
	const bytes = Buffer.from(content, "utf8");
	const beside = `${file}.${randomUUID()}.new`;
	try {
		// A folder is never replaced, and a name that stands is seen before anything is written.
		const there = statSync(file, { throwIfNoEntry: false });
		if (there?.isDirectory()) throw unusable(file, "it is a folder; name a file in it");
		if (there !== undefined && !force) throw exists(file);
		const handle = openSync(beside, "wx", 0o644);
		try {
			fill(handle, bytes);
			if (force) renameSync(beside, file);
			else linkSync(beside, file);
		} finally {
			rmSync(beside, { force: true });
		}
	} catch (error) {
		throw ours(file, error);
	}
	return bytes.length;
}

function fill(handle: number, bytes: Uint8Array): void {
	try {
		writeFileSync(handle, bytes);
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
}

function ours(file: string, error: unknown): Error {
	if (error instanceof CallerError) return error;
	const code = (error as NodeJS.ErrnoException).code;
	if (code === "EEXIST") return exists(file);
	if (code === "ENOENT" || code === "ENOTDIR") return unusable(file, "its folder does not exist; make it first", error);
	if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
		return unusable(file, "it may not be written there; choose another folder", error);
	}
	return new TransientError(`cannot write ${file}: ${(error as Error).message}`, {
		code: "cli/unwritable-file",
		cause: error,
	});
}

function exists(file: string): CallerError {
	return new CallerError(`${file} exists; add --force to write over it`, { code: "cli/file-exists" });
}

function unusable(file: string, why: string, cause?: unknown): CallerError {
	return new CallerError(`cannot write ${file}: ${why}`, { code: "cli/unusable-file", cause });
}
