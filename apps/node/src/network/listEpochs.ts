// Epochs as this node settled them, with what the chain says of their roots. Reads only.

import { attributionRewardsAbi, readEventsOf, readPendingHash, readProposer, readRoot } from "@openledger/chain";
import type { Address, Hex } from "@openledger/protocol";
import { asc, count, desc, eq, inArray, lt, sum } from "drizzle-orm";
import { earnings, epochs, models, receipts } from "../database/schema.js";
import { notFound } from "../errors.js";
import type { NodeParts } from "../parts.js";
import { namesOfEarners } from "../settlement/pool.js";
import { accountNames } from "./names.js";

const REWARDS = "attributionRewards";

export type ListEpochs = { readonly limit: number; readonly before?: number | undefined };

/** The latest first; `next` is what `before` takes for earlier ones. */
export async function listEpochs(parts: NodeParts, { limit, before }: ListEpochs) {
	const { db } = parts;
	const found = await db
		.select()
		.from(epochs)
		.where(before === undefined ? undefined : lt(epochs.epoch, before))
		.orderBy(desc(epochs.epoch))
		.limit(limit + 1);
	const shown = found.slice(0, limit);
	const numbers = shown.map(({ epoch }) => epoch);
	const inside = await db
		.select({ epoch: receipts.epoch, n: count(), feesWei: sum(receipts.feeWei) })
		.from(receipts)
		.where(inArray(receipts.epoch, numbers))
		.groupBy(receipts.epoch);
	const of = new Map(inside.map((one) => [one.epoch, one]));
	return {
		epochs: shown.map((stored) => ({
			...summary(stored),
			receipts: of.get(stored.epoch)?.n ?? 0,
			feesWei: of.get(stored.epoch)?.feesWei ?? "0",
		})),
		next: found.length > limit ? shown.at(-1)!.epoch : null,
	};
}

const LISTED = 200;

/** One epoch with its first receipts and leaves. Throws `epoch/not-found`. */
export async function showEpoch(parts: NodeParts, epoch: number) {
	const { db, ledger } = parts;
	const [stored] = await db.select().from(epochs).where(eq(epochs.epoch, epoch));
	if (stored === undefined) throw notFound("epoch", String(epoch), "see the list of epochs");
	const [root, pendingHash] = await Promise.all([
		readRoot(ledger, BigInt(epoch)),
		readPendingHash(ledger, BigInt(epoch)),
	]);
	const [counted] = await db
		.select({ n: count(), feesWei: sum(receipts.feeWei) })
		.from(receipts)
		.where(eq(receipts.epoch, epoch));
	const first = await db
		.select({ id: receipts.id, modelId: receipts.modelId, payer: receipts.payer, feeWei: receipts.feeWei })
		.from(receipts)
		.where(eq(receipts.epoch, epoch))
		.orderBy(asc(receipts.sequence))
		.limit(LISTED);
	const served = new Map((await db.select({ id: models.id, name: models.servedName }).from(models)).map(pair));
	const [earners, names] = await Promise.all([namesOfEarners(parts), accountNames(parts)]);
	return {
		...summary(stored),
		receipts: counted!.n,
		feesWei: counted!.feesWei ?? "0",
		listed: first.map((one) => ({ ...one, model: served.get(one.modelId) ?? one.modelId })),
		leaves: (await leavesOf(parts, epoch)).map((leaf) => ({ ...leaf, name: earners.get(leaf.account) ?? null })),
		root:
			root === undefined
				? null
				: { ...root, proposerName: names.get(root.proposal.proposer.toLowerCase() as Address) ?? null },
		isPending: pendingHash !== undefined,
		bond: root === undefined ? null : await readProposer(ledger, root.proposal.proposer),
		transactions: await transactionsOf(parts, epoch),
	};
}

/** What each account has earned up to an epoch, and how much more than up to the one before; the most first. */
async function leavesOf({ db }: NodeParts, epoch: number) {
	const [now, before] = await Promise.all(
		[epoch, epoch - 1].map((one) => db.select().from(earnings).where(eq(earnings.epoch, one))),
	);
	const earlier = new Map(before!.map(({ account, cumulativeWei }) => [account, cumulativeWei]));
	return now!
		.map(({ account, cumulativeWei }) => ({
			...{ account, cumulativeWei },
			earnedWei: cumulativeWei - (earlier.get(account) ?? 0n),
		}))
		.sort((a, b) =>
			a.earnedWei === b.earnedWei ? (a.account < b.account ? -1 : 1) : a.earnedWei > b.earnedWei ? -1 : 1,
		)
		.slice(0, 5 * LISTED);
}

/** What the chain was told about an epoch's root: proposed, activated, fallen. */
async function transactionsOf({ ledger }: NodeParts, epoch: number) {
	const asked = { contract: REWARDS, abi: attributionRewardsAbi, args: { epoch: BigInt(epoch) } } as const;
	const found = await Promise.all(
		(["RootProposed", "RootActivated", "RootFallen"] as const).map(async (name) =>
			(await readEventsOf(ledger, { ...asked, name })).map((event) => ({ ...event, name })),
		),
	);
	const own = found.flat().sort((a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex);
	return await Promise.all(
		own.map(async ({ name, transactionHash, blockNumber }) => ({
			...{ what: name, transactionHash, block: blockNumber },
			at: Number((await ledger.client.publicClient.getBlock({ blockNumber })).timestamp),
			contract: ledger.addresses[REWARDS],
		})),
	);
}

type Stored = typeof epochs.$inferSelect;
const pair = ({ id, name }: { readonly id: Hex; readonly name: string }) => [id, name] as const;

function summary({ epoch, status, closedAt, challengeEnds, ...rest }: Stored) {
	const { receiptsRoot, earningsRoot, totalWei, dataRoot, dataChunks, certificate, erased } = rest;
	return {
		...{ epoch, status, closedAt, challengeEnds, receiptsRoot, earningsRoot, totalWei },
		...{ dataRoot, dataChunks, certificate, erasedRows: erased.length },
	};
}
