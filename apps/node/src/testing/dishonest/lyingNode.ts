// A node that lies about one stored answer: scores, shares, signature and database all agree with the lie, so that nothing but doing the work
// again, or a part of it, can show it.

import { type Answer, createProver, type FeatureRecord, type Prover } from "@openledger/attribution";
import { runMeasure } from "@openledger/factory";
import { type ChatOrder, generateCanonically } from "@openledger/openlora";
import {
	type CountedScore,
	type Hex,
	merkleTree,
	queryDigest,
	type Receipt,
	receiptFromJson,
	receiptId,
	receiptToJson,
	type ShareLeaf,
	scoresRoot,
	sharesRoot,
	signReceipt,
	snapshotLeaf,
} from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { receipts, scores, shares } from "../../database/schema.js";
import { readReceipt } from "../../inference/readAnswer.js";
import type { NodeParts } from "../../parts.js";

/** What is true of the answer. */
export interface Truth {
	readonly scores: readonly number[];
	readonly contributors: readonly Hex[];
	/** Rows by score, the best first; heads alone. */
	readonly best: readonly number[];
	record(row: number): FeatureRecord;
}

export interface Lie {
	readonly scores?: readonly number[];
	/** By default what the rule makes of the scores. */
	readonly leaves?: readonly ShareLeaf[];
	/** A query by another base or adapter. */
	readonly query?: (answer: Answer) => Int8Array;
	readonly receipt?: Partial<Receipt>;
}

export interface LyingNode {
	/** The receipt that it signed. */
	readonly id: Hex;
	readonly prover: () => Promise<Prover>;
	undo(): Promise<void>;
}

/** Puts the lie in the place of an honest receipt until undone. */
export async function lieAbout(parts: NodeParts, id: Hex, lie: (truth: Truth) => Lie): Promise<LyingNode> {
	const { stored, leaves: before, counted } = await readReceipt(parts, id);
	const honest = receiptFromJson(stored.receipt);
	const model = parts.shelf.byId(honest.modelId)!;
	const measure = runMeasure(parts.engine, model.run);
	const { rows } = model;
	const answer = generateCanonically(parts.engine, stored.order as ChatOrder, model.run.adapter);
	const heads = measure.heads(rows);
	const trueScores = rows.map((_, row) => measure.score(model.attributor.query(answer), row));
	const best = rows.map((_, row) => row).filter((row) => heads[row]);
	best.sort((a, b) => trueScores[b]! - trueScores[a]!);
	const told = lie({
		scores: trueScores,
		contributors: rows.map(({ contributor }) => contributor),
		best,
		record: measure.record,
	});
	const asked = told.query?.(answer) ?? model.attributor.query(answer);
	const said = told.scores ?? rows.map((_, row) => measure.score(asked, row));
	const tree = merkleTree(rows.map(snapshotLeaf));
	const make = (receipt: Receipt) =>
		createProver(
			{
				subject: {
					receiptId: receiptId(receipt),
					snapshotRoot: receipt.snapshotRoot,
					featuresRoot: receipt.featuresRoot,
					method: receipt.method,
					queryDigest: queryDigest(model.attributor.query(answer)),
					rows: rows.length,
				},
				scores: said,
				heads,
				clusters: rows.map(({ cluster }) => cluster),
				open: (index) => {
					const { prompt, response, salt, commitment, contributor, cluster } = rows[index]!;
					const entry = { index, row: { prompt, response }, salt, commitment, contributor, cluster };
					const proofs = { snapshotProof: tree.proofFor(index), featureProof: measure.proofOf(index) };
					return { ...entry, ...proofs, feature: measure.record(index) };
				},
			},
			measure.rule,
		);
	const { root } = make(honest).commitment;
	const candidates = best.map((row) => ({
		...{ row, score: said[row]!, head: true, contributor: rows[row]!.contributor },
		...{ cluster: rows[row]!.cluster, feature: measure.record(row) },
	}));
	const ruled = measure.rule.shares(root, candidates);
	const leaves = told.leaves ?? ruled.leaves;
	const receipt = {
		...honest,
		sharesRoot: sharesRoot(leaves),
		scoresRoot: scoresRoot(ruled.counted),
		...told.receipt,
	};
	const lieId = receiptId(receipt);
	const signature = await signReceipt(parts.keys.account("node"), receipt);
	const unattributedPpm = 1_000_000 - leaves.reduce((sum, { sharePpm }) => sum + sharePpm, 0);
	await parts.db
		.update(receipts)
		.set({ id: lieId, signature, receipt: receiptToJson(receipt), unattributedPpm })
		.where(eq(receipts.id, id));
	const put = async (owner: Hex, gone: Hex, list: readonly ShareLeaf[], count: readonly CountedScore[]) => {
		await parts.db.delete(shares).where(eq(shares.receiptId, gone));
		await parts.db.delete(scores).where(eq(scores.receiptId, gone));
		if (list.length > 0) await parts.db.insert(shares).values(list.map((leaf) => ({ receiptId: owner, ...leaf })));
		if (count.length > 0) await parts.db.insert(scores).values(count.map((one) => ({ receiptId: owner, ...one })));
	};
	await put(lieId, id, leaves, ruled.counted);
	measure.close();
	const prover = make(receipt);
	return {
		id: lieId,
		prover: async () => prover,
		async undo() {
			await parts.db.update(receipts).set(stored).where(eq(receipts.id, lieId));
			await put(id, lieId, before, counted);
		},
	};
}
