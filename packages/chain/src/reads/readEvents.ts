// Everything our contracts said, in order, for an indexer. Reads only.
import { type Address, type Hex, parseEventLogs } from "viem";
import type { Ledger } from "../client/ledger.js";
import { type ContractName, contractAbis } from "../contractAbis.js";

/** One event; (blockNumber, logIndex) orders and identifies it. */
export type LedgerEvent = {
	readonly contract: ContractName;
	readonly name: string;
	readonly args: Readonly<Record<string, unknown>>;
	readonly blockNumber: bigint;
	readonly logIndex: number;
	readonly transactionHash: Hex;
};

export type ReadEventsRange = {
	readonly fromBlock?: bigint;
	readonly toBlock?: bigint;
	/** All of ours by default. */
	readonly contracts?: readonly ContractName[];
};

/** Reads all events of our contracts in a range of blocks, both ends included; the whole chain by default. */
export async function readEvents(ledger: Ledger, range: ReadEventsRange = {}): Promise<LedgerEvent[]> {
	const names = range.contracts ?? (Object.keys(contractAbis) as ContractName[]);
	const contractOf = new Map(names.map((name) => [ledger.addresses[name].toLowerCase() as Address, name]));
	const logs = await ledger.client.publicClient.getLogs({
		address: [...contractOf.keys()],
		fromBlock: range.fromBlock ?? 0n,
		toBlock: range.toBlock ?? "latest",
	});
	return logs.flatMap((log) => {
		const contract = contractOf.get(log.address.toLowerCase() as Address);
		if (contract === undefined) return [];
		return parseEventLogs({ abi: contractAbis[contract], logs: [log] }).map(({ eventName, args }) => ({
			contract,
			name: eventName,
			args: args as Readonly<Record<string, unknown>>,
			blockNumber: log.blockNumber,
			logIndex: log.logIndex,
			transactionHash: log.transactionHash,
		}));
	});
}
