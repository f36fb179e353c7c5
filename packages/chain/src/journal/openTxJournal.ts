// The chain's memory: every signed transaction, written and flushed before it is broadcast. JSON Lines, only ever
// appended to. A last line cut short by a crash was never broadcast, so it is dropped; any other bad line is an error.
// It must not know of networks.
import {
	closeSync,
	existsSync,
	fdatasyncSync,
	ftruncateSync,
	mkdirSync,
	openSync,
	readFileSync,
	writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { CallerError } from "@openledger/protocol";
import { type Hex, isHex, keccak256 } from "viem";
import { flushFolder } from "./durable.js";

/** Where a transaction was mined; `timestamp` in seconds. */
export type Mined = { readonly blockNumber: number; readonly transactionIndex: number; readonly timestamp: number };

/** One signed transaction and what became of it: at most one of `mined` and `refused` is set. */
export type JournalEntry = {
	readonly hash: Hex;
	readonly rawTx: Hex;
	readonly mined?: Mined;
	/** Why the chain refused to take it; it will never be sent again. */
	readonly refused?: string;
};

export type TxJournal = {
	/** Makes the transaction durable; returns its hash. The same transaction twice is one entry. */
	append(rawTx: Hex): Hex;
	/** The first place counts, but for `again`: then the chain took the block back and mined it elsewhere. */
	markMined(hash: Hex, mined: Mined, options?: { readonly again?: boolean }): void;
	markRefused(hash: Hex, reason: string, options?: { readonly again?: boolean }): void;
	/** All entries in order of appending. */
	all(): readonly JournalEntry[];
	get(hash: Hex): JournalEntry | undefined;
	/** May be called twice. */
	close(): void;
};

type Line = { readonly tx: Hex } | ({ readonly mined: Hex } & Mined) | { readonly refused: Hex; readonly why: string };

/** Opens or makes a journal file; throws `journal/corrupt` on damage that a crash cannot explain. */
export function openTxJournal(file: string): TxJournal {
	const isNew = !existsSync(file);
	if (isNew) mkdirSync(dirname(file), { recursive: true });
	const handle = openSync(file, "a+", 0o600);
	if (isNew) flushFolder(dirname(file));
	const entries = new Map<Hex, JournalEntry>();
	try {
		restore(file, handle, entries);
	} catch (error) {
		closeSync(handle);
		throw error;
	}

	let closed = false;
	const write = (line: Line, flush: boolean) => {
		writeSync(handle, `${JSON.stringify(line)}\n`);
		if (flush) fdatasyncSync(handle);
	};
	return {
		append(rawTx) {
			const hash = keccak256(rawTx);
			if (!entries.has(hash)) {
				write({ tx: rawTx }, true);
				entries.set(hash, { hash, rawTx });
			}
			return hash;
		},
		// Marks are not flushed: a lost one costs a look at the chain, and a kill of this process loses none.
		markMined(hash, mined, { again = false } = {}) {
			const entry = entries.get(hash);
			if (entry === undefined || (entry.mined !== undefined && (!again || isSamePlace(entry.mined, mined)))) return;
			write({ mined: hash, ...mined }, false);
			entries.set(hash, { hash, rawTx: entry.rawTx, mined });
		},
		markRefused(hash, reason, { again = false } = {}) {
			const entry = entries.get(hash);
			if (entry === undefined || entry.refused !== undefined || (entry.mined !== undefined && !again)) return;
			write({ refused: hash, why: reason }, false);
			entries.set(hash, { hash, rawTx: entry.rawTx, refused: reason });
		},
		all: () => [...entries.values()],
		get: (hash) => entries.get(hash),
		close() {
			if (!closed) closeSync(handle);
			closed = true;
		},
	};
}

function isSamePlace(a: Mined, b: Mined): boolean {
	return a.blockNumber === b.blockNumber && a.transactionIndex === b.transactionIndex && a.timestamp === b.timestamp;
}

function restore(file: string, handle: number, entries: Map<Hex, JournalEntry>): void {
	const bytes = readFileSync(file);
	const whole = bytes.lastIndexOf(0x0a) + 1;
	if (whole < bytes.length) ftruncateSync(handle, whole);
	const lines = bytes.subarray(0, whole).toString("utf8").split("\n").slice(0, -1);
	for (const [index, text] of lines.entries()) {
		const line = parse(text);
		if (line === undefined) {
			throw new CallerError(
				`${file} line ${index + 1} is damaged; restore the file from a backup, or start with a new folder`,
				{ code: "journal/corrupt", details: { line: index + 1 } },
			);
		}
		apply(line, entries);
	}
}

function apply(line: Line, entries: Map<Hex, JournalEntry>): void {
	if ("tx" in line) {
		const hash = keccak256(line.tx);
		if (!entries.has(hash)) entries.set(hash, { hash, rawTx: line.tx });
		return;
	}
	const entry = entries.get("mined" in line ? line.mined : line.refused);
	if (entry === undefined) return;
	const { hash, rawTx } = entry;
	if ("refused" in line) {
		entries.set(hash, { hash, rawTx, refused: line.why });
	} else {
		const { blockNumber, transactionIndex, timestamp } = line;
		entries.set(hash, { hash, rawTx, mined: { blockNumber, transactionIndex, timestamp } });
	}
}

function parse(text: string): Line | undefined {
	let value: Record<string, unknown>;
	try {
		value = JSON.parse(text) as Record<string, unknown>;
	} catch {
		return undefined;
	}
	if (typeof value !== "object" || value === null) return undefined;
	if (isHex(value.tx)) return { tx: value.tx };
	if (isHex(value.refused) && typeof value.why === "string") return { refused: value.refused, why: value.why };
	const { mined, blockNumber, transactionIndex, timestamp } = value;
	const numbers = [blockNumber, transactionIndex, timestamp];
	if (!isHex(mined) || !numbers.every((n) => Number.isSafeInteger(n))) return undefined;
	return {
		mined,
		blockNumber: blockNumber as number,
		transactionIndex: transactionIndex as number,
		timestamp: timestamp as number,
	};
}
