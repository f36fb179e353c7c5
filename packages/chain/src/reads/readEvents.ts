// Everything our contracts said, in order, for an indexer. Reads only.
import { type Address, type Log, parseEventLogs } from "viem";
import type { LedgerEvent } from "../client/eventSource.js";
import type { Ledger } from "../client/ledger.js";
import { type ContractName, contractAbis } from "../contractAbis.js";

export type { LedgerEvent };

export type ReadEventsRange = {
	readonly fromBlock?: bigint;
	readonly toBlock?: bigint;
	/** All of ours by default. */
	readonly contracts?: readonly ContractName[];
};

/** Reads all events of our contracts in a range of blocks, both ends included; the whole chain by default. */
export async function readEvents(ledger: Ledger, range: ReadEventsRange = {}): Promise<LedgerEvent[]> {
	return (await readLogs(ledger, range)).map(({ event }) => event);
}

/** The same, each with the log that it was read from. */
export async function readLogs(
	{ client, addresses }: Pick<Ledger, "client" | "addresses">,
	range: ReadEventsRange = {},
): Promise<{ readonly event: LedgerEvent; readonly log: Log<bigint, number, false> }[]> {
	const names = range.contracts ?? (Object.keys(contractAbis) as ContractName[]);
	const contractOf = new Map(names.map((name) => [addresses[name].toLowerCase() as Address, name]));
	const logs = await client.publicClient.getLogs({
		address: [...contractOf.keys()],
		fromBlock: range.fromBlock ?? 0n,
		toBlock: range.toBlock ?? "latest",
	});
	return logs.flatMap((log) => {
		const contract = contractOf.get(log.address.toLowerCase() as Address);
		if (contract === undefined) return [];
		return parseEventLogs({ abi: contractAbis[contract], logs: [log] }).map(({ eventName, args }) => ({
			event: {
				contract,
				name: eventName,
				args: args as Readonly<Record<string, unknown>>,
				blockNumber: log.blockNumber,
				logIndex: log.logIndex,
				transactionHash: log.transactionHash,
			},
			log,
		}));
	});
}
