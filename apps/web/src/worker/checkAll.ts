// All checks of a receipt in their order. Every input is fetched and held against a digest that chain and signature commit to; then the answer is
// given again, every row scored again and the shares counted again, by the engine that nodes run. The checks are the node's own.

import { assuranceOf, createAttributor } from "@openledger/attribution";
import {
	type CheckOne,
	checkMeasured,
	checkPublishedRows,
	checkPublishedRun,
	checkSpanRecord,
	checkSpanSignature,
	Difference,
	type PublishedRow,
	readRun,
	recordedTrainingOf,
	same,
} from "@openledger/factory";
import { baseFilesOf, createEngine, type Engine, engineId, readBase } from "@openledger/llm";
import type { Hex, Receipt } from "@openledger/protocol";
import type { Verified, VerifyRequest } from "../shared/verification/messages.js";
import { type CheckedRecord, checkRecord, type ReceiptEvidence } from "./checkRecord.js";
import { checkShown } from "./checkShown.js";
import { type EvidenceSource, Unavailable } from "./evidenceSource.js";
import { readRows } from "./readRows.js";

export type Shown = Pick<Verified, "isWhole" | "checked" | "notChecked" | "chances">;

export type CheckAll = VerifyRequest & {
	readonly nonce: Hex;
	readonly told: ReceiptEvidence;
	readonly source: EvidenceSource;
	readonly onRow: (done: number, total: number) => void;
};

/** A run's file or a snapshot of a million rows; beyond it a browser has no room. */
const MOST_EVIDENCE = 2 ** 30;

export async function checkAll(input: CheckAll, check: CheckOne): Promise<Shown> {
	const { told, source, nonce, onRow } = input;
	const id = input.receiptId as Hex;
	const record = await checkRecord({ id, rpcUrl: `${input.origin}/rpc`, told }, check);
	const { receipt, counted, model } = record;
	const evidence = `/api/models/${receipt.modelId}/evidence`;
	const engine = await check("base", () => checkBase(source, receipt));
	const rows = await check("rows", async () => {
		const bytes = await need(source, `${evidence}/rows.jsonl`);
		const read = readRows(bytes);
		const erased = read.filter((row) => row.erased).length;
		// Else a node could keep a row's text to itself, and with it the feature that its text does not give.
		if (BigInt(erased) > record.tombstones)
			throw new Difference(`${erased} rows are said to be erased, the chain knows of ${record.tombstones}`);
		return [checkPublishedRows(read, receipt.snapshotRoot), read];
	});
	const isWhole = !rows.some(({ erased }) => erased);
	const run = await check("run", async () => {
		const file = (name: string) => source.bytes(`${evidence}/${name.replace("/", "_")}`, { most: MOST_EVIDENCE });
		const read = await readRun(model.name, file, engine);
		return [checkPublishedRun(read, receipt, model), read];
	});
	if (isWhole)
		// A run that had passed over somebody's rows would have no features of them, and they no share.
		await check("steps", async () => {
			const { total } = recordedTrainingOf(engine, run, rows);
			return [`each of the ${total} steps met the rows that recipe and snapshot give it`, undefined];
		});
	const attributor = createAttributor(engine, run, rows);
	const withSpace = input.withSpace && isWhole;
	try {
		const given = { receipt, order: told.order, kept: told, leaves: told.leaves, counted };
		// Of rows that were erased nobody can make features again.
		const drawn = isWhole ? input.rows : 0;
		const found = await checkMeasured({ ...given, engine, run, rows, attributor, nonce, drawn, named: [] }, check, {
			withSpace,
			onProgress: onRow,
			pause: () => new Promise((resolve) => setTimeout(resolve)),
		});
		await check("spans", () => checkSpans(id, record, told, rows));
		await check("shown", async () => [checkShown(input.shown, { record, told, rows }), undefined]);
		const shown = { rows: found.rows, drawn: found.drawn, paid: told.leaves.length, weighted: 0 };
		const withSpans = isWhole && told.spans !== null;
		return said(assuranceOf({ mode: "full", ...shown }), record, { withSpace, isWhole, withSpans });
	} finally {
		attributor.close();
	}
}

async function need(source: EvidenceSource, path: string): Promise<Uint8Array> {
	const bytes = await source.bytes(path, { most: MOST_EVIDENCE });
	if (bytes === undefined) throw new Unavailable(`the node has nothing at ${path}`);
	return bytes;
}

async function checkBase(source: EvidenceSource, { baseDigest, engineId: stated }: Receipt): Promise<[string, Engine]> {
	same("the engine of this page", engineId(), stated);
	const path = `/api/bases/${baseDigest}/files`;
	const { files } = (await source.json(path)) as { readonly files: readonly { readonly name: string }[] };
	const readAll = async (anew: boolean) => {
		const read = new Map<string, Uint8Array>();
		for (const { name } of files) {
			const at = `${path}/${encodeURIComponent(name)}`;
			const bytes = await source.bytes(at, { keepAs: `${baseDigest}/${name}`, anew });
			if (bytes === undefined) throw new Unavailable(`the node lists ${name} and has nothing at ${at}`);
			read.set(name, bytes);
		}
		return readBase(baseFilesOf(read, "base"), "base");
	};
	const before = source.counts.keptBytes;
	const usedKept = () => source.counts.keptBytes > before;
	const first = await readAll(false).catch((error: unknown) => {
		if (!usedKept() || error instanceof Unavailable) throw error;
		return undefined;
	});
	// What this browser kept may be damaged, which says nothing about the node.
	const base = first !== undefined && (first.digest === baseDigest || !usedKept()) ? first : await readAll(true);
	same("the base's digest", base.digest, baseDigest);
	return [`${files.length} files, digest ${base.digest}`, createEngine(base)];
}

async function checkSpans(
	receiptId: Hex,
	{ receipt, model }: CheckedRecord,
	{ spans, salt, response }: ReceiptEvidence,
	rows: readonly PublishedRow[],
): Promise<[string, undefined]> {
	if (spans === null) return ["none was kept with this answer, so none is checked", undefined];
	const asked = { receiptId, receipt, salt, response, node: model.node };
	await checkSpanSignature(asked, spans);
	return [checkSpanRecord(asked, spans.record, rows), undefined];
}

/** What it shows, and what it does not: the node's words, and what is different in a browser. */
function said(
	{ checked, notChecked, chances }: ReturnType<typeof assuranceOf>,
	{ paidAlone }: CheckedRecord,
	{ withSpace, isWhole, withSpans }: Record<"withSpace" | "isWhole" | "withSpans", boolean>,
): Shown {
	const ofSpace = (text: string) => text.startsWith("the directions");
	return {
		isWhole,
		checked: [
			"the receipt's hash and signature; model, base, run, rows and payment against what the chain answered",
			...checked.filter((text) => withSpace || !ofSpace(text)),
			...(withSpans ? ["every stretch that is said to stand in a row, from an index made anew"] : []),
			"what this page shows of the receipt: record, question, answer, fee, shares, rows",
		],
		notChecked: [
			...(withSpace ? [] : checked.filter(ofSpace)),
			...(isWhole ? [] : ["features and training steps of a snapshot of which rows were erased since"]),
			...(paidAlone ? [] : ["the voucher or key that the fee was charged to: the node's own verification does"]),
			...(withSpans ? [] : ["which stretches of the answer stand in rows, and how often"]),
			...notChecked,
			"that the contracts which the receipt names are the network's: their addresses can be compared elsewhere",
			"the contributors' names, which only the node knows, and what became of the payouts: their transactions show that",
			"that the chain's answers are the chain's: they came through this node; the on-chain values can be compared elsewhere",
			"this page itself: its program came from the node too, and openledger receipt verify on your machine is another",
		],
		chances,
	};
}
