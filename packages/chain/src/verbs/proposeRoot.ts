// A proposer puts an epoch's root in the queue, bonded by its stake. It must not know how the earnings were computed.
import type { RootClaim } from "@openledger/protocol";
import type { Hex, LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { differs } from "../errors.js";
import { attributionRewardsAbi } from "../generated/index.js";
import { type Root, readPendingRoot, readRoot } from "../reads/readRoot.js";

/** `dataCertificate` is what the data layer answers for: 1 to 4,096 bytes. */
export type ProposeRoot = { readonly claim: RootClaim; readonly dataCertificate: Hex };

/**
 * Proposes an epoch once; throws `chain/differs` if another root waits or pays for it. The first proposal locks the proposer's bond:
 * `contract/StakeTooLow` if that much free stake does not stand behind it.
 */
export async function proposeRoot(ledger: Ledger, proposer: LocalAccount, wanted: ProposeRoot): Promise<Done<Root>> {
	const address = ledger.addresses.attributionRewards;
	const args = [wanted.claim, wanted.dataCertificate] as const;
	const { found, sent } = await once(
		() => findProposed(ledger, wanted),
		() => writeContract(ledger, proposer, { address, abi: attributionRewardsAbi, functionName: "propose", args }),
	);
	return { ...(found ?? (await proposed(ledger, wanted))), sent };
}

/**
 * Activates the first root that waits and proposes the next epoch, in one transaction for less gas than two; only proposes if nothing waits
 * before it. Throws as `proposeRoot` and `activateRoot`.
 */
export async function advanceRoot(ledger: Ledger, proposer: LocalAccount, wanted: ProposeRoot): Promise<Done<Root>> {
	const before = await readRoot(ledger, wanted.claim.epoch - 1n);
	if (before?.status !== "pending") return await proposeRoot(ledger, proposer, wanted);
	const address = ledger.addresses.attributionRewards;
	const args = [before.proposal, wanted.claim, wanted.dataCertificate] as const;
	const { found, sent } = await once(
		() => findProposed(ledger, wanted),
		() => writeContract(ledger, proposer, { address, abi: attributionRewardsAbi, functionName: "advance", args }),
	);
	return { ...(found ?? (await proposed(ledger, wanted))), sent };
}

async function findProposed(ledger: Ledger, { claim, dataCertificate }: ProposeRoot): Promise<Root | undefined> {
	const root = await readRoot(ledger, claim.epoch);
	if (root === undefined || root.status === "fallen") return undefined;
	for (const field of Object.keys(claim) as (keyof RootClaim)[]) {
		if (root.proposal.claim[field] === claim[field]) continue;
		throw differs(`epoch ${claim.epoch}`, field, root.proposal.claim[field], claim[field]);
	}
	if (root.dataCertificate !== dataCertificate.toLowerCase())
		throw differs(`epoch ${claim.epoch}`, "dataCertificate", root.dataCertificate, dataCertificate);
	return root;
}

async function proposed(ledger: Ledger, { claim }: ProposeRoot): Promise<Root> {
	return await readPendingRoot(ledger, claim.epoch);
}
