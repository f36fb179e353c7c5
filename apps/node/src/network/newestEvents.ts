// The newest events of our contracts, page by page towards the past: from those that the node holds, and from the chain where older ones are
// asked for, or where nobody follows it. Reads only.

import {
	type ContractName,
	contractAbis,
	type EventPlace,
	type FollowedEvent,
	type Ledger,
	type LedgerEvent,
} from "@openledger/chain";
import type { AbiEvent, Address } from "viem";

export type NewestEvents = readonly {
	readonly contract: ContractName;
	/** Names of its events. */
	readonly names: readonly string[];
}[];

/** Blocks that are asked for first; twice as many each further time. */
const FIRST_WINDOW = 256n;
/** The chain is asked so often at most; where that finds too little, the next page goes on. */
const MAX_WINDOWS = 12;

export type EventPage = {
	readonly events: readonly FollowedEvent[];
	/** Where the next page begins; undefined at the chain's first block. */
	readonly next?: EventPlace | undefined;
};

type Page = { readonly limit: number; readonly before?: EventPlace | undefined };
type Chain = { readonly ledger: Ledger };

/** At most `limit` events before a place, the newest first. */
export async function newestEvents(of: Chain, wanted: NewestEvents, { limit, before }: Page): Promise<EventPage> {
	const { events: followed } = of.ledger;
	if (followed === undefined) return await searchEvents(of, wanted, { limit, before });
	const kinds = wanted.flatMap(({ contract, names }) => names.map((name) => ({ contract, name })));
	const { events, isAll, from } = await followed.newest(kinds, { limit, before });
	if (isAll) return { events };
	if (events.length === limit) return { events, next: placeOf(events.at(-1)!) };
	const below = { blockNumber: from, logIndex: 0 };
	const isBelow = before !== undefined && before.blockNumber < from;
	const older = await searchEvents(of, wanted, { limit: limit - events.length, before: isBelow ? before : below });
	return { events: [...events, ...older.events], next: older.next };
}

/** The same from the chain alone, in ever larger stretches: the slow twin. */
export async function searchEvents(
	{ ledger }: Chain,
	wanted: NewestEvents,
	{ limit, before }: Page,
): Promise<EventPage> {
	const { publicClient } = ledger.client;
	const contractOf = new Map(wanted.map((one) => [ledger.addresses[one.contract].toLowerCase(), one]));
	const address = wanted.map(({ contract }) => ledger.addresses[contract]);
	const abi = wanted.flatMap(({ contract, names }) =>
		contractAbis[contract].filter(
			(entry): entry is AbiEvent => entry.type === "event" && names.includes(entry.name ?? ""),
		),
	);
	const found: LedgerEvent[] = [];
	let top = before?.blockNumber ?? (await publicClient.getBlockNumber());
	let isAll = false;
	for (let turn = 0, size = FIRST_WINDOW; turn < MAX_WINDOWS && found.length <= limit; turn++, size *= 2n) {
		const fromBlock = top >= size ? top - size + 1n : 0n;
		const logs = await publicClient.getLogs({ address, events: abi, fromBlock, toBlock: top, strict: true });
		const here = logs.flatMap((log): LedgerEvent[] => {
			const of = contractOf.get(log.address.toLowerCase() as Address);
			if (of === undefined || !of.names.includes(log.eventName) || !isBefore(log, before)) return [];
			const { blockNumber, logIndex, transactionHash, eventName: name } = log;
			const args = log.args as Readonly<Record<string, unknown>>;
			return [{ contract: of.contract, name, args, blockNumber, logIndex, transactionHash }];
		});
		found.push(...here.reverse());
		isAll = fromBlock === 0n;
		if (isAll) break;
		top = fromBlock - 1n;
	}
	const shown = found.slice(0, limit);
	const last = shown.at(-1);
	const next = found.length > limit ? last : isAll ? undefined : { blockNumber: top + 1n, logIndex: 0 };
	return { events: await timed({ ledger }, shown), next: next && placeOf(next) };
}

const placeOf = ({ blockNumber, logIndex }: EventPlace): EventPlace => ({ blockNumber, logIndex });

function isBefore(log: EventPlace, before: EventPlace | undefined): boolean {
	if (before === undefined || log.blockNumber < before.blockNumber) return true;
	return log.blockNumber === before.blockNumber && log.logIndex < before.logIndex;
}

/** With the time of each one's block, Unix seconds. */
async function timed({ ledger }: Chain, events: readonly LedgerEvent[]): Promise<readonly FollowedEvent[]> {
	const blocks = [...new Set(events.map(({ blockNumber }) => blockNumber))];
	const times = await Promise.all(
		blocks.map(async (blockNumber) => (await ledger.client.publicClient.getBlock({ blockNumber })).timestamp),
	);
	const timeOf = new Map(blocks.map((number, i) => [number, Number(times[i])]));
	return events.map((event) => ({ ...event, at: timeOf.get(event.blockNumber)! }));
}
