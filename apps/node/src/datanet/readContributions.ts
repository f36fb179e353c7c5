// Who offered what to a datanet and what became of it, as lists with ends; and what of it still waits for somebody.

import {
	type Contribution,
	type ContributionDispute,
	type JuryCase,
	readCase,
	readContributionDispute,
	readDatanetOwed,
	readDisputeCost,
	readJurors,
	readContribution as readOnChain,
	readSeat,
	readVote,
} from "@openledger/chain";
import type { Address, Hex } from "@openledger/protocol";
import { and, desc, eq, getTableColumns, ne, sql } from "drizzle-orm";
import { contributions, datanets, rows } from "../database/schema.js";
import { notFound } from "../errors.js";
import type { NodeParts } from "../parts.js";
import { recordDecision } from "./finaliseContributions.js";
import { listRejected } from "./readDatanets.js";
import { readIntake } from "./takeIn.js";

export type Page = { readonly limit: number; readonly from: number };

const LINES_SHOWN = 500;
/** Of a contribution in a list: all but the commitments, of which there is one for each of its rows. */
const { commitments: _, ...LISTED } = getTableColumns(contributions);

/** Everybody who offered rows, most rows first. */
export async function listContributors({ db }: NodeParts, datanetId: Hex, { limit, from }: Page) {
	const accepted = sql<number>`sum(case when ${contributions.status} = 'accepted' then ${contributions.acceptedRows} else 0 end)::int`;
	const found = await db
		.select({
			contributor: contributions.contributorName,
			account: contributions.contributor,
			contributions: sql<number>`count(*)::int`,
			offered: sql<number>`sum(${contributions.offeredRows})::int`,
			accepted,
			lastAt: sql<number | null>`max(${contributions.storedAt})::int`,
		})
		.from(contributions)
		.where(eq(contributions.datanetId, datanetId))
		.groupBy(contributions.contributor, contributions.contributorName)
		.orderBy(desc(accepted), contributions.contributorName)
		.limit(limit + 1)
		.offset(from);
	const erased = await db
		.select({ account: contributions.contributor, n: sql<number>`count(*)::int` })
		.from(rows)
		.innerJoin(contributions, eq(rows.contributionId, contributions.id))
		.where(and(eq(rows.datanetId, datanetId), sql`${rows.erasedAt} is not null`))
		.groupBy(contributions.contributor);
	return {
		contributors: found.slice(0, limit).map((one) => ({
			...one,
			erased: erased.find(({ account }) => account === one.account)?.n ?? 0,
		})),
		hasMore: found.length > limit,
	};
}

/** A datanet's contributions, newest first. */
export async function listContributions({ db }: NodeParts, datanetId: Hex, { limit, from }: Page) {
	const found = await db
		.select(LISTED)
		.from(contributions)
		.where(eq(contributions.datanetId, datanetId))
		.orderBy(desc(contributions.sequence))
		.limit(limit + 1)
		.offset(from);
	return { contributions: found.slice(0, limit).map(shown), hasMore: found.length > limit };
}

/**
 * Contributions that can still change, of all datanets or of one, newest first, each with its stage on chain. What others made final
 * there is written down on the way, and left out.
 */
export async function listReviews(parts: NodeParts, datanetId: Hex | undefined, { limit, from }: Page) {
	const found = await parts.db
		.select({ contributions: LISTED, datanets: { name: datanets.name, rule: datanets.rule } })
		.from(contributions)
		.innerJoin(datanets, eq(contributions.datanetId, datanets.id))
		.where(
			and(
				eq(contributions.final, false),
				ne(contributions.status, "stored"),
				...(datanetId === undefined ? [] : [eq(contributions.datanetId, datanetId)]),
			),
		)
		.orderBy(sql`${contributions.storedAt} desc nulls last`, desc(contributions.sequence))
		.limit(limit + 1)
		.offset(from);
	const reviews = await Promise.all(
		found.slice(0, limit).map(async ({ contributions: one, datanets: { name, rule } }) => {
			const onChain = await readOnChain(parts.ledger, one.id);
			if (onChain?.stage === "final") {
				await recordDecision(parts, one.id, onChain);
				return undefined;
			}
			return { ...shown(one), datanet: name, datanetId: one.datanetId, rule, onChain: onChain && standing(onChain) };
		}),
	);
	return { reviews: reviews.filter((one) => one !== undefined), hasMore: found.length > limit };
}

/** All of one contribution: what the checks said, where it stands on chain, who judges it, and what an account can do about it. */
export async function showContribution(parts: NodeParts, id: Hex, account: Address | undefined) {
	const { db, ledger } = parts;
	const [found] = await db
		.select()
		.from(contributions)
		.innerJoin(datanets, eq(contributions.datanetId, datanets.id))
		.where(eq(contributions.id, id));
	if (found === undefined) throw notFound("contribution", id, "see the list of its datanet's contributions");
	const { contributions: one, datanets: datanet } = found;
	const onChain = await readOnChain(ledger, id);
	const rejected = await listRejected(parts, id);
	const intake = readIntake(parts, id);
	const wasAppealed = onChain && ["appealed", "appeal-judged", "final"].includes(onChain.stage);
	const appeal = wasAppealed ? await readContributionDispute(ledger, id, 1) : undefined;
	const round = appeal === undefined ? 0 : 1;
	const dispute = appeal ?? (onChain && (await readContributionDispute(ledger, id, 0)));
	const disputable = onChain?.stage === "review" || onChain?.stage === "decided";
	return {
		...shown(one),
		datanet: datanet.name,
		datanetId: one.datanetId,
		rule: datanet.rule,
		onChain: onChain && standing(onChain),
		...(dispute && { dispute: { round, ...dispute, ...(await caseOf(parts, dispute, account)) } }),
		...(disputable && { disputeCost: await readDisputeCost(ledger, id) }),
		...(account && {
			viewer: {
				address: account,
				seat: (await readSeat(ledger, "curator", account)) ?? null,
				owedWei: await readDatanetOwed(ledger, account),
			},
		}),
		checks: intake?.checks ?? [],
		flagged: (intake?.flagged ?? []).slice(0, LINES_SHOWN),
		rejected: rejected.slice(0, LINES_SHOWN),
		rejectedRows: rejected.length,
		flaggedRows: intake?.flagged.length ?? 0,
	};
}

async function caseOf({ ledger }: NodeParts, { caseId }: ContributionDispute, account: Address | undefined) {
	if (caseId === undefined) return {};
	const open: JuryCase | undefined = await readCase(ledger, caseId);
	if (open === undefined) return {};
	const jurors = await readJurors(ledger, caseId);
	const isJuror = account !== undefined && jurors.some((juror) => juror.toLowerCase() === account.toLowerCase());
	const { phase, drawBlock, commitEnds, revealEnds, size, drawn, committed, revealed, verdict, feeWei } = open;
	const vote = isJuror ? await readVote(ledger, caseId, account) : undefined;
	return {
		jury: {
			...{
				phase,
				drawBlock,
				commitEnds,
				revealEnds,
				size,
				drawn,
				committed,
				revealed,
				verdict,
				feeWei,
				jurors,
				isJuror,
			},
			...(vote && { vote }),
		},
	};
}

function standing({ status, stage, deadline, rowCount, acceptedRows, stakeWei, reasonCode, superseded }: Contribution) {
	return { status, stage, deadline, rowCount, acceptedRows, stakeWei, reasonCode, superseded };
}

function shown(one: Omit<typeof contributions.$inferSelect, "commitments">) {
	const { id, contributorName: contributor, contributor: account, offeredRows, acceptedRows } = one;
	const { status, final, rowsRoot, storedAt } = one;
	return { id, contributor, account, offeredRows, acceptedRows, status, final, rowsRoot, storedAt };
}
