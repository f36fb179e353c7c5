// Bytes under their own sha256, in a folder: dir/ab/cdef… . Written beside, flushed, renamed, so that a name never stands
// for half its bytes; checked on every reading. It must not know what the bytes mean.
import { createHash, randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CallerError, checkDigest, type Hex, TransientError } from "@openledger/protocol";

export type BlobStore = {
	/** Stores the bytes durably and returns their sha256; the same bytes again are one blob, a damaged one is mended. */
	put(bytes: Uint8Array): Promise<Hex>;
	/** The bytes; throws `datanet/blob-missing` (caller), `datanet/blob-corrupt` or `datanet/blob-unreadable` (transient). */
	get(digest: Hex): Promise<Uint8Array>;
	/** Whether the blob is there and whole. */
	has(digest: Hex): Promise<boolean>;
};

/** Opens or makes a store in a folder. Several processes may share it. */
export function openBlobStore(dir: string): BlobStore {
	mkdirSync(dir, { recursive: true });

	async function get(digest: Hex): Promise<Uint8Array> {
		const bytes = await read(fileOf(dir, digest), digest);
		const actual = digestOf(bytes);
		if (actual === digest) return bytes;
		throw new TransientError(
			`blob ${digest} is damaged, its bytes hash to ${actual}; put the right bytes again, or restore the folder`,
			{ code: "datanet/blob-corrupt", details: { digest, actual } },
		);
	}

	async function has(digest: Hex): Promise<boolean> {
		try {
			await get(digest);
			return true;
		} catch (error) {
			const code = error instanceof CallerError || error instanceof TransientError ? error.code : "";
			if (code === "datanet/blob-missing" || code === "datanet/blob-corrupt") return false;
			throw error;
		}
	}

	return {
		async put(bytes) {
			const digest = digestOf(bytes);
			if (!(await has(digest))) await write(dir, digest, bytes);
			return digest;
		},
		get,
		has,
	};
}

async function write(dir: string, digest: Hex, bytes: Uint8Array): Promise<void> {
	const file = fileOf(dir, digest);
	const beside = `${file}.${randomUUID()}.new`;
	try {
		await mkdir(dirname(file), { recursive: true });
		try {
			const handle = await open(beside, "wx", 0o600);
			try {
				await handle.writeFile(bytes);
				await handle.sync();
			} finally {
				await handle.close();
			}
			await rename(beside, file);
		} catch (error) {
			await rm(beside, { force: true });
			throw error;
		}
		await flushFolder(dirname(file));
		await flushFolder(dir);
	} catch (cause) {
		throw new TransientError(`blob ${digest} could not be written; check space and rights of the blob folder`, {
			code: "datanet/blob-unwritable",
			cause,
			details: { digest },
		});
	}
}

async function read(file: string, digest: Hex): Promise<Uint8Array> {
	try {
		return await readFile(file);
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).code === "ENOENT") {
			throw new CallerError(`there is no blob ${digest}; ask for one that was put here`, {
				code: "datanet/blob-missing",
				cause,
				details: { digest },
			});
		}
		throw new TransientError(`blob ${digest} cannot be read; check the rights of the blob folder`, {
			code: "datanet/blob-unreadable",
			cause,
			details: { digest },
		});
	}
}

/** Makes the names in a folder durable. Windows cannot open folders, and needs no such flush. */
async function flushFolder(folder: string): Promise<void> {
	if (process.platform === "win32") return;
	const handle = await open(folder, "r");
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}

function fileOf(dir: string, digest: Hex): string {
	checkDigest(digest, "blob digest");
	return join(dir, digest.slice(2, 4), digest.slice(4));
}

/** Node's own sha256, an order of magnitude faster than a portable one on large blobs. */
function digestOf(bytes: Uint8Array): Hex {
	return `0x${createHash("sha256").update(bytes).digest("hex")}`;
}
