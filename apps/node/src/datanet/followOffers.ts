// Looks on chain for what wallets elsewhere offered, and makes contributions of it: asked by the page that sent the offer, and by itself,
// so that a page closed in between loses nothing. It believes the chain alone.

import { readCommitment, readContribution as readOnChain } from "@openledger/chain";
import { contributionCommitment, type Hex } from "@openledger/protocol";
import { and, eq } from "drizzle-orm";
import { contributionDrafts, contributions, datanets } from "../database/schema.js";
import { errorText } from "../errors.js";
import type { NodeParts } from "../parts.js";
import { finishContribution } from "./contribute.js";
import { seconds } from "./draftContribution.js";
import { recordDecision } from "./finaliseContributions.js";
import { ERASED_BEFORE, keepOffer } from "./keepContribution.js";
import { openRow } from "./sealedRows.js";
import { namesByAddress } from "./wallet.js";

export type FollowedOffers = { stop(): Promise<void> };

const EVERY_MS = 2000;

/** waiting: the chain has no offer of it · none: there is no such draft, and no such contribution. */
export type TakenOffer = "waiting" | "contributed" | "none";

/** Makes a contribution of a draft that is on chain, and brings it as far as its datanet's rule lets the node. Once; again does nothing. */
export async function takeOffer(
	parts: NodeParts,
	id: Hex,
	{ onKept }: { readonly onKept?: () => void } = {},
): Promise<TakenOffer> {
	const [found] = await parts.db
		.select({ datanetId: contributionDrafts.datanetId })
		.from(contributionDrafts)
		.where(eq(contributionDrafts.id, id));
	const [known] = await parts.db.select().from(contributions).where(eq(contributions.id, id));
	const datanetId = found?.datanetId ?? known?.datanetId;
	if (datanetId === undefined) return "none";
	return await parts.turns(`datanet ${datanetId}`, async () => {
		const [draft] = await parts.db.select().from(contributionDrafts).where(eq(contributionDrafts.id, id));
		if (draft !== undefined) {
			const onChain = await readOnChain(parts.ledger, id);
			if (onChain === undefined) return "waiting";
			await keep(parts, draft, onChain.rowCount);
			onKept?.();
		}
		await decide(parts, id);
		return "contributed";
	});
}

/** Follows all drafts, and those of their contributions that a crash kept from being decided. */
export function followOffers(parts: NodeParts): FollowedOffers {
	let stopped = false;
	let timer: NodeJS.Timeout;
	let under: Promise<void> = Promise.resolve();
	const said = new Set<string>();
	const look = async () => {
		for (const { id, isLate } of await openOffers(parts)) {
			if (stopped) break;
			try {
				if ((await takeOffer(parts, id)) === "waiting" && isLate) await dropDraft(parts, id);
			} catch (error) {
				const text = `the offer of contribution ${id} waits: ${errorText(error)}`;
				// The same trouble every two seconds is told once.
				if (!stopped && !said.has(text)) parts.log(text);
				said.add(text);
			}
		}
	};
	const run = () => {
		under = look()
			.catch((error) => {
				if (!stopped) parts.log(`offers of wallets elsewhere are not followed: ${errorText(error)}`);
			})
			.then(() => {
				if (!stopped) timer = setTimeout(run, EVERY_MS);
			});
	};
	timer = setTimeout(run, EVERY_MS);
	return {
		async stop() {
			stopped = true;
			clearTimeout(timer);
			await under;
		},
	};
}

async function openOffers({ db }: NodeParts): Promise<{ readonly id: Hex; readonly isLate: boolean }[]> {
	const drafts = await db
		.select({ id: contributionDrafts.id, expiresAt: contributionDrafts.expiresAt })
		.from(contributionDrafts);
	const undecided = await db
		.select({ id: contributions.id })
		.from(contributions)
		.innerJoin(datanets, eq(contributions.datanetId, datanets.id))
		.where(and(eq(contributions.status, "offered"), eq(datanets.rule, "owner")));
	const now = seconds();
	return [
		...drafts.map(({ id, expiresAt }) => ({ id, isLate: expiresAt < now })),
		...undecided.map(({ id }) => ({ id, isLate: false })),
	];
}

async function keep(parts: NodeParts, draft: typeof contributionDrafts.$inferSelect, rowCount: number): Promise<void> {
	const { id, datanetId, contributor, rowsRoot, commitments, delivery } = draft;
	const drop = (db: Pick<NodeParts["db"], "delete">) =>
		db.delete(contributionDrafts).where(eq(contributionDrafts.id, id));
	if (rowCount !== commitments.length) {
		parts.log(
			`contribution ${id} was offered with ${rowCount} rows, but has ${commitments.length}: it is left to its contributor`,
		);
		await drop(parts.db);
		return;
	}
	const none = { prompt: null, response: null, before: null, salt: null };
	const opened = delivery.rows.map(({ line, record, sealed }, place) => {
		const row = openRow(parts, { digest: record, sealed, ...none })?.row;
		return { line, record, commitment: commitments[place]!, row };
	});
	const gone = opened.filter(({ row }) => row === undefined);
	const told = gone.map(({ line }) => ({ line, code: "erased" as const, reason: ERASED_BEFORE }));
	const rows = opened.flatMap(({ row, ...rest }) => (row === undefined ? [] : [{ ...rest, ...row }]));
	const rejected = [...delivery.rejected, ...told].sort((a, b) => a.line - b.line);
	const contributorName = (await namesByAddress(parts)).get(contributor) ?? contributor;
	await keepOffer(
		parts,
		{ id, datanetId, contributor, rowsRoot, commitments, rows, rejected },
		{
			...{ contributorName, status: "offered" },
			within: async (tx) => {
				await drop(tx);
			},
		},
	);
	// Where the contribution was here already, the draft was another of the same rows.
	await drop(parts.db);
}

/** As the datanet's rule has it; what the chain has decided already is taken over. */
async function decide(parts: NodeParts, id: Hex): Promise<void> {
	const [open] = await parts.db.select().from(contributions).where(eq(contributions.id, id));
	if (open?.status !== "offered") return;
	const onChain = await readOnChain(parts.ledger, id);
	const isLost = onChain !== undefined && ["rejected", "junk", "taken-back"].includes(onChain.status);
	if (isLost) await recordDecision(parts, id, onChain);
	else if (!onChain?.superseded) await finishContribution(parts, id);
}

/** Deletes what nobody signed in time, unless it is committed to and can still be shown. */
async function dropDraft(parts: NodeParts, id: Hex): Promise<void> {
	const [draft] = await parts.db.select().from(contributionDrafts).where(eq(contributionDrafts.id, id));
	if (draft === undefined) return;
	const { datanetId, contributor, rowsRoot, commitments } = draft;
	const salt = parts.keys.secret("contribution-salt", id);
	const commitment = contributionCommitment({ datanetId, contributor, rowsRoot, rowCount: commitments.length, salt });
	const made = await readCommitment(parts.ledger, datanetId, commitment);
	if (made !== undefined && made.revealEnds >= seconds()) return;
	await parts.db.delete(contributionDrafts).where(eq(contributionDrafts.id, id));
}
