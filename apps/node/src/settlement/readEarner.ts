// One account that earns: its sums, what it contributed, what each epoch gave it and what it claimed. Reads only.

import { attributionRewardsAbi, readClaimed, readEventsOf } from "@openledger/chain";
import type { Address, Hex } from "@openledger/protocol";
import { and, asc, desc, eq, isNull } from "drizzle-orm";
import { contributions, datanets, earnings, epochs, receipts } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import { namesOfEarners, poolAccount } from "./pool.js";
import { readEarned } from "./readEarned.js";

const LISTED = 200;
const EPOCHS_LISTED = 1000;
/** So many answers that no epoch has taken in yet are summed. */
const MOST_UNSETTLED = 1000;

/** All there is of an account; zeros and empty lists where it never earned. */
export async function readEarner(parts: NodeParts, account: Address) {
	const { db, ledger } = parts;
	const perEpoch = await earnedPerEpoch(parts, account);
	const sum = (status: readonly string[]) =>
		perEpoch.filter((it) => status.includes(it.status)).reduce((all, { wei }) => all + wei, 0n);
	const claimedWei = await readClaimed(ledger, account);
	const earnedWei = sum(["active"]);
	const contributed = await db
		.select({ by: contributions, datanet: datanets.name })
		.from(contributions)
		.innerJoin(datanets, eq(contributions.datanetId, datanets.id))
		.where(eq(contributions.contributor, account))
		.orderBy(desc(contributions.sequence))
		.limit(LISTED);
	return {
		account,
		name: (await namesOfEarners(parts)).get(account) ?? null,
		isPool: account === poolAccount(parts),
		...{ earnedWei, claimedWei, claimableWei: earnedWei > claimedWei ? earnedWei - claimedWei : 0n },
		/** Of roots that can still be challenged, or are on their way there. */
		challengedWei: sum(["proposed"]),
		settlingWei: sum(["collecting", "ready", "stored", "fallen"]),
		unsettled: await sumUnsettled(parts, account),
		epochs: perEpoch,
		contributions: contributed.map(({ by, datanet }) => ({
			...{ id: by.id, datanetId: by.datanetId, datanet, status: by.status, final: by.final },
			...{ offeredRows: by.offeredRows, acceptedRows: by.acceptedRows },
		})),
		claims: await readClaims(parts, account),
	};
}

/** What each epoch gave, the oldest first; of the last 1,000. */
async function earnedPerEpoch({ db }: NodeParts, account: Address) {
	const found = await db
		.select({
			...{ epoch: epochs.epoch, status: epochs.status, closedAt: epochs.closedAt },
			...{ challengeEnds: epochs.challengeEnds, cumulativeWei: earnings.cumulativeWei },
		})
		.from(earnings)
		.innerJoin(epochs, eq(earnings.epoch, epochs.epoch))
		.where(eq(earnings.account, account))
		.orderBy(desc(epochs.epoch))
		.limit(EPOCHS_LISTED);
	const oldestFirst = found.reverse();
	return oldestFirst.map((it, i) => ({
		...it,
		wei: it.cumulativeWei - (oldestFirst[i - 1]?.cumulativeWei ?? 0n),
	}));
}

/** What answers that wait for an epoch will give, as the rows are now. */
async function sumUnsettled(parts: NodeParts, account: Address) {
	const [first] = await parts.db
		.select({ sequence: receipts.sequence })
		.from(receipts)
		.where(and(isNull(receipts.epoch)))
		.orderBy(asc(receipts.sequence))
		.limit(1);
	let wei = 0n;
	const seen = new Set<Hex>();
	if (first === undefined) return { wei, answers: 0 };
	for await (const line of readEarned(parts, account, { newestFirst: true })) {
		if (line.sequence < first.sequence || seen.size > MOST_UNSETTLED) break;
		if (line.epoch !== null) continue;
		wei += line.wei;
		seen.add(line.receiptId);
	}
	return { wei, answers: seen.size };
}

/** What was paid out to it, the newest first: by whomever it was claimed. */
async function readClaims({ ledger }: NodeParts, account: Address) {
	const asked = {
		contract: "attributionRewards",
		abi: attributionRewardsAbi,
		name: "Claimed",
		args: { account },
	} as const;
	const logs = await readEventsOf(ledger, asked);
	return logs
		.map(({ args, blockNumber, transactionHash }, i) => ({
			wei: args.cumulativeWei - (logs[i - 1]?.args.cumulativeWei ?? 0n),
			...{ blockNumber, transactionHash },
		}))
		.reverse()
		.slice(0, LISTED);
}
