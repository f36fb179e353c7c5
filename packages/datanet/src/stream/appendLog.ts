// A file that only grows, with its end in memory until there is enough to write. It must not know what is in it.
import { closeSync, fdatasyncSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";

export type AppendLog = {
	/** Bytes appended, written or not. */
	length(): number;
	append(bytes: Uint8Array): void;
	/** Bytes that were appended before, written or not. */
	read(from: number, length: number): Uint8Array;
	/** Everything appended is on the disk when this returns. */
	sync(): void;
	close(): void;
};

const BUFFER_BYTES = 1024 * 1024;

/** Opens or makes the file, cut to `length` bytes: what came after the last checkpoint is done again. */
export function openAppendLog(file: string, length: number): AppendLog {
	const handle = openSync(file, length === 0 ? "w+" : "r+", 0o600);
	ftruncateSync(handle, length);
	let written = length;
	let buffer = Buffer.allocUnsafe(BUFFER_BYTES);
	let filled = 0;

	function flush(): void {
		for (let at = 0; at < filled; ) at += writeSync(handle, buffer, at, filled - at, written + at);
		written += filled;
		filled = 0;
	}

	return {
		length: () => written + filled,
		append(bytes) {
			if (filled + bytes.length > buffer.length) flush();
			if (bytes.length > buffer.length) buffer = Buffer.allocUnsafe(bytes.length);
			buffer.set(bytes, filled);
			filled += bytes.length;
		},
		read(from, length) {
			if (from >= written) return Uint8Array.prototype.slice.call(buffer, from - written, from - written + length);
			const bytes = new Uint8Array(length);
			readSync(handle, bytes, 0, length, from);
			return bytes;
		},
		sync() {
			flush();
			fdatasyncSync(handle);
		},
		close: () => closeSync(handle),
	};
}
