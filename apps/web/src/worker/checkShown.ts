// Whether what the page shows is what was verified: a node could hand the truth to the worker and show people something else.

import { type PublishedRow, same } from "@openledger/factory";
import {
	canonicalJson,
	divideContributorsPart,
	orderText,
	PPM,
	RECEIPT_FIELDS,
	type ShareLeaf,
	splitFee,
} from "@openledger/protocol";
import type { ShownReceipt } from "../shared/attribution/shownReceipt.js";
import type { CheckedRecord, ReceiptEvidence } from "./checkRecord.js";
import { checkShownSpans } from "./checkShownSpans.js";

type Verified = {
	readonly record: CheckedRecord;
	readonly told: ReceiptEvidence;
	readonly rows: readonly PublishedRow[];
};

/** Returns what was found right. Throws a `Difference` naming the first thing that is shown otherwise. */
export function checkShown(shown: ShownReceipt, { record, told, rows }: Verified): string {
	const { receipt, model } = record;
	const [snapshot] = model.snapshots;
	for (const { name } of RECEIPT_FIELDS)
		same(`the page's ${name}`, String(shown.receipt[name]).toLowerCase(), String(receipt[name]).toLowerCase());
	same("the signature on the page", shown.signature, told.signature);
	same("the salt on the page", shown.salt, told.salt);
	same("the question on the page", textOf(shown.order), orderText(told.order));
	same("the answer on the page", shown.response, told.response);
	same("why it ended, on the page", shown.finishReason, told.finishReason);
	same("the model on the page", shown.model, `${model.name}-${model.version}`);
	same("the datanet on the page", `${shown.datanetId}`, `${snapshot?.datanetId}`);
	same("the datanet's version on the page", Number(shown.snapshotVersion), Number(snapshot?.version));
	same("the way of payment on the page", shown.paidBy.method, told.payment.method);
	same("the part that no row stood out for, on the page", shown.unattributedPpm, told.unattributedPpm);
	same("the rows learnt, on the page", shown.rowsLearnt, rows.length);
	same("the rows paid, on the page", shown.rowsPaid, told.leaves.length);
	const fee = splitFee(receipt.feeWei, model.rates.platformWei, model.split);
	for (const [part, wei] of Object.entries(fee))
		same(`the part of the fee for ${part}, on the page`, shown.fee[part as keyof typeof fee], `${wei}`);
	checkMoney(shown, told.leaves, fee.contributors);
	checkRows(shown, told.leaves, rows);
	checkShownSpans(shown.spans, told.spans, { response: told.response, rows });
	return "record, question, answer, fee, shares and rows on this page are those that were verified";
}

/** What is no order at all gives a text that no order has. */
function textOf(order: ShownReceipt["order"]): string {
	return orderText(order as Parameters<typeof orderText>[0]);
}

function checkMoney(shown: ShownReceipt, leaves: readonly ShareLeaf[], contributorsWei: bigint): void {
	const { amounts, poolWei } = divideContributorsPart(contributorsWei, leaves);
	const sums = new Map<string, { ppm: number; wei: bigint; rows: number }>();
	leaves.forEach(({ contributor, sharePpm }, i) => {
		const { ppm, wei, rows } = sums.get(contributor) ?? { ppm: 0, wei: 0n, rows: 0 };
		sums.set(contributor, { ppm: ppm + sharePpm, wei: wei + amounts[i]!, rows: rows + 1 });
	});
	same("the contributors paid, on the page", shown.shares.length, sums.size);
	// One who stood there twice would hide another.
	same(
		"the contributors, each once",
		new Set(shown.shares.map(({ account }) => account.toLowerCase())).size,
		sums.size,
	);
	let last = PPM;
	for (const { account, ppm, wei, rows } of shown.shares) {
		const sum = sums.get(account.toLowerCase());
		const told = sum === undefined ? "none" : `${sum.ppm} ${sum.wei} ${sum.rows}`;
		same(`the share of ${account}, on the page`, `${ppm} ${wei} ${rows}`, told);
		// The page names the first of them.
		same(`whether ${account} is behind those who earned more`, ppm <= last, true);
		last = ppm;
	}
	const earned = leaves.reduce((total, { sharePpm }) => total + sharePpm, 0);
	same("what no row earned, on the page", `${shown.pool.ppm} ${shown.pool.wei}`, `${PPM - earned} ${poolWei}`);
	for (const { row, wei } of shown.rows) {
		const at = leaves.findIndex((leaf) => leaf.row === row);
		same(`what row ${row} earned, on the page`, wei, at < 0 ? "none" : `${amounts[at]}`);
	}
}

function checkRows(shown: ShownReceipt, leaves: readonly ShareLeaf[], rows: readonly PublishedRow[]): void {
	const here = new Set(shown.rows.map(({ row }) => row));
	same("the rows on the page, each once", shown.rows.length, here.size);
	const least = shown.rows.reduce((found, { sharePpm }) => Math.min(found, sharePpm), here.size === 0 ? -1 : PPM);
	const hidden = leaves.find(({ row, sharePpm }) => !here.has(row) && sharePpm > least);
	same("a row that earned more than those on the page", hidden === undefined ? "none" : `row ${hidden.row}`, "none");
	for (const { row, sharePpm, account, prompt, response, before } of shown.rows) {
		const leaf = leaves.find((one) => one.row === row);
		const paid = leaf === undefined ? "none" : `${leaf.sharePpm} ${leaf.contributor.toLowerCase()}`;
		same(`the share of row ${row}, on the page`, `${sharePpm} ${account.toLowerCase()}`, paid);
		// The text may be gone here; what is there is the snapshot's.
		if (response === undefined) continue;
		const told = rows[row];
		const text = (said: Pick<PublishedRow, "prompt" | "response"> & { readonly before?: unknown }) =>
			canonicalJson([said.prompt, said.response, said.before ?? null]);
		const here = { prompt: prompt ?? "", response, ...(before && { before }) };
		same(`the text of row ${row}, on the page`, text(here), told === undefined ? "none" : text(told));
	}
}
