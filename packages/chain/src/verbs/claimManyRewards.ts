// Pays many contributors what the latest root gives them, 64 a transaction. It must not know for which answers.
import type { CumulativeProof } from "@openledger/protocol";
import type { LocalAccount } from "viem";
import { type Ledger, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { attributionRewardsAbi } from "../generated/index.js";
import { readClaimed } from "../reads/readMoney.js";

/** What one call of the contract takes. */
const MAX_CLAIMS = 64;

/** Claims for everybody who has something to claim; anybody may send it. `paidWei` is what they had to claim when it was sent. */
export async function claimManyRewards(
	ledger: Ledger,
	sender: LocalAccount,
	{ proofs }: { readonly proofs: readonly CumulativeProof[] },
): Promise<{ readonly accounts: number; readonly paidWei: bigint; readonly sent: readonly Sent[] }> {
	const open: CumulativeProof[] = [];
	let paidWei = 0n;
	for (const proof of proofs) {
		const claimedWei = await readClaimed(ledger, proof.account);
		if (claimedWei >= proof.cumulativeWei) continue;
		paidWei += proof.cumulativeWei - claimedWei;
		open.push(proof);
	}
	const sent: Sent[] = [];
	for (let from = 0; from < open.length; from += MAX_CLAIMS) {
		const args = [open.slice(from, from + MAX_CLAIMS)] as const;
		const address = ledger.addresses.attributionRewards;
		sent.push(
			await writeContract(ledger, sender, { address, abi: attributionRewardsAbi, functionName: "claimMany", args }),
		);
	}
	return { accounts: open.length, paidWei, sent };
}
