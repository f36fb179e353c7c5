// Packing changes no number: a row's losses end to end with others are those it has alone, and so is a whole training step.
import { compile, crossEntropy, input, packedAttention } from "@openledger/tensor";
import { describe, expect, test } from "vitest";
import { createEngine } from "../generation/engine.js";
import { type AdapterConfig, initialAdapter } from "../lora/adapterConfig.js";
import { inputNameA, inputNameB } from "../lora/adapterGraph.js";
import { readBase } from "../model/baseModel.js";
import { llamaInputs, llamaLogits } from "../model/llama.js";
import { LINEARS } from "../model/parameters.js";
import { tinyBase } from "../selftest/tinyBase.js";
import { tinyFamilies } from "../selftest/tinyFamilies.js";
import { type Batch, makeBatch, stepWeights, type TokenRow } from "./batch.js";
import { adapterLoss, adapterParameterShapes, batchFeeds } from "./loss.js";
import { packBatch } from "./packedBatch.js";
import { createTrainer } from "./trainer.js";

const base = tinyBase();
const config: AdapterConfig = { rank: 4, alpha: 8, targets: LINEARS };
const rows: TokenRow[] = [
	{ tokens: [1, 9, 2, 8, 3], from: 3 },
	{ tokens: [1, 40, 90, 2, 77, 3], from: 4 },
	{ tokens: [1, 41, 91, 2, 78, 3], from: 4 },
	{ tokens: [1, 60, 61, 62, 63, 2, 64, 65, 66, 67, 3], from: 9, earlier: [[5, 7]] },
	{ tokens: Array.from({ length: 37 }, (_, i) => 20 + ((i * 7) % 90)), from: 1 },
];

function tokenLosses(batch: Batch): Float32Array {
	const engine = createEngine(base);
	const { rows: B, length, slots } = batch.shape;
	const rowOf = input("rowOf", [length], "i32");
	const logits = llamaLogits(base.config, llamaInputs(base.config, B, length), B, length, {
		...(slots !== undefined && { attend: (_, q, k, v, scale) => packedAttention(q, k, v, rowOf, scale, { slots }) }),
	});
	const losses = crossEntropy(logits, input("targets", [B * length], "i32"));
	const { weights: _, ...feeds } = batchFeeds(base.config, batch, batch.counted);
	return compile(engine.machine, { losses }).run({ ...engine.resident, ...feeds }).losses;
}

describe("packing", () => {
	test("default: a row's token losses are those it has alone, bit for bit", () => {
		const packed = packBatch(rows, base.padding);
		expect(packed.shape).toEqual({ rows: 1, length: 64, slots: 6 });
		expect(packed.counts).toEqual([2, 2, 2, 4, 36]);
		const together = tokenLosses(packed);
		let at = 0;
		for (const row of rows) {
			const length = row.tokens.length - 1;
			const alone = makeBatch([row], base.padding);
			expect(together.slice(at, at + length)).toEqual(tokenLosses(alone).slice(0, length));
			expect(packed.counted.slice(at, at + length)).toEqual(alone.counted.slice(0, length));
			at += length;
		}
	});

	test("behavior: what a row may not see does not change it", () => {
		const other = rows.map((row, i) => (i === 3 ? row : { ...row, tokens: row.tokens.map((id) => (id + 5) % 200) }));
		const [a, b] = [packBatch(rows, base.padding), packBatch(other, base.padding)].map(tokenLosses) as [
			Float32Array,
			Float32Array,
		];
		expect(a.slice(14, 24)).toEqual(b.slice(14, 24));
		expect(a.slice(0, 14)).not.toEqual(b.slice(0, 14));
	});

	const worlds = tinyFamilies().map(({ name, files, adapter }) => ({
		name,
		own: readBase(files, name),
		config: adapter,
	}));
	test.each([{ name: "tiny", own: base, config }, ...worlds])(
		"behavior: steps leave the bits of padded ones, $name",
		({ own, config }) => {
			const state = (lay: typeof makeBatch) => {
				const engine = createEngine(own);
				const initial = new Map<string, Float32Array>();
				for (const [path, { A, B }] of initialAdapter(own.config, config, 3))
					initial.set(inputNameA(path), A).set(inputNameB(path), B);
				const trainer = createTrainer({
					machine: engine.machine,
					shapes: adapterParameterShapes(own.config, config),
					initial,
					loss: adapterLoss(own.config, config),
					settings: { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, epsilonRoot: 1e-12, weightDecay: 0.01, clip: 1 },
				});
				for (const groups of [
					[[0, 1, 2]],
					[
						[3, 4],
						[1, 0],
					],
					[[4]],
				]) {
					const batches = groups.map((ids) =>
						lay(
							ids.map((i) => rows[i]!),
							own.padding,
						),
					);
					const weights = stepWeights(batches);
					const micro = batches.map((batch, i) => ({
						shape: batch.shape,
						feeds: { ...engine.resident, ...batchFeeds(own.config, batch, weights[i]!) },
					}));
					trainer.stepOver(micro, 0.01);
				}
				return trainer.state();
			};
			expect(state(packBatch)).toEqual(state(makeBatch));
		},
	);
});
