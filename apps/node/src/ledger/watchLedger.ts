// Looks at every root that waits, recomputes it from its data, and where it is wrong brings what the chain takes. Works from chain and
// data layer alone, so anybody can run it. Killed, it looks again from the start and sends nothing twice.

import {
	challengeRoot,
	demandChunk,
	disputeRoot,
	failDemand,
	type Ledger,
	readChainTime,
	readEvents,
	readRootDemands,
	readRootDispute,
	resolveRootDispute,
} from "@openledger/chain";
import { type Hex, rootProposalHash } from "@openledger/protocol";
import type { DataLayer } from "@openledger/rollup";
import type { LocalAccount } from "viem";
import { errorText } from "../errors.js";
import { findFault } from "./findFault.js";
import { type CheckedRoot, checkRoots, type StandingRoot } from "./rebuildLedger.js";

export type WatchLedger = {
	readonly ledger: Ledger;
	readonly data: DataLayer;
	/** Who challenges, with OPEN staked behind it for what needs a bond; left out, faults are only told. */
	readonly challenger?: LocalAccount | undefined;
	readonly onFinding?: (finding: Finding) => void;
};

export type Finding = {
	readonly epoch: number;
	readonly rootHash: Hex;
	/**
	 * right: recomputed without a fault · wrong: with one · withheld: its data cannot be had · challenged: it fell by a proof · demanded,
	 * disputed: the chain or a jury decides · failed: an unanswered demand took it down · trouble: what should be done could not be.
	 */
	readonly found: "right" | "wrong" | "withheld" | "challenged" | "demanded" | "disputed" | "failed" | "trouble";
	readonly message: string;
};

/** Looks once at all roots that wait. */
export async function watchLedger(options: WatchLedger): Promise<readonly Finding[]> {
	const findings: Finding[] = [];
	const tell = (root: StandingRoot, found: Finding["found"], message: string) => {
		const { proposal } = root;
		const finding = { epoch: Number(proposal.claim.epoch), rootHash: rootProposalHash(proposal), found, message };
		findings.push(finding);
		options.onFinding?.(finding);
	};
	const { ledger, data } = options;
	const events = await readEvents(ledger);
	for await (const checked of checkRoots({ ledger, data, events })) {
		const { root } = checked;
		if (root.status !== "proposed") continue;
		try {
			await act(options, checked, (found, message) => tell(root, found, message));
		} catch (error) {
			tell(root, "trouble", errorText(error));
		}
		// Later roots stand on this one.
		if (checked.blob === undefined || checked.faults.length > 0) break;
	}
	return findings;
}

type Tell = (found: Finding["found"], message: string) => void;

async function act({ ledger, challenger }: WatchLedger, checked: CheckedRoot, tell: Tell): Promise<void> {
	const { root, blob, faults, previous, problem } = checked;
	const { proposal } = root;
	if (blob === undefined) {
		tell("withheld", problem ?? "its data cannot be had");
		if (challenger !== undefined) await demand(ledger, challenger, root, tell);
		return;
	}
	if (faults.length === 0) {
		tell("right", `${blob.receipts.length} receipts and ${blob.earnings.length} earners give its roots`);
		if (challenger !== undefined) await resolveIfJudged(ledger, challenger, root);
		return;
	}
	for (const { message } of faults.slice(0, 5)) tell("wrong", message);
	if (challenger === undefined) return;
	const remedy = findFault({ blob, faults, previous })!;
	if (remedy.kind === "proof") {
		await challengeRoot(ledger, challenger, proposal, remedy.fault);
		tell("challenged", `by the proof ${remedy.fault.kind}`);
		return;
	}
	if ((await readRootDispute(ledger, rootProposalHash(proposal))) !== undefined) {
		await resolveIfJudged(ledger, challenger, root);
		return;
	}
	const { caseId } = await disputeRoot(ledger, challenger, { proposal });
	tell("disputed", `a jury decides, case ${caseId}: ${remedy.message}`);
}

/** The first chunk stands for all: who has the data answers in time, who has not loses the root. */
async function demand(ledger: Ledger, challenger: LocalAccount, { proposal }: StandingRoot, tell: Tell): Promise<void> {
	const open = (await readRootDemands(ledger, rootProposalHash(proposal))).filter(
		({ asked }) => asked.kind === "chunk",
	);
	const now = await readChainTime(ledger);
	const due = open.find(({ deadline }) => Number(deadline) < now);
	if (due !== undefined) {
		await failDemand(ledger, challenger, { proposal, demandId: due.demandId });
		tell("failed", "its data was demanded and not shown in time");
	} else if (open.length === 0) {
		await demandChunk(ledger, challenger, { proposal, index: 0 });
		tell("demanded", "chunk 0 of its data");
	}
}

/** Carries a verdict out if there is one; too early, the chain refuses. */
async function resolveIfJudged(ledger: Ledger, challenger: LocalAccount, { proposal }: StandingRoot): Promise<void> {
	if ((await readRootDispute(ledger, rootProposalHash(proposal))) === undefined) return;
	await resolveRootDispute(ledger, challenger, { proposal }).catch(() => {});
}
