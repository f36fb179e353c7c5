// What became of a receipt's money: the payment's transaction, its epoch and root, and what its contributors have claimed since. Reads only.

import { attributionRewardsAbi, readClaimed, readEventsOf, readTill } from "@openledger/chain";
import { type Address, type Hex, receiptFromJson } from "@openledger/protocol";
import { and, eq, inArray } from "drizzle-orm";
import { earnings, epochs } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import { findSettlement } from "../payment/index.js";
import { namesOfEarners, poolAccount } from "../settlement/pool.js";
import { readReceipt } from "./readAnswer.js";

/** Throws `receipt/not-found`. */
export async function showSettlement(parts: NodeParts, id: Hex) {
	const { stored, leaves } = await readReceipt(parts, id);
	const { payer, paymentNonce: nonce, feeWei: amountWei } = receiptFromJson(stored.receipt);
	const payTo = await readTill(parts.ledger, stored.modelId);
	const paid = stored.method === "exact" && payTo !== undefined;
	const transaction = paid ? await findSettlement(parts.ledger, { payer, nonce, payTo, amountWei }) : undefined;
	const pool = poolAccount(parts);
	// Also who gets what no row earned.
	const accounts = [...new Set([...leaves.map(({ contributor }) => contributor), pool])];
	const names = await namesOfEarners(parts);
	const payouts = await Promise.all(
		accounts.map(async (account) => ({
			...{ account, contributor: names.get(account) ?? account },
			claimedWei: await readClaimed(parts.ledger, account),
		})),
	);
	return {
		payment: { method: stored.method, account: stored.account, till: payTo ?? null, transaction: transaction ?? null },
		epoch: stored.epoch === null ? null : await showEpoch(parts, stored.epoch, accounts),
		payouts,
		/** Who gets what no row earned. */
		pool,
	};
}

async function showEpoch(parts: NodeParts, epoch: number, accounts: readonly Address[]) {
	const [found] = await parts.db.select().from(epochs).where(eq(epochs.epoch, epoch));
	if (found === undefined) return { epoch, status: "collecting" as const, cumulative: [], claims: [] };
	const { status, receiptsRoot, earningsRoot, dataRoot, challengeEnds, closedAt } = found;
	const cumulative = await parts.db
		.select({ account: earnings.account, cumulativeWei: earnings.cumulativeWei })
		.from(earnings)
		.where(and(eq(earnings.epoch, epoch), inArray(earnings.account, [...accounts])));
	const { ledger } = parts;
	const events = { contract: "attributionRewards", abi: attributionRewardsAbi } as const;
	const [proposals, claims] = await Promise.all([
		readEventsOf(ledger, { ...events, name: "RootProposed", args: { epoch: BigInt(epoch) } }),
		readEventsOf(ledger, { ...events, name: "Claimed", args: { account: accounts as Address[] } }),
	]);
	const needed = new Map(cumulative.map(({ account, cumulativeWei }) => [account, cumulativeWei]));
	return {
		...{ epoch, status, receiptsRoot, earningsRoot, dataRoot, challengeEnds, closedAt },
		/** The transaction that put the root on chain, the latest where one fell. */
		proposal: proposals.at(-1)?.transactionHash ?? null,
		/** What each of its contributors had earned in all by this epoch's root. */
		cumulative,
		/** The first claim of each that reaches this far, and so holds this answer's pay. */
		claims: accounts.flatMap((account) => {
			const need = needed.get(account);
			const claim = claims.find(
				({ args }) => args.account.toLowerCase() === account && need !== undefined && args.cumulativeWei >= need,
			);
			return claim === undefined ? [] : [{ account, transaction: claim.transactionHash, block: claim.blockNumber }];
		}),
	};
}
