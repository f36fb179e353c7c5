// Brings the stake behind an operator up to an amount. It must not know what for.
import type { Address, LocalAccount } from "viem";
import type { Ledger } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { readStake } from "../reads/readStake.js";
import { delegateStake } from "./delegateStake.js";

export type EnsureStake = { readonly operator: Address; readonly atLeastWei: bigint };

/** Stakes what is missing; sends nothing where so much is active behind the operator already, whoever staked it. */
export async function ensureStake(
	ledger: Ledger,
	staker: LocalAccount,
	{ operator, atLeastWei }: EnsureStake,
): Promise<{ readonly sent?: Sent }> {
	const { activeWei } = await readStake(ledger, operator);
	return activeWei >= atLeastWei
		? {}
		: await delegateStake(ledger, staker, { operator, amountWei: atLeastWei - activeWei });
}
