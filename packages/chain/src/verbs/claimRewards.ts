// Pays a contributor what the latest root gives beyond what was claimed. It must not know for which answers.
import type { Address, Hex, LocalAccount } from "viem";
import { type Ledger, once, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { attributionRewardsAbi } from "../generated/index.js";
import { readClaimed } from "../reads/readMoney.js";

/** `cumulativeWei` is the account's leaf in the latest earnings tree: all it ever earned. */
export type ClaimRewards = {
	readonly account: Address;
	readonly cumulativeWei: bigint;
	readonly proof: readonly Hex[];
};

/** Claims for `account`; anybody may send it. Sends nothing, and says 0, if that much was claimed before. */
export async function claimRewards(
	ledger: Ledger,
	sender: LocalAccount,
	{ account, cumulativeWei, proof }: ClaimRewards,
): Promise<{ readonly paidWei: bigint; readonly sent?: Sent }> {
	const before = await readClaimed(ledger, account);
	const { attributionRewards: address } = ledger.addresses;
	const { sent } = await once(
		async () => ((await readClaimed(ledger, account)) >= cumulativeWei ? true : undefined),
		() =>
			writeContract(ledger, sender, {
				address,
				abi: attributionRewardsAbi,
				functionName: "claim",
				args: [account, cumulativeWei, proof],
			}),
	);
	return { paidWei: sent === undefined ? 0n : cumulativeWei - before, sent };
}
