import { describe, expect, test } from "vitest";
import { createEngine } from "../generation/engine.js";
import { tinyBase } from "../selftest/tinyBase.js";
import { type AdapterConfig, adapterModules, adapterScales, initialAdapter } from "./adapterConfig.js";
import { mergeAdapter, unmergeAdapter } from "./mergeAdapter.js";
import { readAdapter, writeAdapterModel } from "./peft.js";
import { writeAdapterConfig } from "./peftConfig.js";

const base = tinyBase();
const config: AdapterConfig = {
	rank: 4,
	alpha: 8,
	targets: ["q_proj", "layers.1.mlp.down_proj", "v_proj"],
	rankStabilised: true,
	rankPattern: { "layers.0.self_attn.q_proj": 3, v_proj: 7 },
	alphaPattern: { "model.layers.1.*": 5 },
};
const weights = new Map(
	[...initialAdapter(base.config, config, 9)].map(([path, { A, B }]) => [
		path,
		{ A, B: B.map((_, i) => (((i * 5) % 7) - 3) / 25) },
	]),
);
const json = JSON.parse(JSON.stringify(writeAdapterConfig(config, "tiny"))) as unknown;
const adapter = readAdapter(base.config, json, writeAdapterModel(base.config, config, weights));
const merged = mergeAdapter(base, adapter);

describe("mergeAdapter", () => {
	test("default: the merged base answers as base and adapter do, within 1e-5 of the largest logit", () => {
		const tokens = [1, 40, 41, 90, 2, 77];
		const apart = createEngine(base).nextLogits(tokens, adapter);
		const together = createEngine(merged).nextLogits(tokens);
		const scale = Math.max(...apart.map(Math.abs));
		apart.forEach((x, i) => {
			expect(Math.abs(x - together[i]!) / scale).toBeLessThan(1e-5);
		});
		expect(createEngine(base).nextLogits(tokens)).not.toEqual(apart);
	});

	test("the bits are those of the docstring; untouched parameters are the same arrays", () => {
		const scaleOf = adapterScales(config);
		const touched = new Set<string>();
		for (const { path, rank, inputSize, outputSize } of adapterModules(base.config, config)) {
			touched.add(`${path}.weight`);
			const { A, B } = weights.get(path)!;
			const W = base.parameters.get(`${path}.weight`)!;
			const expected = W.map((w, at) => {
				const [o, i] = [Math.floor(at / inputSize), at % inputSize];
				let p = 0;
				for (let k = 0; k < rank; k++) p = Math.fround(p + Math.fround(B[o * rank + k]! * A[k * inputSize + i]!));
				return w + Math.fround(p * scaleOf(path, rank));
			});
			expect(expected).toHaveLength(outputSize * inputSize);
			expect(merged.parameters.get(`${path}.weight`)).toEqual(expected);
		}
		for (const [name, values] of base.parameters)
			if (!touched.has(name)) expect(merged.parameters.get(name)).toBe(values);
		expect(touched.size).toBe(5);
	});

	test("unmerging returns to within 2⁻²³·(|W| + |change|)", () => {
		const back = unmergeAdapter(merged, adapter);
		for (const [name, values] of base.parameters) {
			const [there, again] = [merged.parameters.get(name)!, back.parameters.get(name)!];
			values.forEach((w, i) => {
				const bound = 2 ** -23 * (Math.abs(w) + Math.abs(there[i]! - w) * 1.001);
				expect(Math.abs(again[i]! - w)).toBeLessThanOrEqual(bound);
			});
		}
		expect(new Set([base.digest, merged.digest, back.digest]).size).toBe(3);
	});
});
