// Content on disk under its own keccak-256: durable before it is acknowledged, checked whenever it is read. It must not know HTTP
// or what the content means.

import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Hex } from "@openledger/protocol";
import { damaged, missing, refused, unavailable } from "../errors.js";
import { contentDigest } from "./commitment.js";
import { MAX_PAYLOAD } from "./limits.js";

export type DataStore = {
	/** Keeps the content; the same content twice is kept once. Throws `data/empty`, `data/too-large`, `data/full`. */
	put(content: Uint8Array): Promise<Hex>;
	/** Throws `data/not-found`, and `data/damaged` where the disk gives other bytes than were kept. */
	get(digest: Hex): Promise<Uint8Array>;
};

export type DataStoreOptions = {
	/** Bytes of one content; MAX_PAYLOAD by default. */
	readonly maxBytes?: number;
	/** Bytes of all content; 64 GiB by default. */
	readonly maxTotalBytes?: number;
};

const MAX_TOTAL = 64 * 1024 ** 3;

/** Opens a folder, or makes it. */
export function openDataStore(folder: string, options: DataStoreOptions = {}): DataStore {
	const { maxBytes = MAX_PAYLOAD, maxTotalBytes = MAX_TOTAL } = options;
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const placeOf = (digest: Hex) => join(folder, digest.slice(2, 4), digest.slice(2));
	let total: Promise<number> | undefined;
	/** Contents that are being written: a second put of the same waits for the first. */
	const writing = new Map<Hex, Promise<void>>();
	const write = async (digest: Hex, content: Uint8Array) => {
		const place = placeOf(digest);
		// What is there but damaged is written again: a put repairs.
		if (await isKept(place, digest)) return;
		total ??= sizeOf(folder);
		const before = await total;
		if (before + content.length > maxTotalBytes)
			throw unavailable(`the data folder holds ${before} bytes and may hold ${maxTotalBytes}; give it more room`);
		await writeDurably(join(folder, digest.slice(2, 4)), place, content);
		total = Promise.resolve((await total) + content.length);
	};
	return {
		async put(content) {
			if (content.length === 0) throw refused("data/empty", "there is nothing to keep; send at least one byte");
			if (content.length > maxBytes) {
				const message = `the payload has ${content.length} bytes and may have ${maxBytes}; send it in parts`;
				throw refused("data/too-large", message, { bytes: content.length, maxBytes });
			}
			const digest = contentDigest(content);
			const under = writing.get(digest) ?? write(digest, content).finally(() => writing.delete(digest));
			writing.set(digest, under);
			await under;
			return digest;
		},
		async get(digest) {
			let content: Uint8Array;
			try {
				content = await readFile(placeOf(digest));
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code === "ENOENT") throw missing(digest);
				throw error;
			}
			if (contentDigest(content) === digest) return content;
			throw damaged(`what is kept under ${digest} is not what was put there; put it again, or restore the folder`);
		},
	};
}

async function isKept(place: string, digest: Hex): Promise<boolean> {
	try {
		return contentDigest(await readFile(place)) === digest;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
		throw error;
	}
}

/** Whole or not at all, and on the disk before it returns: file, name and folder. */
async function writeDurably(folder: string, place: string, content: Uint8Array): Promise<void> {
	await mkdir(folder, { recursive: true, mode: 0o700 });
	const beside = `${place}.${process.pid}.${randomBytes(4).toString("hex")}.part`;
	try {
		const file = await open(beside, "wx", 0o600);
		try {
			await file.writeFile(content);
			await file.sync();
		} finally {
			await file.close();
		}
		await rename(beside, place);
	} catch (error) {
		await rm(beside, { force: true });
		throw error;
	}
	await flush(folder);
	await flush(join(folder, ".."));
}

async function flush(folder: string): Promise<void> {
	const handle = await open(folder, "r");
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}

async function sizeOf(folder: string): Promise<number> {
	let sum = 0;
	for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
		if (!entry.isFile()) continue;
		sum += (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size;
	}
	return sum;
}
