// An account's earnings as CSV (RFC 4180), line by line as it is read: every row's part of every answer that an epoch took in. It must not know HTTP.

import { attributionRewardsAbi, readEventsOf } from "@openledger/chain";
import { type Address, CallerError, type Hex } from "@openledger/protocol";
import { and, count, eq, gte, inArray, lte } from "drizzle-orm";
import { epochs, receipts, scores } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import { poolAccount } from "./pool.js";
import { readEarned } from "./readEarned.js";
import { openRowFinder } from "./snapshotRows.js";

/** Epochs from and up to which, both included. */
export type StatementRange = { readonly fromEpoch: number; readonly toEpoch: number };

const HEAD =
	"period_end,answered,receipt,model,datanet,row,row_commitment,row_text,share_ppm,wei,open,epoch,state,root_transaction\r\n";
const MAX_LINES = 500_000;
const TEXT_SHOWN = 200;
const ON_CHAIN = ["proposed", "active"] as const;

/**
 * Lines with their ends, the head first. Only epochs whose root stands on chain: `pays`, or `challengeable`. The column `wei` of the
 * lines that pay sums to what the account's leaf says. Throws `statement/too-long` before the first line.
 */
export async function openStatement(
	parts: NodeParts,
	account: Address,
	range: StatementRange,
): Promise<AsyncGenerator<string>> {
	const lines = await countLines(parts, account, range);
	if (lines > MAX_LINES) {
		const message = `a statement has at most ${MAX_LINES} lines and this one about ${lines}; ask for fewer epochs with ?from= and ?to=`;
		throw new CallerError(message, { code: "statement/too-long", details: { lines } });
	}
	const found = await parts.db
		.select({ epoch: epochs.epoch, status: epochs.status, closedAt: epochs.closedAt })
		.from(epochs)
		.where(inArray(epochs.status, [...ON_CHAIN]));
	const known = new Map(found.map((it) => [it.epoch, it]));
	const sent = await rootTransactions(parts);
	const find = await openRowFinder(parts);
	return (async function* () {
		yield HEAD;
		for await (const line of readEarned(parts, account, range)) {
			const epoch = known.get(line.epoch!);
			if (epoch === undefined) continue;
			const row = await find(line);
			yield csvLine([
				...[isoTime(Number(epoch.closedAt)), isoTime(line.answeredAt), line.receiptId, row.model, row.datanet],
				...[line.row === null ? "" : String(line.row), row.commitment ?? ""],
				line.row === null ? "(earned by no row)" : (row.prompt ?? "").slice(0, TEXT_SHOWN),
				...[String(line.sharePpm), String(line.wei), decimalOpen(line.wei), String(line.epoch)],
				...[epoch.status === "active" ? "pays" : "challengeable", sent.get(line.epoch!) ?? ""],
			]);
		}
	})();
}

/** One line. A cell that a spreadsheet would take for a formula gets an apostrophe before it (OWASP: CSV injection). */
export function csvLine(cells: readonly string[]): string {
	const shown = cells.map((cell) => {
		const safe = /^[=+\-@\t\r\n]|^\s*[=+\-@]/.test(cell) ? `'${cell}` : cell;
		return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
	});
	return `${shown.join(",")}\r\n`;
}

/** All 18 decimals, without a unit. */
export function decimalOpen(wei: bigint): string {
	const digits = wei.toString().padStart(19, "0");
	return `${digits.slice(0, -18)}.${digits.slice(-18)}`;
}

function isoTime(seconds: number): string {
	return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

async function countLines(parts: NodeParts, account: Address, { fromEpoch, toEpoch }: StatementRange): Promise<number> {
	const within = and(gte(receipts.epoch, fromEpoch), lte(receipts.epoch, toEpoch));
	if (account === poolAccount(parts)) return (await parts.db.select({ n: count() }).from(receipts).where(within))[0]!.n;
	const [found] = await parts.db
		.select({ n: count() })
		.from(scores)
		.innerJoin(receipts, eq(scores.receiptId, receipts.id))
		.where(and(eq(scores.contributor, account), within));
	return found!.n;
}

/** By epoch: the transaction that let its root pay, or proposed it. */
async function rootTransactions({ ledger }: NodeParts): Promise<Map<number, Hex>> {
	const asked = { contract: "attributionRewards", abi: attributionRewardsAbi } as const;
	const [proposed, activated] = await Promise.all([
		readEventsOf(ledger, { ...asked, name: "RootProposed" }),
		readEventsOf(ledger, { ...asked, name: "RootActivated" }),
	]);
	const said = [...proposed, ...activated];
	return new Map(said.map(({ args, transactionHash }) => [Number(args.epoch), transactionHash]));
}
