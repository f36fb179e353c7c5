// The bytes of a file or of a buffer, a piece at a time. It must not know what they mean.
import { closeSync, openSync, readSync } from "node:fs";
import { CallerError } from "@openledger/protocol";
import { MAX_FILE_BYTES } from "../limits.js";

/** Bytes in memory, or the path of a file. */
export type Source = Uint8Array | string;

const CHUNK_BYTES = 64 * 1024;

/** Pieces of at most 64 KiB, valid until the next is asked for; throws `datanet/file-not-found`, `-unreadable`, `-too-big`. */
export function* sourceChunks(source: Source, maxBytes = MAX_FILE_BYTES): Generator<Uint8Array> {
	if (typeof source !== "string") {
		if (source.length > maxBytes) throw tooBig(maxBytes);
		for (let at = 0; at < source.length; at += CHUNK_BYTES) yield source.subarray(at, at + CHUNK_BYTES);
		return;
	}
	const handle = attempt(source, () => openSync(source, "r"));
	try {
		const chunk = new Uint8Array(CHUNK_BYTES);
		let total = 0;
		for (;;) {
			const length = attempt(source, () => readSync(handle, chunk));
			if (length === 0) return;
			// Counted as read, not as announced: a file may grow, and a device has no size.
			total += length;
			if (total > maxBytes) throw tooBig(maxBytes);
			yield chunk.subarray(0, length);
		}
	} finally {
		closeSync(handle);
	}
}

function attempt<T>(path: string, action: () => T): T {
	try {
		return action();
	} catch (cause) {
		const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
		const message = missing
			? `there is no file ${path}; give the path of an existing file`
			: `${path} cannot be read; give the path of a readable file, not of a folder`;
		throw new CallerError(message, { code: missing ? "datanet/file-not-found" : "datanet/file-unreadable", cause });
	}
}

function tooBig(maxBytes: number): CallerError {
	return new CallerError(`the file is bigger than ${maxBytes} bytes; split it into smaller files`, {
		code: "datanet/file-too-big",
		details: { maxBytes },
	});
}
