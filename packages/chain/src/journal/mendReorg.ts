// A chain may take blocks back. What it then lacks is sent again, in the old order, before anything else: a number that a lost
// transaction had must not go to another one. It must not know what the transactions do.
import type { ChainClient } from "../client/connect.js";
import { isAnswer, minedFrom } from "./journalledTransport.js";
import type { JournalEntry, TxJournal } from "./openTxJournal.js";

type Request = (args: { method: string; params?: unknown }) => Promise<unknown>;
type Receipt = Parameters<typeof minedFrom>[1];

/** Deeper than this no chain is looked through. */
const DEPTH = 256;
const MINING_MS = 5_000;

export type Mended = {
	/** Transactions that stood in blocks that are gone, and stand in others now. */
	readonly sentAgain: number;
	/** Those that the chain did not take again; they will never be. */
	readonly refused: number;
};

const NOTHING: Mended = { sentAgain: 0, refused: 0 };

/** What a client knows of the chain's head, and whether somebody is mending. */
type Watch = { head?: { readonly number: bigint; readonly hash: string }; mending?: Promise<Mended> };
const watches = new WeakMap<ChainClient, Watch>();

/**
 * Looks whether blocks were taken back since the last look, and brings back what they held. Cheap where nothing happened. Everybody who
 * asks meanwhile waits for the same mending. Without a journal there is nothing to bring back. `isSure`: somebody saw already that
 * blocks are gone.
 */
export async function mendReorg(client: ChainClient, { isSure = false } = {}): Promise<Mended> {
	const { journal } = client;
	if (journal === undefined) return NOTHING;
	const watch = watches.get(client) ?? {};
	watches.set(client, watch);
	if (watch.mending !== undefined) return await watch.mending;
	const { publicClient } = client;
	const latest = await publicClient.getBlock();
	const { head } = watch;
	const isSame =
		!isSure &&
		(head === undefined ||
			(latest.number === head.number
				? latest.hash === head.hash
				: latest.number > head.number && (await hashAt(client, head.number)) === head.hash));
	if (isSame) {
		watch.head = { number: latest.number, hash: latest.hash };
		return NOTHING;
	}
	const upTo = head !== undefined && head.number > latest.number ? head.number : latest.number;
	watch.mending ??= sendLostAgain(client, journal, upTo).finally(() => {
		watch.mending = undefined;
	});
	const mended = await watch.mending;
	const now = await publicClient.getBlock();
	watch.head = { number: now.number, hash: now.hash };
	return mended;
}

/**
 * Sends again whatever of the last blocks' transactions the chain lacks, in the order in which they were written: whoever wrote one after
 * another had come back knew what it built on. Those that were sent and not yet seen in a block go with them, since a later one of the same
 * account waits for its number.
 */
export async function sendLostAgain(
	client: ChainClient,
	journal: TxJournal,
	upTo: bigint,
	{ depth = DEPTH }: { readonly depth?: number } = {},
): Promise<Mended> {
	const request = client.publicClient.request as Request;
	const all = journal.all();
	const isRecent = ({ mined }: JournalEntry) => mined !== undefined && mined.blockNumber > Number(upTo) - depth;
	const first = all.findIndex(isRecent);
	if (first === -1) return NOTHING;
	const isUnderWay = ({ mined: place, refused: why }: JournalEntry) => place === undefined && why === undefined;
	const sent: JournalEntry[] = [];
	let refused = 0;
	for (const entry of all.slice(first)) {
		const { hash, rawTx } = entry;
		if (isUnderWay(entry)) {
			// Whoever sent it waits for it, and hears what becomes of it.
			await request({ method: "eth_sendRawTransaction", params: [rawTx] }).catch(() => {});
			continue;
		}
		if (!isRecent(entry)) continue;
		const found = await receiptOf(request, hash);
		// It may stand elsewhere already: a chain keeps what it took back, and mines it when it can.
		if (found !== null) {
			journal.markMined(hash, await minedFrom(request, found), { again: true });
			continue;
		}
		try {
			await request({ method: "eth_sendRawTransaction", params: [rawTx] });
		} catch (error) {
			if (!isAnswer(error)) throw error;
			if ((await request({ method: "eth_getTransactionByHash", params: [hash] })) === null) {
				journal.markRefused(hash, "refused when sent again after the chain took its block back", { again: true });
				refused++;
				continue;
			}
		}
		sent.push(entry);
	}
	// Waited for together: one that never comes must not hold up each of the others.
	const until = performance.now() + MINING_MS;
	for (const { hash } of sent) {
		const again = await mined(request, hash, until);
		if (again !== undefined) journal.markMined(hash, await minedFrom(request, again), { again: true });
	}
	return { sentAgain: sent.length, refused };
}

export function byPlace(a: JournalEntry, b: JournalEntry): number {
	const [x, y] = [a.mined!, b.mined!];
	return x.blockNumber - y.blockNumber || x.transactionIndex - y.transactionIndex;
}

async function mined(request: Request, hash: string, until: number): Promise<Receipt | undefined> {
	for (let pause = 1; ; pause = Math.min(2 * pause, 500)) {
		const found = await receiptOf(request, hash);
		if (found !== null) return found;
		if (performance.now() >= until) return undefined;
		await new Promise((resolve) => setTimeout(resolve, pause));
	}
}

async function receiptOf(request: Request, hash: string): Promise<Receipt | null> {
	return (await request({ method: "eth_getTransactionReceipt", params: [hash] })) as Receipt | null;
}

async function hashAt(client: ChainClient, number: bigint): Promise<string | undefined> {
	const request = client.publicClient.request as Request;
	const block = await request({ method: "eth_getBlockByNumber", params: [`0x${number.toString(16)}`, false] });
	return (block as { hash: string } | null)?.hash;
}
