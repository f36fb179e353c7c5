// Reads a contract's view function, with the same typed errors as a transaction. It must not send anything.
import {
	type Abi,
	type Address,
	BaseError,
	type ContractFunctionArgs,
	type ContractFunctionName,
	type ContractFunctionReturnType,
	InvalidParamsRpcError,
	type ReadContractParameters,
} from "viem";
import { ContractError, isSilent, unreachable } from "../errors.js";
import { contractErrorFrom } from "./contractErrorFrom.js";
import type { Ledger } from "./ledger.js";

/** Reads; gives undefined if the contract refuses with the error named `absent`. */
export async function readContract<
	const abi extends Abi,
	name extends ContractFunctionName<abi, "view" | "pure">,
	const args extends ContractFunctionArgs<abi, "view" | "pure", name>,
>(
	{ client }: Pick<Ledger, "client">,
	call: {
		readonly address: Address;
		readonly abi: abi;
		readonly functionName: name;
		readonly args: args;
		/** As of the block to come, for what grows with time: where blocks come only with transactions, the latest one's is long past. */
		readonly blockTag?: "pending";
	},
	absent?: string,
): Promise<ContractFunctionReturnType<abi, "view" | "pure", name, args> | undefined> {
	try {
		return (await reading(() =>
			client.publicClient.readContract(call as unknown as ReadContractParameters<abi, name, args>),
		)) as ContractFunctionReturnType<abi, "view" | "pure", name, args>;
	} catch (error) {
		const refused = contractErrorFrom(error);
		if (absent !== undefined && refused instanceof ContractError && refused.errorName === absent) return undefined;
		if (refused !== undefined) throw refused;
		throw isSilent(error) ? unreachable(client.url, error) : error;
	}
}

const TRIES = 3;

/** A chain that takes blocks back while it is asked about its latest one refuses the parameters: asked again, it has another latest. */
async function reading<T>(read: () => Promise<T>): Promise<T> {
	for (let left = TRIES - 1; ; left--) {
		try {
			return await read();
		} catch (error) {
			const isTakenBack = error instanceof BaseError && error.walk((e) => e instanceof InvalidParamsRpcError) !== null;
			if (!isTakenBack || left <= 0) throw error;
		}
	}
}
