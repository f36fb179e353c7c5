// The receiver's side claims what vouchers allow. It must not know which answers they paid.
import type { Hex, LocalAccount } from "viem";
import { CANONICAL_ADDRESSES } from "../canonical/canonicalContracts.js";
import { batchSettlementAbi } from "../channels/batchSettlementAbi.js";
import { channelIdOf, claimArguments, claimBatchTypedData, type VoucherClaim } from "../channels/channel.js";
import { type Ledger, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { readChannel } from "../reads/readChannel.js";

/** Claims in one transaction: 500 bytes of calldata each, and one bad one refuses all. */
const MAX_CLAIMS = 64;

/**
 * Claims cumulative amounts, 64 channels a transaction; what is claimed already is left out. `sender` pays the gas;
 * `authorizer` is the receiver's authoriser, which signs if it is not the sender.
 */
export async function claimChannels(
	ledger: Ledger,
	sender: LocalAccount,
	{ claims, authorizer = sender }: { readonly claims: readonly VoucherClaim[]; readonly authorizer?: LocalAccount },
): Promise<{ readonly claimed: number; readonly alreadyClaimed: number; readonly sent: readonly Sent[] }> {
	const { chainId } = ledger.client;
	const open: VoucherClaim[] = [];
	for (const claim of claims) {
		const { claimedWei } = await readChannel(ledger, channelIdOf(chainId, claim.config));
		if (claimedWei < claim.claimedWei) open.push(claim);
	}
	const sent: Sent[] = [];
	for (let from = 0; from < open.length; from += MAX_CLAIMS) {
		const batch = open.slice(from, from + MAX_CLAIMS);
		const contract = { address: CANONICAL_ADDRESSES.batchSettlement, abi: batchSettlementAbi } as const;
		if (authorizer.address === sender.address) {
			const args = [claimArguments(batch)] as const;
			sent.push(await writeContract(ledger, sender, { ...contract, functionName: "claim", args }));
		} else {
			const signature: Hex = await authorizer.signTypedData(claimBatchTypedData(chainId, batch));
			const args = [claimArguments(batch), signature] as const;
			sent.push(await writeContract(ledger, sender, { ...contract, functionName: "claimWithSignature", args }));
		}
	}
	return { claimed: open.length, alreadyClaimed: claims.length - open.length, sent };
}
