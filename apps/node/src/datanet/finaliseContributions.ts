// Follows contributions on chain to their end: decided by a committee, unchallenged, appealed, final. Anybody may take these steps;
// each looks first whether it is done. It must not know the rows.

import {
	ContractError,
	type Contribution,
	finaliseContribution,
	readChainTime,
	readContribution,
	resolveContribution,
} from "@openledger/chain";
import type { Hex } from "@openledger/protocol";
import { and, asc, eq, ne } from "drizzle-orm";
import { contributions } from "../database/schema.js";
import type { NodeParts } from "../parts.js";

/** A window that ends so soon is waited for; a local chain's do. */
const WORTH_WAITING_SECONDS = 15;

export type FinaliseContributions = {
	/** How far off a window's end may be to be waited for. */
	readonly waitSeconds?: number;
};

/** Brings a datanet's contributions on as far as they will go; call in the datanet's turn. */
export async function finaliseContributions(
	parts: NodeParts,
	datanetId: Hex,
	{ waitSeconds = WORTH_WAITING_SECONDS }: FinaliseContributions = {},
): Promise<void> {
	const open = await parts.db
		.select({ id: contributions.id })
		.from(contributions)
		.where(
			and(eq(contributions.datanetId, datanetId), eq(contributions.final, false), ne(contributions.status, "stored")),
		)
		.orderBy(asc(contributions.sequence));
	for (const { id } of open) await bringOn(parts, id, waitSeconds);
}

async function bringOn(parts: NodeParts, id: Hex, waitSeconds: number): Promise<void> {
	const { ledger, keys } = parts;
	const sender = keys.account("owner");
	const of = { contributionId: id };
	const before = await readContribution(ledger, id);
	if (before === undefined) return;
	if (before.stage !== "final") {
		const left = before.deadline - (await readChainTime(ledger));
		const waitMs = left <= waitSeconds ? (Math.max(left, 0) + 2 * WORTH_WAITING_SECONDS) * 1000 : 0;
		try {
			const disputed = before.stage !== "review" && before.stage !== "decided";
			if (disputed) await resolveContribution(ledger, sender, of);
			else await finaliseContribution(ledger, sender, { ...of, waitMs, signal: parts.closing });
		} catch (error) {
			// Not yet: jurors vote, or the time for appeals runs. Next time.
			if (!(error instanceof ContractError)) throw error;
		}
	}
	await recordDecision(parts, id, (await readContribution(ledger, id))!);
}

/** Writes down what the chain has decided of a contribution; nothing while it has not. */
export async function recordDecision(
	{ db }: Pick<NodeParts, "db">,
	id: Hex,
	{ status, stage }: Pick<Contribution, "status" | "stage">,
): Promise<void> {
	if (status === "pending") return;
	await db
		.update(contributions)
		.set({ status: status === "accepted" ? "accepted" : "rejected", final: stage === "final" })
		.where(eq(contributions.id, id));
}
