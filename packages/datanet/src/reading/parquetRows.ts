// Rows of a Parquet file, a row group at a time: its columns are the fields of a row. It must not know what a row may hold.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { CallerError } from "@openledger/protocol";
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { MAX_LINE_BYTES } from "../limits.js";
import type { Fault } from "../rejection.js";

/** A group is decoded whole, so this bounds the memory: bytes of its columns, decompressed. */
export const MAX_GROUP_BYTES = 512 * 1024 * 1024;
const MAX_GROUP_ROWS = 1_048_576;
const MAX_FOOTER_BYTES = 16 * 1024 * 1024;

/** `line` is the row's place in the file, from 1. */
export type ParquetRow = { readonly line: number; readonly fields: ReadonlyMap<string, unknown> | Fault };

const NOT_UTF8 = Symbol("not UTF-8");
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Rows from the `skip`th on, in slices that end with a row group. Uncompressed, Snappy, Gzip and Brotli. Throws
 * `datanet/bad-parquet` for a file that is none, or whose groups are too big.
 */
export async function* parquetRows(path: string, skip = 0): AsyncGenerator<readonly ParquetRow[]> {
	const handle = openSync(path, "r");
	try {
		const file = bufferOf(handle);
		const metadata = await attempt(() => parquetMetadataAsync(file, { geoparquet: false }));
		const columns = textColumns(metadata);
		let from = 0;
		for (const group of metadata.row_groups) {
			const rows = Number(group.num_rows);
			const bytes = group.columns.reduce(
				(sum, column) => sum + Number(column.meta_data?.total_uncompressed_size ?? 0),
				0,
			);
			if (rows > MAX_GROUP_ROWS || bytes > MAX_GROUP_BYTES) {
				throw bad(
					`a row group has ${rows} rows and ${bytes} bytes; write groups of at most ${MAX_GROUP_ROWS} and ${MAX_GROUP_BYTES}`,
				);
			}
			if (from + rows > skip && rows > 0) {
				const rowStart = Math.max(from, skip);
				const read = await attempt(() =>
					parquetReadObjects({
						file,
						metadata,
						columns,
						rowStart,
						rowEnd: from + rows,
						utf8: false,
						geoparquet: false,
						parsers: { stringFromBytes: decode },
						compressors: {
							GZIP: (input, length) => new Uint8Array(gunzipSync(input, { maxOutputLength: length })),
							BROTLI: (input, length) => new Uint8Array(brotliDecompressSync(input, { maxOutputLength: length })),
						},
					}),
				);
				yield read.map((values, at) => ({ line: rowStart + at + 1, fields: fieldsOf(columns, values) }));
			}
			from += rows;
		}
	} finally {
		closeSync(handle);
	}
}

/** How many rows a file says it has. */
export async function parquetRowCount(path: string): Promise<number> {
	const handle = openSync(path, "r");
	try {
		const metadata = await attempt(() => parquetMetadataAsync(bufferOf(handle), { geoparquet: false }));
		return Number(metadata.num_rows);
	} finally {
		closeSync(handle);
	}
}

/** The columns, all of which must be plain text; other names are left to the reader of forms to refuse. */
function textColumns({ schema }: FileMetaData): string[] {
	const [root, ...columns] = schema;
	const isFlat = columns.length === root?.num_children && columns.every((column) => column.type === "BYTE_ARRAY");
	if (isFlat && columns.length <= 8) return columns.map(({ name }) => name);
	throw bad("it must have a few columns of text, such as prompt and response, and no nested ones");
}

function fieldsOf(
	columns: readonly string[],
	values: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, unknown> | Fault {
	const fields = new Map<string, unknown>();
	let length = 0;
	for (const name of columns) {
		const value = values[name] instanceof Uint8Array ? decode(values[name]) : values[name];
		if (value === NOT_UTF8) {
			return { code: "bad-utf8", reason: "a cell is not UTF-8; write the column as text" };
		}
		// A null cell is a field that is not there.
		if (value === null || value === undefined) continue;
		length += typeof value === "string" ? value.length : 0;
		fields.set(name.trim().toLowerCase(), value);
	}
	if (length <= MAX_LINE_BYTES) return fields;
	return { code: "line-too-long", reason: `the row is longer than ${MAX_LINE_BYTES} bytes; shorten it` };
}

function decode(bytes: Uint8Array): string | typeof NOT_UTF8 {
	try {
		return decoder.decode(bytes);
	} catch {
		return NOT_UTF8;
	}
}

function bufferOf(handle: number): AsyncBuffer {
	const byteLength = fstatSync(handle).size;
	return {
		byteLength,
		slice(start, end = byteLength) {
			const length = Math.max(0, Math.min(end, byteLength) - start);
			if (length > Math.max(MAX_GROUP_BYTES, MAX_FOOTER_BYTES)) throw bad("a part of it is too big to be read");
			const bytes = new Uint8Array(length);
			let at = 0;
			while (at < length) {
				const read = readSync(handle, bytes, at, length - at, start + at);
				if (read === 0) throw bad("it ends in its middle");
				at += read;
			}
			return bytes.buffer;
		},
	};
}

async function attempt<T>(action: () => Promise<T>): Promise<T> {
	try {
		return await action();
	} catch (cause) {
		if (cause instanceof CallerError) throw cause;
		throw bad(`it cannot be read (${cause instanceof Error ? cause.message : "unknown"})`, cause);
	}
}

function bad(what: string, cause?: unknown): CallerError {
	return new CallerError(`the Parquet file cannot be used: ${what}`, { code: "datanet/bad-parquet", cause });
}
