// Pays a contributor what the activated root gives beyond what was claimed. It must not know for which answers.
import type { CumulativeProof } from "@openledger/protocol";
import type { LocalAccount } from "viem";
import { type Ledger, once, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { attributionRewardsAbi } from "../generated/index.js";
import { readClaimed } from "../reads/readMoney.js";

/** The account's leaf in the activated earnings tree, with its place: `cumulativeTree(…).proofFor(account)`. */
export type ClaimRewards = { readonly proof: CumulativeProof };

/** Claims for the proof's account; anybody may send it. Sends nothing, and says 0, if that much was claimed before. */
export async function claimRewards(
	ledger: Ledger,
	sender: LocalAccount,
	{ proof }: ClaimRewards,
): Promise<{ readonly paidWei: bigint; readonly sent?: Sent }> {
	const { account, cumulativeWei, prefixWei, index, siblings } = proof;
	const before = await readClaimed(ledger, account);
	const { attributionRewards: address } = ledger.addresses;
	const args = [account, cumulativeWei, prefixWei, BigInt(index), siblings] as const;
	const { sent } = await once(
		async () => ((await readClaimed(ledger, account)) >= cumulativeWei ? true : undefined),
		() => writeContract(ledger, sender, { address, abi: attributionRewardsAbi, functionName: "claim", args }),
	);
	return { paidWei: sent === undefined ? 0n : cumulativeWei - before, sent };
}
