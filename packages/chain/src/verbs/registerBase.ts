// Registers a base model for an engine. It must not know the model beyond its digest.
import type { Hex, LocalAccount } from "viem";
import { type Ledger, once, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { modelRegistryAbi } from "../generated/index.js";
import { readBase } from "../reads/readModel.js";

/** `name` has 1 to 64 bytes, is the first registrant's claim and decides nothing. */
export type RegisterBase = { readonly baseDigest: Hex; readonly engineId: Hex; readonly name: string };

/** Registers once; a base that anybody registered for this engine is left as it is. */
export async function registerBase(
	ledger: Ledger,
	account: LocalAccount,
	{ baseDigest, engineId, name }: RegisterBase,
): Promise<{ readonly sent?: Sent }> {
	const { modelRegistry: address } = ledger.addresses;
	const { sent } = await once(
		() => readBase(ledger, baseDigest, engineId),
		() =>
			writeContract(ledger, account, {
				address,
				abi: modelRegistryAbi,
				functionName: "registerBase",
				args: [baseDigest, engineId, name],
			}),
	);
	return { sent };
}
