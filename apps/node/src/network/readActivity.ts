// What happened last, answers and what the contracts said in one list. Reads only.

import type { ContractName, EventPlace, FollowedEvent } from "@openledger/chain";
import { type Address, CallerError, type Hex } from "@openledger/protocol";
import { desc, lt } from "drizzle-orm";
import { models, receipts } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import { accountNames, nounNames } from "./names.js";
import { newestEvents } from "./newestEvents.js";

/** The events that people want to hear of, with the arguments that tell them. */
const HEARD: Readonly<Partial<Record<ContractName, Readonly<Record<string, readonly string[]>>>>> = {
	datanetRegistry: {
		DatanetCreated: ["datanetId", "owner"],
		Contributed: ["datanetId", "contributionId", "contributor", "rowCount"],
		ContributionAccepted: ["datanetId", "contributionId", "contributor", "acceptedRows"],
		ContributionRejected: ["datanetId", "contributionId", "contributor"],
		ContributionJunk: ["datanetId", "contributionId", "contributor"],
		DisputeOpened: ["contributionId", "appellant"],
		SnapshotPublished: ["datanetId", "version", "rowCount"],
		Tombstone: ["datanetId", "by"],
	},
	modelRegistry: { ModelPublished: ["modelId", "owner", "name", "version"] },
	attributionRewards: {
		RootProposed: ["epoch"],
		RootActivated: ["epoch", "totalCumulativeWei"],
		RootFallen: ["epoch", "challenger"],
		Claimed: ["account", "cumulativeWei"],
	},
	rootChallenges: {
		ChunkDemanded: ["challenger", "epoch", "index"],
		RowDemanded: ["challenger", "epoch", "row"],
		DisputeOpened: ["challenger", "epoch"],
	},
	trainingJobs: {
		JobPosted: ["jobId", "poster"],
		RunSubmitted: ["jobId", "trainer"],
		JobPaid: ["jobId", "trainer", "payWei"],
	},
	disputes: { DisputeOpened: ["disputeId", "jobId", "challenger"] },
	stakePool: {
		Delegated: ["operator", "staker", "amountWei"],
		Slashed: ["operator", "amountWei"],
	},
	openGovernor: {
		ProposalCreated: ["proposalId", "proposer"],
		VoteCast: ["proposalId", "voter", "support"],
		ProposalExecuted: ["proposalId"],
	},
};
const WANTED = Object.entries(HEARD).map(([contract, events]) => ({
	contract: contract as ContractName,
	names: Object.keys(events),
}));
const LONGEST_TEXT = 200;

export type AnswerActivity = {
	readonly kind: "answer";
	readonly at: number;
	readonly receiptId: Hex;
	readonly sequence: number;
	readonly modelId: Hex;
	readonly model: string;
	readonly payer: Address;
	readonly feeWei: bigint;
	readonly tokensOut: number;
};
export type ChainActivity = {
	readonly kind: "event";
	readonly at: number;
	readonly event: `${ContractName}.${string}`;
	readonly args: Readonly<Record<string, unknown>>;
	readonly block: bigint;
	readonly logIndex: number;
	readonly transactionHash: Hex;
};
export type Activity = AnswerActivity | ChainActivity;

export type ActivityPage = {
	/** The newest first. */
	readonly activity: readonly Activity[];
	/** Of datanets, models and accounts that occur in it. */
	readonly names: Readonly<Record<string, string>>;
	/** Give it as `before` for what was earlier; null at the beginning. */
	readonly next: string | null;
};

/** Throws `activity/bad-cursor`. */
export async function readActivity(
	parts: NodeParts,
	{ limit, before }: { readonly limit: number; readonly before?: string | undefined },
): Promise<ActivityPage> {
	const from = before === undefined ? undefined : parseCursor(before);
	const [answers, page] = await Promise.all([
		newestAnswers(parts, limit, from?.sequence),
		newestEvents(parts, WANTED, { limit, before: from?.place }),
	]);
	const events = page.events.map(told);
	const both = [...answers, ...events].sort((a, b) => b.at - a.at || rank(a) - rank(b));
	const shown = both.slice(0, limit);
	const lastAnswer = shown.findLast((one) => one.kind === "answer");
	const lastEvent = shown.findLast((one) => one.kind === "event");
	const isMore = both.length > limit || answers.length === limit || page.next !== undefined;
	const sequence = lastAnswer?.sequence ?? from?.sequence;
	const place = nextPlace(lastEvent, page.next, events.length, shown) ?? from?.place;
	return {
		activity: shown,
		names: await namesIn(parts, shown),
		next: isMore ? cursorOf(place, sequence) : null,
	};
}

/** Where the events go on: behind the last that is shown, or behind all blocks that were searched. */
function nextPlace(
	last: ChainActivity | undefined,
	searched: EventPlace | undefined,
	found: number,
	shown: readonly Activity[],
): EventPlace | undefined {
	const areAllShown = shown.filter(({ kind }) => kind === "event").length === found;
	if (areAllShown && searched !== undefined) return searched;
	return last && { blockNumber: last.block, logIndex: last.logIndex };
}

async function newestAnswers(
	{ db }: NodeParts,
	limit: number,
	before: number | undefined,
): Promise<readonly AnswerActivity[]> {
	const served = new Map(
		(await db.select({ id: models.id, name: models.servedName }).from(models)).map(({ id, name }) => [id, name]),
	);
	const found = await db
		.select({
			...{ id: receipts.id, sequence: receipts.sequence, modelId: receipts.modelId, payer: receipts.payer },
			...{ feeWei: receipts.feeWei, receipt: receipts.receipt },
		})
		.from(receipts)
		.where(before === undefined ? undefined : lt(receipts.sequence, before))
		.orderBy(desc(receipts.sequence))
		.limit(limit);
	return found.map(({ id, sequence, modelId, payer, feeWei, receipt }) => {
		const { timestamp, tokensOut } = receipt as { readonly timestamp: string; readonly tokensOut: number };
		return {
			...{ kind: "answer", at: Number(timestamp), receiptId: id, sequence, modelId, payer, feeWei, tokensOut },
			model: served.get(modelId) ?? modelId,
		};
	});
}

function told({ contract, name, args, at, blockNumber, logIndex, transactionHash }: FollowedEvent): ChainActivity {
	const kept = HEARD[contract]?.[name] ?? [];
	return {
		...{ kind: "event", at, event: `${contract}.${name}`, block: blockNumber, logIndex, transactionHash },
		args: Object.fromEntries(kept.map((key) => [key, short(args[key])])),
	};
}

const short = (value: unknown) => (typeof value === "string" ? value.slice(0, LONGEST_TEXT) : value);
/** Of the same second: what the chain said first, since an answer is paid before it is given. */
const rank = (one: Activity) => (one.kind === "answer" ? 0 : 1);

async function namesIn(parts: NodeParts, shown: readonly Activity[]): Promise<Record<string, string>> {
	const [accounts, nouns] = await Promise.all([accountNames(parts), nounNames(parts)]);
	const names: Record<string, string> = {};
	const said = shown.flatMap((one) => (one.kind === "answer" ? [one.payer] : Object.values(one.args)));
	for (const value of said) {
		if (typeof value !== "string") continue;
		const name = nouns.get(value as Hex) ?? accounts.get(value.toLowerCase() as Address);
		if (name !== undefined) names[value.toLowerCase()] = name.slice(0, LONGEST_TEXT);
	}
	return names;
}

function cursorOf(place: EventPlace | undefined, sequence: number | undefined): string {
	return `${place ? `${place.blockNumber}.${place.logIndex}` : ""}_${sequence ?? ""}`;
}

function parseCursor(text: string): { readonly place?: EventPlace; readonly sequence?: number } {
	const found = /^(?:(\d{1,15})\.(\d{1,9}))?_(\d{1,9})?$/.exec(text);
	if (found === null) {
		throw new CallerError("before must be what the answer before this one gave as next", {
			code: "activity/bad-cursor",
		});
	}
	const [, block, log, sequence] = found;
	return {
		...(block !== undefined && { place: { blockNumber: BigInt(block), logIndex: Number(log) } }),
		...(sequence !== undefined && { sequence: Number(sequence) }),
	};
}
