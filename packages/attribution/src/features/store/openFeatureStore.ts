// Features on disk: appended to for as long as a datanet grows, read while they are, the tree's root kept. One process appends, any may
// read. Killed at any byte, the store opens with the rows of the last append that was acknowledged, or of one that was whole but not yet said.

import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import type { Hex } from "@openledger/protocol";
import { checkRoom, checkSameWidth } from "../createFeatureScanner.js";
import { FeatureError } from "../errors.js";
import { createFeatureHasher } from "../featureHasher.js";
import {
	checkFeatureRow,
	checkFeatureWidth,
	type FeatureRows,
	featureRecords,
	parseFeatureRecords,
	SCALE_BYTES,
} from "../featureRows.js";
import { NODE_BYTES, proofOfNodes, type ReadNode, rootOfNodes } from "../featureTree.js";
import type { ScanPart } from "../scanMember.js";
import { COMMIT_BYTES, type Commit, commitBytes, type LogEnd, NO_COMMIT, readLogEnd } from "./commitLog.js";
import { growTree } from "./growTree.js";
import { checkEnd, cutTail } from "./mendTail.js";
import {
	MISSING_ADVICE,
	openGrowing,
	readHeader,
	readRecordsOf,
	type StoreHeader,
	sizeOf,
	storeFiles,
	stretches,
	syncFolder,
	writeAt,
	writeHeader,
} from "./storeFiles.js";
import { writeRows } from "./writeRows.js";
import { lockForWriting } from "./writerLock.js";

/** Bytes of records that one append may bring. */
export const MOST_APPEND_BYTES = 2 ** 30;

export interface FeatureStoreOptions {
	/** Needed for a new store; an old one must have it. */
	readonly width?: number;
	/** Bytes of a file of records, about; default 256 MiB. Only for a new store. */
	readonly shardBytes?: number;
	/** Neither makes nor mends anything; `append` is refused. Default false. */
	readonly readOnly?: boolean;
}

export interface FeatureStore {
	readonly folder: string;
	readonly width: number;
	rows(): number;
	/** Over the first `rows` rows, by default all: a query's answer says over how many it went. Throws `features/no-such-row` for more than there are. */
	root(rows?: number): Hex;
	/**
	 * Adds rows at the end; they are on disk when it resolves, and seen by reads that begin then. Appends asked for at once follow one another.
	 * Throws as `checkFeatureRows`, `features/bad-shape` at another width, `features/too-large` beyond 1 GiB, `features/changed-elsewhere`
	 * where another process appended, `features/read-only`, `features/closed`.
	 */
	append(features: FeatureRows): Promise<{ readonly first: number; readonly rows: number; readonly root: Hex }>;
	/** Rows first … first + count − 1; throws `features/no-such-row`, `features/corrupt`. */
	read(first: number, count: number): Promise<FeatureRows>;
	/** Fills `into` with whole records from row `first` on; throws `features/corrupt`. */
	readRecords(first: number, into: Uint8Array): Promise<void>;
	/** Siblings for `verifyMerkleProof` against `root(rows)`, an older one if need be; throws `features/no-such-row`. */
	proof(row: number, rows?: number): Hex[];
	/** Nodes of the tree, by their place in post-order. */
	node: ReadNode;
	/** For a scan team: what lies where. */
	parts(): readonly ScanPart[];
	/** Looks whether another process appended; returns the rows there are now. */
	refresh(): number;
	close(): Promise<void>;
}

async function openHeader(folder: string, options: FeatureStoreOptions): Promise<StoreHeader> {
	const { width, shardBytes = 2 ** 28, readOnly = false } = options;
	const found = await readHeader(folder);
	if (found !== undefined) {
		if (width !== undefined && width !== found.width)
			throw new FeatureError("features/bad-shape", `${folder} holds rows ${found.width} wide, not ${width}`);
		return found;
	}
	if (width === undefined || readOnly)
		throw new FeatureError("features/bad-shape", `${folder} holds no feature store; open it with a width to make one`);
	checkFeatureWidth(width);
	const header = { width, shardRows: Math.max(1, Math.floor(shardBytes / (width + SCALE_BYTES))) };
	await writeHeader(folder, header);
	return header;
}

/**
 * Opens a store, or makes one where there is none. Throws `features/bad-shape`, `features/corrupt`, and `features/in-use` where another opening
 * may append.
 */
export async function openFeatureStore(folder: string, options: FeatureStoreOptions = {}): Promise<FeatureStore> {
	const { readOnly = false } = options;
	if (readOnly) return await openWith(folder, await openHeader(folder, options), true, () => {});
	if (options.width === undefined) await openHeader(folder, options);
	else await mkdir(folder, { recursive: true });
	const unlock = lockForWriting(folder);
	try {
		return await openWith(folder, await openHeader(folder, options), false, unlock);
	} catch (cause) {
		unlock();
		throw cause;
	}
}

async function openWith(
	folder: string,
	header: StoreHeader,
	readOnly: boolean,
	unlock: () => void,
): Promise<FeatureStore> {
	const { width } = header;
	const stride = width + SCALE_BYTES;
	const at = storeFiles(folder);
	const hasher = createFeatureHasher();
	let end: LogEnd = { last: NO_COMMIT, bytes: 0 };
	let nodesFile: number | undefined;
	let appending: Promise<unknown> = Promise.resolve();
	let closing = false;
	let closed = false;
	/** After a failed write nobody knows what the log holds; opening again finds out. */
	let failed: Error | undefined;

	const node: ReadNode = (place) => {
		checkOpen();
		if (nodesFile === undefined && !existsSync(at.nodes))
			throw new FeatureError("features/corrupt", `${at.nodes} is missing; ${MISSING_ADVICE}`);
		nodesFile ??= openSync(at.nodes, "r");
		const out = new Uint8Array(NODE_BYTES);
		if (readSync(nodesFile, out, 0, NODE_BYTES, NODE_BYTES * place) < NODE_BYTES)
			throw new FeatureError("features/corrupt", `${at.nodes} has no node ${place}; ${MISSING_ADVICE}`);
		return out;
	};

	function checkOpen(): void {
		if (closed) throw new FeatureError("features/closed", "the store is closed; open it again");
	}

	function checkRowCount(rows: number): void {
		if (rows !== 0) checkFeatureRow(rows - 1, end.last.rows);
	}

	async function add(features: FeatureRows) {
		if (failed !== undefined) throw failed;
		checkSameWidth(features, width);
		checkRoom(end.last.rows + features.rows);
		if (features.rows * stride > MOST_APPEND_BYTES)
			throw new FeatureError(
				"features/too-large",
				`an append of ${features.rows * stride} bytes; at most ${MOST_APPEND_BYTES} at once, so append in portions`,
			);
		const records = featureRecords(features);
		if (features.rows === 0) return end.last;
		if ((await sizeOf(at.commits)) !== end.bytes)
			throw new FeatureError(
				"features/changed-elsewhere",
				`another process appends to ${folder}; only one may: close it there, and open the store again`,
			);
		const first = end.last.rows;
		const tree = growTree(first, hasher.leaves(records, stride, first), node, hasher);
		const commit: Commit = { first, rows: first + features.rows, root: tree.root };
		try {
			await writeRows(folder, header, first, records, tree.added);
			const log = await openGrowing(at.commits);
			try {
				await writeAt(log, commitBytes(commit, width), end.bytes);
				await log.sync();
			} finally {
				await log.close();
			}
			if (first === 0) await syncFolder(folder);
		} catch (cause) {
			failed = cause as Error;
			throw cause;
		}
		end = { last: commit, bytes: end.bytes + COMMIT_BYTES };
		return commit;
	}

	const store: FeatureStore = {
		folder,
		width,
		rows: () => end.last.rows,
		root(rows = end.last.rows) {
			checkRowCount(rows);
			return rows === end.last.rows ? end.last.root : rootOfNodes(rows, node);
		},
		async append(features) {
			if (closing) throw new FeatureError("features/closed", "the store is closed; open it again");
			if (readOnly)
				throw new FeatureError("features/read-only", `${folder} was opened to be read; open it without readOnly`);
			const mine = appending.then(() => add(features));
			appending = mine.catch(() => {});
			return await mine;
		},
		readRecords: (first, into) => readRecordsOf(folder, header, first, into),
		async read(first, count) {
			if (!Number.isInteger(count) || count < 0)
				throw new FeatureError("features/bad-shape", `${count} rows were asked for; a whole number from 0 is right`);
			// Nothing may also be read at the end.
			checkFeatureRow(first, end.last.rows + (count === 0 ? 1 : 0));
			if (count > 0) checkFeatureRow(first + count - 1, end.last.rows);
			const records = new Uint8Array(count * stride);
			await store.readRecords(first, records);
			return parseFeatureRecords(records, width);
		},
		proof(row, rows = end.last.rows) {
			checkRowCount(rows);
			return proofOfNodes(row, rows, node);
		},
		node,
		parts: () =>
			stretches(header, 0, end.last.rows).map(({ shard, first, rows, at: place }) => ({
				first,
				rows,
				from: { file: at.records(shard) },
				at: place,
			})),
		refresh() {
			checkOpen();
			// An append of our own that is under way is none of another process.
			if (readOnly && statSync(at.commits, { throwIfNoEntry: false })?.size !== end.bytes)
				end = readLogEnd(at.commits, width);
			return end.last.rows;
		},
		async close() {
			if (closing) return await appending.then(() => {});
			closing = true;
			// Appends that were asked for before are finished.
			await appending;
			closed = true;
			if (nodesFile !== undefined) closeSync(nodesFile);
			nodesFile = undefined;
			unlock();
		},
	};

	try {
		end = readLogEnd(at.commits, width);
		if (!readOnly) await cutTail(folder, header, end);
		await checkEnd(folder, header, end.last, node, hasher);
	} catch (cause) {
		await store.close();
		throw cause;
	}
	return store;
}
