// The newest events of our contracts, page by page towards the past. Nothing is remembered between two calls, so blocks that the chain takes
// back leave no trace here. Reads only.

import { type ContractName, contractAbis, type LedgerEvent } from "@openledger/chain";
import type { AbiEvent, Address } from "viem";
import type { NodeParts } from "../parts.js";

/** Where a page begins: strictly before this place. */
export type EventPlace = { readonly blockNumber: bigint; readonly logIndex: number };
export type PlacedEvent = LedgerEvent & { readonly at: number };

export type NewestEvents = {
	readonly contract: ContractName;
	/** Names of its events. */
	readonly names: readonly string[];
}[];

/** Blocks that are asked for first; twice as many each further time. */
const FIRST_WINDOW = 256n;
/** The chain is asked so often at most; where that finds too little, the next page goes on. */
const MAX_WINDOWS = 12;

export type EventPage = {
	readonly events: readonly PlacedEvent[];
	/** Where the next page begins; undefined at the chain's first block. */
	readonly next?: EventPlace | undefined;
};

/** At most `limit` events before a place, the newest first. */
export async function newestEvents(
	{ ledger }: Pick<NodeParts, "ledger">,
	wanted: NewestEvents,
	{ limit, before }: { readonly limit: number; readonly before?: EventPlace | undefined },
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
async function timed(
	{ ledger }: Pick<NodeParts, "ledger">,
	events: readonly LedgerEvent[],
): Promise<readonly PlacedEvent[]> {
	const blocks = [...new Set(events.map(({ blockNumber }) => blockNumber))];
	const times = await Promise.all(
		blocks.map(async (blockNumber) => (await ledger.client.publicClient.getBlock({ blockNumber })).timestamp),
	);
	const timeOf = new Map(blocks.map((number, i) => [number, Number(times[i])]));
	return events.map((event) => ({ ...event, at: timeOf.get(event.blockNumber)! }));
}
