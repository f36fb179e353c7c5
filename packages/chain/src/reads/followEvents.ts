// What our contracts said, kept as it comes: each block is read and decoded once, and what the chain takes back is forgotten. Nobody has to
// ask for it: whoever reads is given what stands at the chain's head then. Its slow twin is `readEvents` from the first block on.
//
// In memory, not in a database: it is a copy of what a chain beside it holds anyway, so there is nothing to migrate, and nothing that could
// speak against the chain after a crash. Bounded: the oldest events go beyond `most`, and who wants those asks the chain for that stretch.
import { TransientError } from "@openledger/protocol";
import { BlockNotFoundError, type Hex } from "viem";
import type { EventKind, EventPlace, FollowedEvent, FollowedEvents, LedgerEvent } from "../client/eventSource.js";
import type { Ledger } from "../client/ledger.js";
import { type ContractName, contractAbis } from "../contractAbis.js";
import { isSilent, unreachable } from "../errors.js";
import { isAnswer } from "../journal/journalledTransport.js";
import { readEvents, readLogs } from "./readEvents.js";

export type FollowEvents = {
	/** Events that are held; beyond it the oldest go. One takes about a kilobyte. */
	readonly most?: number;
	/** Blocks asked for at once. */
	readonly piece?: bigint;
};

/** Most events are transfers and votes of the token, which nobody lists. */
const UNHEARD: readonly ContractName[] = ["openToken"];
const HEARD = (Object.keys(contractAbis) as ContractName[]).filter((name) => !UNHEARD.includes(name));
/** A chain that takes blocks back more often than this while it is read is asked again later. */
const ATTEMPTS = 8;
/** The first pause; twice as long each further time. */
const UNSURE_MS = 10;

/** A block with events, or the last one that was read: its hash tells whether all before it still stands. */
type Mark = { readonly number: bigint; readonly hash: Hex; readonly events: number };

export function followEvents(
	ledger: Pick<Ledger, "client" | "addresses">,
	{ most = 100_000, piece = 2_000n }: FollowEvents = {},
): FollowedEvents {
	const { publicClient } = ledger.client;
	const kinds = new Map<string, FollowedEvent[]>();
	const marks: Mark[] = [];
	let head: Mark | undefined;
	let count = 0;
	let from = 0n;
	let blocksRead = 0;
	let looking: Promise<void> | undefined;
	let next: Promise<void> | undefined;

	const listOf = ({ contract, name }: EventKind): FollowedEvent[] => {
		const key = `${contract}.${name}`;
		let list = kinds.get(key);
		if (list === undefined) {
			list = [];
			kinds.set(key, list);
		}
		return list;
	};
	const hashAt = async (blockNumber: bigint): Promise<Hex | undefined> => {
		const block = await (publicClient.request as (args: object) => Promise<{ hash: Hex } | null>)({
			method: "eth_getBlockByNumber",
			params: [`0x${blockNumber.toString(16)}`, false],
		});
		return block?.hash;
	};

	/** Forgets whatever stands after the last mark that the chain still has. */
	async function forget(): Promise<void> {
		let [low, high] = [0, marks.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			const mark = marks[middle]!;
			if ((await hashAt(mark.number)) === mark.hash) low = middle + 1;
			else high = middle;
		}
		marks.length = low;
		head = marks.at(-1);
		// Without any mark nothing that is held can be vouched for, and what went before it is as unsure.
		if (head === undefined) from = 0n;
		const upTo = head?.number ?? -1n;
		count = 0;
		for (const list of kinds.values()) {
			list.length = firstAbove(list, upTo);
			count += list.length;
		}
	}

	/** Takes the blocks after the head up to one, all or nothing; false where the chain changed meanwhile. */
	async function take(upTo: bigint): Promise<boolean> {
		const begun = head;
		const fromBlock = begun === undefined ? from : begun.number + 1n;
		const hash = await hashAt(upTo);
		if (hash === undefined) return false;
		const [read, before] = await Promise.all([
			readLogs(ledger, { fromBlock, toBlock: upTo, contracts: HEARD }),
			begun && hashAt(begun.number),
		]);
		const events = await timed(read);
		if (before !== begun?.hash || (await hashAt(upTo)) !== hash) return false;
		blocksRead += Number(upTo - fromBlock) + 1;
		for (const { event, blockHash } of events) {
			listOf(event).push(event);
			const last = marks.at(-1);
			if (last?.number === event.blockNumber) marks[marks.length - 1] = { ...last, events: last.events + 1 };
			else marks.push({ number: event.blockNumber, hash: blockHash, events: 1 });
		}
		count += events.length;
		head = { number: upTo, hash, events: 0 };
		if (count > most) letGo();
		return true;
	}

	/** A tenth more than has to go, so that it does not come with every block. */
	function letGo(): void {
		let gone = 0;
		let first = 0;
		while (first < marks.length && count - gone > most - most / 10) gone += marks[first++]!.events;
		from = marks[first]?.number ?? head!.number + 1n;
		marks.splice(0, first);
		for (const list of kinds.values()) list.splice(0, firstAbove(list, from - 1n));
		count -= gone;
	}

	/** With the time of each one's block, which anvil says with the log. */
	async function timed(read: Awaited<ReturnType<typeof readLogs>>) {
		const times = new Map<Hex, number>();
		for (const { log } of read) {
			if (times.has(log.blockHash)) continue;
			const said = (log as { readonly blockTimestamp?: bigint | null }).blockTimestamp;
			const time = said ?? (await publicClient.getBlock({ blockHash: log.blockHash })).timestamp;
			times.set(log.blockHash, Number(time));
		}
		return read.map(({ event, log: { blockHash } }) => ({ event: { ...event, at: times.get(blockHash)! }, blockHash }));
	}

	/** One step nearer to the chain's head; true where it is reached, false where the chain moved under the step. */
	async function step(missteps: number): Promise<boolean | undefined> {
		try {
			const latest = await publicClient.getBlock();
			if (head?.hash === latest.hash) return true;
			const isShorter = head !== undefined && latest.number <= head.number;
			if (!isShorter && (await take(min(latest.number, (head?.number ?? from - 1n) + piece)))) return undefined;
		} catch (error) {
			// While it takes blocks back a chain may have no last block, or none of a number that it had just named.
			if (!isAnswer(error) && !(error instanceof BlockNotFoundError)) throw error;
			await new Promise((resolve) => setTimeout(resolve, UNSURE_MS * 2 ** missteps));
		}
		await forget();
		return false;
	}

	async function look(): Promise<void> {
		for (let missteps = 0; missteps < ATTEMPTS; ) {
			const reached = await step(missteps);
			if (reached === true) return;
			if (reached === false) missteps++;
		}
		throw new TransientError("the chain takes blocks back faster than they are read; ask again", {
			code: "chain/unsettled",
		});
	}

	async function heard(): Promise<void> {
		try {
			await look();
		} catch (error) {
			throw isSilent(error) ? unreachable(ledger.client.url, error) : error;
		}
	}

	/** What somebody did before they asked is in what they are given: a look that began earlier does not count. */
	function current(): Promise<void> {
		if (looking === undefined) {
			looking = heard().finally(() => {
				looking = undefined;
			});
			return looking;
		}
		next ??= looking
			.catch(() => {})
			.then(() => {
				next = undefined;
				return current();
			});
		return next;
	}

	return {
		async all(kind) {
			await current();
			const held = listOf(kind).slice();
			if (from === 0n) return held;
			const older = await readEvents(ledger, { toBlock: from - 1n, contracts: [kind.contract] });
			return [...older.filter(({ name }) => name === kind.name), ...held];
		},
		async newest(wanted, { limit, before }) {
			await current();
			let available = 0;
			const found = wanted.flatMap((kind) => {
				const list = listOf(kind);
				const end = before === undefined ? list.length : firstFrom(list, before);
				available += end;
				return list.slice(Math.max(0, end - limit), end);
			});
			found.sort((a, b) => order(b, a));
			return { events: found.slice(0, limit), isAll: from === 0n && available <= limit, from };
		},
		held: () => ({ events: count, marks: marks.length, from, blocksRead }),
	};
}

/** Index of the first event in a block above this one. */
function firstAbove(list: readonly LedgerEvent[], blockNumber: bigint): number {
	return firstFrom(list, { blockNumber: blockNumber + 1n, logIndex: 0 });
}

/** Index of the first event at a place or after it. */
function firstFrom(list: readonly LedgerEvent[], place: EventPlace): number {
	let [low, high] = [0, list.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (order(list[middle]!, place) < 0) low = middle + 1;
		else high = middle;
	}
	return low;
}

function order(a: EventPlace, b: EventPlace): number {
	if (a.blockNumber === b.blockNumber) return a.logIndex - b.logIndex;
	return a.blockNumber < b.blockNumber ? -1 : 1;
}

const min = (a: bigint, b: bigint) => (a < b ? a : b);
