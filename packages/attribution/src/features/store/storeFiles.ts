// The files of a feature store and how they are written. A folder holds:
//   features.json      what the store is: written once, whole
//   records-00000.bin  records of shardRows rows each, the last one fewer; grows at its end
//   nodes.bin          the tree's nodes in post-order; grows at its end
//   commits.log        64 bytes for each append, written last: what it does not name is not there
// It must not know what is appended when.

import { type FileHandle, mkdir, open, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { FeatureError } from "../errors.js";
import { checkFeatureWidth, MAX_FEATURE_ROWS, SCALE_BYTES } from "../featureRows.js";

/** What to do where a file that was finished is not what it was. */
export const MISSING_ADVICE = "take the store from a copy, or build it again";
const FORMAT = "openledger-features/2";

export const storeFiles = (folder: string) => ({
	header: join(folder, "features.json"),
	nodes: join(folder, "nodes.bin"),
	commits: join(folder, "commits.log"),
	records: (shard: number) => join(folder, `records-${String(shard).padStart(5, "0")}.bin`),
});

export interface StoreHeader {
	readonly width: number;
	/** Rows of a file of records. */
	readonly shardRows: number;
}

export function isMissing(cause: unknown): boolean {
	return (cause as NodeJS.ErrnoException).code === "ENOENT";
}

/** Bytes of a file; 0 where there is none. */
export async function sizeOf(path: string): Promise<number> {
	try {
		return (await stat(path)).size;
	} catch (cause) {
		if (isMissing(cause)) return 0;
		throw cause;
	}
}

/** Makes names in a folder last. */
export async function syncFolder(folder: string): Promise<void> {
	const handle = await open(folder, "r");
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}

/** The header, or undefined where there is no store; throws `features/corrupt`. */
export async function readHeader(folder: string): Promise<StoreHeader | undefined> {
	const path = storeFiles(folder).header;
	let text: string;
	try {
		text = await readFile(path, "utf8");
	} catch (cause) {
		if (isMissing(cause)) return undefined;
		throw cause;
	}
	try {
		const { format, width, shardRows } = JSON.parse(text) as Record<string, unknown>;
		if (format !== FORMAT) throw new Error(`its format is ${JSON.stringify(format)}; ${FORMAT} is read here`);
		checkFeatureWidth(width as number);
		if (!Number.isInteger(shardRows) || (shardRows as number) < 1 || (shardRows as number) > MAX_FEATURE_ROWS)
			throw new Error(`shardRows is ${shardRows}`);
		return { width: width as number, shardRows: shardRows as number };
	} catch (cause) {
		throw new FeatureError("features/corrupt", `${path} is not a feature store's: ${(cause as Error).message}`, {
			cause,
		});
	}
}

/** Makes a store without rows: the header appears whole or not at all. */
export async function writeHeader(folder: string, header: StoreHeader): Promise<void> {
	await mkdir(folder, { recursive: true });
	const { header: path } = storeFiles(folder);
	const file = await open(`${path}.writing`, "w");
	try {
		await file.writeFile(`${JSON.stringify({ format: FORMAT, ...header })}\n`);
		await file.sync();
	} finally {
		await file.close();
	}
	await rename(`${path}.writing`, path);
	await syncFolder(folder);
}

/** Opens for reading and writing, without cutting what is there; makes it where there is none. */
export async function openGrowing(path: string): Promise<FileHandle> {
	try {
		return await open(path, "r+");
	} catch (cause) {
		if (!isMissing(cause)) throw cause;
		return await open(path, "w+");
	}
}

export async function writeAt(file: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
	for (let done = 0; done < bytes.length; ) {
		const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
		done += bytesWritten;
	}
}

/** Fills `into`; throws `features/corrupt` where the file ends before. */
export async function readAt(path: string, into: Uint8Array, at: number): Promise<void> {
	let file: FileHandle;
	try {
		file = await open(path, "r");
	} catch (cause) {
		if (isMissing(cause)) throw new FeatureError("features/corrupt", `${path} is missing; the store's log names it`);
		throw cause;
	}
	try {
		for (let done = 0; done < into.length; ) {
			const { bytesRead } = await file.read(into, done, into.length - done, at + done);
			if (bytesRead === 0)
				throw new FeatureError("features/corrupt", `${path} has ${at + done} bytes, the store's log names more`);
			done += bytesRead;
		}
	} finally {
		await file.close();
	}
}

/** A stretch of rows in one file of records. */
export interface Stretch {
	readonly shard: number;
	readonly first: number;
	readonly rows: number;
	/** Bytes before it in the file. */
	readonly at: number;
}

/** Where `rows` rows from `first` lie. */
export function stretches({ width, shardRows }: StoreHeader, first: number, rows: number): Stretch[] {
	const out: Stretch[] = [];
	for (let row = first; row < first + rows; ) {
		const shard = Math.floor(row / shardRows);
		const count = Math.min(first + rows, (shard + 1) * shardRows) - row;
		out.push({ shard, first: row, rows: count, at: (row - shard * shardRows) * (width + SCALE_BYTES) });
		row += count;
	}
	return out;
}

/** Fills `into` with whole records from row `first` on; throws `features/corrupt`. */
export async function readRecordsOf(
	folder: string,
	header: StoreHeader,
	first: number,
	into: Uint8Array,
): Promise<void> {
	const stride = header.width + SCALE_BYTES;
	for (const { shard, first: row, rows, at } of stretches(header, first, into.length / stride))
		await readAt(
			storeFiles(folder).records(shard),
			into.subarray((row - first) * stride, (row - first + rows) * stride),
			at,
		);
}
