// This node as the prover of a spot check: it answers for the scores of a receipt from the model that it serves. It must not know who asks.

import { type Answer, createProver, type Prover, type RowOpening } from "@openledger/attribution";
import { type RunMeasure, runMeasure } from "@openledger/factory";
import { type ChatOrder, generateCanonically } from "@openledger/openlora";
import {
	type Hex,
	type MerkleTree,
	merkleTree,
	queryDigest,
	type Receipt,
	receiptFromJson,
	snapshotLeaf,
} from "@openledger/protocol";
import type { ShelvedModel } from "../../model/openModelShelf.js";
import type { NodeParts } from "../../parts.js";
import { readReceipt } from "../readAnswer.js";

/** Runs the answer again and brings all its scores under one root. Throws `receipt/not-found`. */
export async function proveScores(parts: NodeParts, id: Hex): Promise<Prover> {
	const { stored } = await readReceipt(parts, id);
	const receipt = receiptFromJson(stored.receipt);
	const model = parts.shelf.byId(receipt.modelId) ?? (await parts.shelf.serve(receipt.modelId));
	const answer = generateCanonically(parts.engine, stored.order as ChatOrder, model.run.adapter);
	const measure = runMeasure(parts.engine, model.run);
	try {
		return proverOf(model, measure, receipt, id, answer);
	} finally {
		measure.close();
	}
}

/** The prover of an answer by a loaded model. */
export function proverOf(model: ShelvedModel, measure: RunMeasure, receipt: Receipt, id: Hex, answer: Answer): Prover {
	const { rows, attributor } = model;
	const asked = attributor.query(answer);
	let tree: MerkleTree | undefined;
	const open = (index: number): RowOpening => {
		const { prompt, response, before, salt, commitment, contributor, cluster } = rows[index]!;
		tree ??= merkleTree(rows.map(snapshotLeaf));
		return {
			index,
			row: { prompt, response, ...(before && { before }) },
			salt,
			commitment,
			contributor,
			cluster,
			snapshotProof: tree.proofFor(index),
			feature: measure.record(index),
			featureProof: measure.proofOf(index),
		};
	};
	const { snapshotRoot, featuresRoot, method } = receipt;
	return createProver(
		{
			subject: {
				receiptId: id,
				snapshotRoot,
				featuresRoot,
				method,
				queryDigest: queryDigest(asked),
				rows: rows.length,
			},
			scores: rows.map((_, row) => measure.score(asked, row)),
			heads: measure.heads(rows),
			clusters: rows.map(({ cluster }) => cluster),
			open,
		},
		measure.rule,
	);
}
