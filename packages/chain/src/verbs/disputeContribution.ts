// Says that a decision about a contribution is wrong, stands for it, or brings it on. It must not know who is right.
import type { Address, Hex, LocalAccount } from "viem";
import { type Ledger, once, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { datanetRegistryAbi } from "../generated/index.js";
import {
	type ContributionStage,
	readContribution,
	readContributionDispute,
	readDatanetOwed,
	readDisputeCost,
} from "../reads/readDatanet.js";
import { approveOpen } from "./approveOpen.js";
import { pastCommitments } from "./settleCommitments.js";

export type OfContribution = { readonly contributionId: Hex };
type Sending = Promise<{ readonly sent?: Sent }>;

/** Appeals a decision: the contributor a refusal, anybody else an acceptance. Puts down jurors' fees and bond. Once for each sender. */
export async function appealContribution(ledger: Ledger, sender: LocalAccount, of: OfContribution): Sending {
	return await dispute(ledger, sender, of, "appeal", 1);
}

/** Challenges a contribution under the open rule. Puts down jurors' fees and bond. Once for each sender. */
export async function challengeContribution(ledger: Ledger, sender: LocalAccount, of: OfContribution): Sending {
	return await dispute(ledger, sender, of, "challenge", 0);
}

/** Stands for what a challenge or an appeal says is wrong; puts down the jurors' fees. Once for each sender. */
export async function defendContribution(ledger: Ledger, sender: LocalAccount, of: OfContribution): Sending {
	const { contributionId } = of;
	const defended = async () => {
		const stage = (await readContribution(ledger, contributionId))?.stage;
		const round = stage === "judged" || stage === "challenged" ? 0 : 1;
		const made = await readContributionDispute(ledger, contributionId, round);
		return isSame(made?.defender, sender.address) ? made : undefined;
	};
	return await once(defended, async () => {
		const stage = (await readContribution(ledger, contributionId))?.stage;
		const open = await readContributionDispute(ledger, contributionId, stage === "challenged" ? 0 : 1);
		return await pay(ledger, sender, "defend", contributionId, open?.feesWei ?? 0n);
	});
}

/** Brings a contribution on from a counted case, or from a dispute that nobody defended in time; anybody. */
export async function resolveContribution(
	ledger: Ledger,
	sender: LocalAccount,
	{ contributionId }: OfContribution,
): Sending {
	const waiting: readonly ContributionStage[] = ["challenged", "judged", "appealed", "appeal-judged"];
	const resolved = async () => {
		const contribution = await readContribution(ledger, contributionId);
		return contribution === undefined || waiting.includes(contribution.stage) ? undefined : contribution;
	};
	return await once(resolved, () =>
		pastCommitments(ledger, sender, contributionId, () => pay(ledger, sender, "resolve", contributionId, 0n)),
	);
}

/** The contributor takes back what the owner did not decide in time. */
export async function takeBackContribution(
	ledger: Ledger,
	contributor: LocalAccount,
	{ contributionId }: OfContribution,
): Sending {
	const taken = async () => {
		const contribution = await readContribution(ledger, contributionId);
		return contribution?.status === "taken-back" ? contribution : undefined;
	};
	return await once(taken, () => pay(ledger, contributor, "takeBack", contributionId, 0n));
}

/** Draws what stakes and deposits came free for an account, to it; anybody may send it. Sends nothing if nothing did. */
export async function withdrawDeposits(
	ledger: Ledger,
	sender: LocalAccount,
	{ account }: { readonly account: Address },
): Promise<{ readonly amountWei: bigint; readonly sent?: Sent }> {
	const amountWei = await readDatanetOwed(ledger, account);
	if (amountWei === 0n) return { amountWei };
	const { datanetRegistry: address } = ledger.addresses;
	const call = { address, abi: datanetRegistryAbi, functionName: "withdraw", args: [account] } as const;
	return { amountWei, sent: await writeContract(ledger, sender, call) };
}

async function dispute(
	ledger: Ledger,
	sender: LocalAccount,
	{ contributionId }: OfContribution,
	functionName: "appeal" | "challenge",
	round: 0 | 1,
): Sending {
	const disputed = async () => {
		const made = await readContributionDispute(ledger, contributionId, round);
		return isSame(made?.appellant, sender.address) ? made : undefined;
	};
	return await once(disputed, async () => {
		const { feesWei, bondWei } = await readDisputeCost(ledger, contributionId);
		return await pay(ledger, sender, functionName, contributionId, feesWei + bondWei);
	});
}

async function pay(
	ledger: Ledger,
	sender: LocalAccount,
	functionName: "appeal" | "challenge" | "defend" | "resolve" | "takeBack",
	contributionId: Hex,
	amountWei: bigint,
): Promise<Sent> {
	const { datanetRegistry: address } = ledger.addresses;
	if (amountWei > 0n) await approveOpen(ledger, sender, { spender: address, amountWei });
	return await writeContract(ledger, sender, {
		address,
		abi: datanetRegistryAbi,
		functionName,
		args: [contributionId],
	});
}

function isSame(a: Address | undefined, b: Address): boolean {
	return a?.toLowerCase() === b.toLowerCase();
}
