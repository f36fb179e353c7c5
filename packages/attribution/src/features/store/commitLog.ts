// The log of appends. A record is on disk only after all that it names; at most the last one can be torn, since each was flushed before the
// next was begun. It must not know what rows hold.

import { readFileSync } from "node:fs";
import { bytesToHex, type Hex, hexToBytes, keccak256, ZERO_DIGEST } from "@openledger/protocol";
import { FeatureError } from "../errors.js";
import { isMissing } from "./storeFiles.js";

export const COMMIT_BYTES = 64;
const CHECKED_BYTES = 48;
/** "OLF2" */
const MAGIC = 0x4f4c4632;

/** What an append came to. */
export interface Commit {
	/** Rows before it. */
	readonly first: number;
	/** Rows after it. */
	readonly rows: number;
	readonly root: Hex;
}

export const NO_COMMIT: Commit = { first: 0, rows: 0, root: ZERO_DIGEST };

/** magic, rows, first, width (u32 big-endian each), root, and the first 16 bytes of keccak256 of all that. */
export function commitBytes({ first, rows, root }: Commit, width: number): Uint8Array {
	const out = new Uint8Array(COMMIT_BYTES);
	const view = new DataView(out.buffer);
	[MAGIC, rows, first, width].forEach((word, i) => {
		view.setUint32(4 * i, word);
	});
	out.set(hexToBytes(root), 16);
	out.set(hexToBytes(keccak256(out.subarray(0, CHECKED_BYTES))).subarray(0, COMMIT_BYTES - CHECKED_BYTES), 48);
	return out;
}

/** What a record says, or undefined where its checksum, or what it says, cannot be. */
function parseCommit(bytes: Uint8Array, width: number): Commit | undefined {
	const view = new DataView(bytes.buffer, bytes.byteOffset, COMMIT_BYTES);
	const [magic, rows, first, own] = [0, 4, 8, 12].map((at) => view.getUint32(at)) as [number, number, number, number];
	const commit = { first, rows, root: bytesToHex(bytes.subarray(16, CHECKED_BYTES)) };
	if (magic !== MAGIC || own !== width || first >= rows) return undefined;
	const sum = commitBytes(commit, width).subarray(CHECKED_BYTES);
	return sum.every((byte, i) => byte === bytes[CHECKED_BYTES + i]) ? commit : undefined;
}

export interface LogEnd {
	readonly last: Commit;
	/** Bytes of whole records; what stands behind them is a torn one. */
	readonly bytes: number;
}

/** The last append that was finished. Throws `features/corrupt` where more than one record is bad, which no kill leaves behind. */
export function readLogEnd(path: string, width: number): LogEnd {
	let log: Uint8Array;
	try {
		log = readFileSync(path);
	} catch (cause) {
		if (isMissing(cause)) return { last: NO_COMMIT, bytes: 0 };
		throw cause;
	}
	const whole = Math.floor(log.length / COMMIT_BYTES);
	const at = (i: number) => parseCommit(log.subarray(COMMIT_BYTES * i, COMMIT_BYTES * (i + 1)), width);
	let before = NO_COMMIT;
	for (let i = 0; i < whole; i++) {
		const commit = at(i);
		if (commit === undefined && i === whole - 1) return { last: before, bytes: COMMIT_BYTES * i };
		if (commit?.first !== before.rows)
			throw new FeatureError(
				"features/corrupt",
				`${path}: record ${i} does not follow record ${i - 1}; take the store from a copy, or build it again`,
			);
		before = commit;
	}
	return { last: before, bytes: COMMIT_BYTES * whole };
}
