// All events of one kind, of those only that say something given: from who follows the chain where there is one, otherwise from the chain,
// which looks through all of its blocks. Reads only.
import type { Abi, ContractEventArgs, ContractEventName, GetContractEventsParameters, GetEventArgs } from "viem";
import type { LedgerEvent } from "../client/eventSource.js";
import type { Ledger } from "../client/ledger.js";
import { type ContractName, contractAbis } from "../contractAbis.js";

export type FoundEvent<abi extends Abi, name extends ContractEventName<abi>> = Pick<
	LedgerEvent,
	"blockNumber" | "logIndex" | "transactionHash"
> & { readonly args: GetEventArgs<abi, name, { EnableUnion: false; IndexedOnly: false; Required: true }> };

/** Oldest first. `args`: values of indexed arguments; a list of them means any of these. `abi` is the contract's own. */
export async function readEventsOf<const abi extends Abi, name extends ContractEventName<abi>>(
	{ client, addresses, events }: Ledger,
	{
		contract,
		name,
		args = {} as ContractEventArgs<abi, name>,
	}: {
		readonly contract: ContractName;
		readonly abi: abi;
		readonly name: name;
		readonly args?: ContractEventArgs<abi, name>;
	},
): Promise<readonly FoundEvent<abi, name>[]> {
	if (events !== undefined) {
		const all = await events.all({ contract, name });
		const wanted = Object.entries(args as Record<string, unknown>).filter(([, value]) => value !== undefined);
		return all.filter((event) => wanted.every(([key, value]) => isOneOf(event.args[key], value))) as never;
	}
	const asked = { address: addresses[contract], abi: contractAbis[contract], eventName: name, args };
	const found = await client.publicClient.getContractEvents({
		...asked,
		...{ fromBlock: 0n, toBlock: "latest", strict: true },
	} as unknown as GetContractEventsParameters);
	return found as never;
}

/** Addresses are the same in small letters and in large ones. */
function isOneOf(said: unknown, wanted: unknown): boolean {
	if (Array.isArray(wanted)) return wanted.some((one) => isOneOf(said, one));
	if (typeof said === "string" && typeof wanted === "string") return said.toLowerCase() === wanted.toLowerCase();
	return said === wanted;
}
