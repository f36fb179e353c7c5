// What every verb works on: a connected chain and where our contracts lie on it.
// It must not know which contracts there are beyond their addresses.
import type { Abi, ContractFunctionArgs, ContractFunctionName, LocalAccount } from "viem";
import { type Address, type EncodeFunctionDataParameters, encodeFunctionData } from "viem";
import type { Addresses } from "../contractAddresses.js";
import { isSilent } from "../errors.js";
import type { ChainClient } from "./connect.js";
import type { FollowedEvents } from "./eventSource.js";
import { type Sent, sendTransaction } from "./sendTransaction.js";

export type Ledger = {
	readonly client: ChainClient;
	readonly addresses: Addresses;
	/** Keeps what the contracts said ready; without it reads ask the chain from its first block on. */
	readonly events?: FollowedEvents | undefined;
};

/** The same ledger for reading lists: its calls go many in one request. Not for sending. */
export function forLists(ledger: Ledger): Ledger {
	const { client } = ledger;
	return { ...ledger, client: { ...client, publicClient: client.listClient ?? client.publicClient } };
}

/** Result of a verb that may be repeated: `sent` is absent if its effect was on chain already. */
export type Done<value> = value & { readonly sent?: Sent };

/** Calls a contract function in a transaction and waits until it is mined. */
export function writeContract<
	const abi extends Abi,
	name extends ContractFunctionName<abi, "nonpayable" | "payable">,
	const args extends ContractFunctionArgs<abi, "nonpayable" | "payable", name>,
>(
	{ client }: Ledger,
	account: LocalAccount,
	call: {
		readonly address: Address;
		readonly abi: abi;
		readonly functionName: name;
		readonly args: args;
		/** See `TransactionRequest`. */
		readonly leastGas?: bigint;
	},
): Promise<Sent> {
	const data = encodeFunctionData(call as unknown as EncodeFunctionDataParameters);
	return sendTransaction(client, account, { to: call.address, data, leastGas: call.leastGas });
}

/**
 * Brings an effect about once: looks first, acts if it is missing, and looks again if acting fails, since somebody may
 * have come between. `find` throws if the effect is there with other values. Where nobody answers the second look, the act's own error stands:
 * it may name a transaction that is yet to be mined.
 */
export async function once<value>(
	find: () => Promise<value | undefined>,
	act: () => Promise<Sent>,
): Promise<{ readonly found?: value; readonly sent?: Sent }> {
	const before = await find();
	if (before !== undefined) return { found: before };
	try {
		return { sent: await act() };
	} catch (error) {
		const after = await find().catch((silence: unknown) => {
			throw isSilent(silence) ? error : silence;
		});
		if (after !== undefined) return { found: after };
		throw error;
	}
}
