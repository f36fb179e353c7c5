// Brings a chain back to where its journal says it was. A local chain's state file may lag a crash or be lost: what it
// lacks is mined again, block by block, at the old times. It must not know what the transactions do.
import type { Hex } from "viem";
import type { ChainClient } from "../client/connect.js";
import { diverged } from "../errors.js";
import { isAnswer, isLocal, minedFrom } from "./journalledTransport.js";
import { byPlace, sendLostAgain } from "./mendReorg.js";
import type { JournalEntry, TxJournal } from "./openTxJournal.js";

export type Recovery = {
	/** Transactions the chain had kept. */
	readonly known: number;
	/** Transactions mined again, or for the first time where a crash came between writing and sending. */
	readonly replayed: number;
	/** Transactions the chain refused now, as it would have then. */
	readonly refused: number;
};

/** How far back a start looks for blocks that were taken back. */
const LAST = { depth: 16 };

type Request = (args: { method: string; params?: unknown }) => Promise<unknown>;
type Receipt = Parameters<typeof minedFrom>[1];

/**
 * Sends again, in the old order, whatever the chain does not know, then sets a local chain's clock to now.
 * Call it after every start, before anything else. Throws `chain/diverged` if the chain cannot be the journal's.
 */
export async function recoverChain(client: ChainClient, journal: TxJournal): Promise<Recovery> {
	const request = client.publicClient.request as Request;
	const live = journal.all().filter((entry) => entry.refused === undefined);
	const { missing, unmarked } = await findMissing(request, journal, live);
	const local = await isLocal(request);

	const { number: height } = await client.publicClient.getBlock();
	// A chain that is as high as what it lacks did not forget the last blocks, it took them back.
	const takenBack = missing.length > 0 && Number(height) >= missing[0]!.mined!.blockNumber;
	if (local && (takenBack || missing.length === 0)) await sendLostAgain(client, journal, height, takenBack ? {} : LAST);
	else if (local && missing.length > 0) {
		await request({ method: "evm_setAutomine", params: [false] });
		// A chain loaded from its state runs on the wall clock, and mines nothing at a time before that.
		const { timestamp } = await client.publicClient.getBlock();
		await request({ method: "evm_setTime", params: [Number(timestamp)] });
		try {
			await mineMissing(client, request, journal, missing, unmarked);
		} finally {
			await request({ method: "evm_setAutomine", params: [true] });
		}
	}
	if (local) await setClock(client, request);
	for (const entry of unmarked.filter(({ hash }) => isOpen(journal, hash))) {
		await attempt(journal, entry, () => client.publicClient.sendRawTransaction({ serializedTransaction: entry.rawTx }));
	}
	const refused = unmarked.filter(({ hash }) => journal.get(hash)?.refused !== undefined).length;
	const lacked = missing.length + unmarked.length;
	return { known: live.length - lacked, replayed: lacked - refused, refused };
}

/**
 * Mines what is missing at its old places. Where a block of old has no mark, the crash that cut the state file short also
 * came before the mark was written: the transactions without one fill such places in the order they were written.
 */
async function mineMissing(
	client: ChainClient,
	request: Request,
	journal: TxJournal,
	missing: readonly JournalEntry[],
	unmarked: readonly JournalEntry[],
): Promise<void> {
	const fillers = [...unmarked];
	for (const block of inBlocks(missing)) {
		const { blockNumber } = block[0]!.mined!;
		while (fillers.length > 0) {
			const last = await client.publicClient.getBlock();
			if (Number(last.number) + 1 >= blockNumber) break;
			await fillBlock(request, journal, fillers.shift()!, Number(last.timestamp));
		}
		await mineEmpty(client, request, blockNumber);
		await mineAgain(request, block);
	}
}

/** Blocks that held nothing of ours, or that the chain took back and mined empty: their times do not matter to anybody. */
async function mineEmpty(client: ChainClient, request: Request, upTo: number): Promise<void> {
	for (;;) {
		const last = await client.publicClient.getBlock();
		if (Number(last.number) + 1 >= upTo) return;
		await request({ method: "evm_mine", params: [Number(last.timestamp)] });
	}
}

/** What the chain lacks: `missing` was mined before, in block order; `unmarked` perhaps never, in order of writing. */
async function findMissing(request: Request, journal: TxJournal, live: readonly JournalEntry[]) {
	const unmarked: JournalEntry[] = [];
	for (const entry of live.filter((e) => e.mined === undefined)) {
		const receipt = await receiptOf(request, entry.hash);
		if (receipt === null) unmarked.push(entry);
		else journal.markMined(entry.hash, await minedFrom(request, receipt));
	}
	const mined = live.filter((e) => e.mined !== undefined).sort(byPlace);
	// A state file holds all blocks up to some block, so walk back to the first transaction that it holds.
	let kept = mined.length;
	while (kept > 0) {
		const { hash, mined: place } = mined[kept - 1]!;
		const receipt = await receiptOf(request, hash);
		if (receipt !== null) {
			assertSameBlock(hash, Number(receipt.blockNumber), place!.blockNumber);
			break;
		}
		kept--;
	}
	return { missing: mined.slice(kept), unmarked };
}

function inBlocks(entries: readonly JournalEntry[]): JournalEntry[][] {
	const blocks: JournalEntry[][] = [];
	for (const entry of entries) {
		const last = blocks.at(-1);
		if (last?.[0]?.mined?.blockNumber === entry.mined?.blockNumber) last?.push(entry);
		else blocks.push([entry]);
	}
	return blocks;
}

async function mineAgain(request: Request, block: readonly JournalEntry[]): Promise<void> {
	const { blockNumber, timestamp } = block[0]!.mined!;
	for (const { hash, rawTx } of block) {
		try {
			await request({ method: "eth_sendRawTransaction", params: [rawTx] });
		} catch (error) {
			if (!isAnswer(error)) throw error;
			throw diverged(`the chain refuses transaction ${hash}, which was in block ${blockNumber}`, { hash, blockNumber });
		}
	}
	await request({ method: "evm_mine", params: [timestamp] });
	const last = block.at(-1)!;
	const receipt = await receiptOf(request, last.hash);
	assertSameBlock(last.hash, receipt === null ? undefined : Number(receipt.blockNumber), blockNumber);
}

/** A chain begun anew runs on its birthday's clock; wind it on to now, but never behind its last block. */
async function setClock(client: ChainClient, request: Request): Promise<void> {
	const last = Number((await client.publicClient.getBlock()).timestamp);
	await request({ method: "evm_setTime", params: [Math.max(last, Math.floor(Date.now() / 1000))] });
}

/** Mines one transaction whose old time nobody knows: not before its predecessor. */
async function fillBlock(request: Request, journal: TxJournal, entry: JournalEntry, timestamp: number): Promise<void> {
	await request({ method: "evm_setNextBlockTimestamp", params: [timestamp] });
	await request({ method: "evm_setAutomine", params: [true] });
	await attempt(journal, entry, () => request({ method: "eth_sendRawTransaction", params: [entry.rawTx] }));
	await request({ method: "evm_setAutomine", params: [false] });
}

/** Sends what may never have been sent; returns whether the chain took it, and remembers if it did not. */
async function attempt(journal: TxJournal, { hash }: JournalEntry, send: () => Promise<unknown>): Promise<boolean> {
	try {
		await send();
		return true;
	} catch (error) {
		if (!isAnswer(error)) throw error;
		journal.markRefused(hash, "refused when sent again after a restart");
		return false;
	}
}

function isOpen(journal: TxJournal, hash: Hex): boolean {
	const entry = journal.get(hash);
	return entry?.mined === undefined && entry?.refused === undefined;
}

function assertSameBlock(hash: Hex, actual: number | undefined, expected: number): void {
	if (actual === expected) return;
	throw diverged(`transaction ${hash} was in block ${expected}, but is now in ${actual ?? "none"}`, { hash, expected });
}

async function receiptOf(request: Request, hash: Hex): Promise<Receipt | null> {
	return (await request({ method: "eth_getTransactionReceipt", params: [hash] })) as Receipt | null;
}
