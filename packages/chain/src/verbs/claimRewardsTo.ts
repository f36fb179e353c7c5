// Pays what the latest root gives an account to somebody whom it names: by itself, or by its signature, which a relayer brings for a fee. It must
// not know for which answers.
import { type CumulativeProof, claimTypedData } from "@openledger/protocol";
import type { Address, Hex, LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { attributionRewardsAbi } from "../generated/index.js";
import { readClaimed } from "../reads/readMoney.js";
import { readClaimNonce } from "../reads/readRoot.js";

/** What a relayer brings; `deadline` in Unix seconds, the fee out of what is paid. */
export type SignedRewardsClaim = {
	readonly proof: CumulativeProof;
	readonly recipient: Address;
	readonly relayerFeeWei: bigint;
	readonly deadline: bigint;
	readonly signature: Hex;
};

/** Claims for the sender's own account, to `recipient`; sends nothing if that much was claimed before. */
export async function claimRewardsTo(
	ledger: Ledger,
	account: LocalAccount,
	{ proof, recipient }: { readonly proof: CumulativeProof; readonly recipient: Address },
): Promise<Done<object>> {
	const args = [proof, recipient] as const;
	const address = ledger.addresses.attributionRewards;
	return await unlessClaimed(ledger, proof, () =>
		writeContract(ledger, account, { address, abi: attributionRewardsAbi, functionName: "claimTo", args }),
	);
}

/** The account's signature over a claim, with its next nonce. */
export async function signRewardsClaim(
	ledger: Ledger,
	account: LocalAccount,
	wanted: Omit<SignedRewardsClaim, "signature">,
): Promise<SignedRewardsClaim> {
	const { proof, recipient, relayerFeeWei, deadline } = wanted;
	const nonce = await readClaimNonce(ledger, account.address);
	const typed = claimTypedData(BigInt(ledger.client.chainId), ledger.addresses.attributionRewards, {
		...{ account: account.address, recipient, cumulativeWei: proof.cumulativeWei },
		...{ relayerFeeWei, deadline, nonce },
	});
	return { ...wanted, signature: await account.signTypedData(typed) };
}

/** Brings an account's signed claim and keeps the fee; throws `contract/InvalidSignature`, `contract/SignatureExpired`. */
export async function claimRewardsBySig(
	ledger: Ledger,
	relayer: LocalAccount,
	{ proof, recipient, relayerFeeWei, deadline, signature }: SignedRewardsClaim,
): Promise<Done<object>> {
	const args = [proof, recipient, relayerFeeWei, deadline, signature] as const;
	const address = ledger.addresses.attributionRewards;
	return await unlessClaimed(ledger, proof, () =>
		writeContract(ledger, relayer, { address, abi: attributionRewardsAbi, functionName: "claimBySig", args }),
	);
}

async function unlessClaimed(ledger: Ledger, proof: CumulativeProof, act: Parameters<typeof once>[1]) {
	const { sent } = await once(
		async () => ((await readClaimed(ledger, proof.account)) >= proof.cumulativeWei ? true : undefined),
		act,
	);
	return { sent };
}
