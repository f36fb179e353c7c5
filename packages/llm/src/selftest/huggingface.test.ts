// Our forward pass against Hugging Face transformers and PEFT (the file beside; made by packages/llm/oracles/logits.py).

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createEngine } from "../generation/engine.js";
import { readAdapter } from "../lora/peft.js";
import { writeAdapterConfig } from "../lora/peftConfig.js";
import { tinyAdapter } from "./tinyAdapter.js";
import { tinyBase } from "./tinyBase.js";

interface Golden {
	readonly madeBy: string;
	readonly tokens: readonly number[];
	readonly places: readonly number[];
	readonly base: readonly (readonly number[])[];
	readonly adapter: readonly (readonly number[])[];
}

const golden = JSON.parse(readFileSync(new URL("./huggingface.golden.json", import.meta.url), "utf8")) as Golden;
const base = tinyBase();
const engine = createEngine(base);
const { config, model } = tinyAdapter(base);
const adapter = readAdapter(base.config, writeAdapterConfig(config, "tiny"), model);
const best = (x: ArrayLike<number>) => Array.from(x).reduce((at, value, i, all) => (value > all[at]! ? i : at), 0);

describe(`logits of ${golden.madeBy}`, () => {
	for (const [name, expected, own] of [
		["base", golden.base, undefined],
		["base with adapter", golden.adapter, adapter],
	] as const) {
		test(`${name}: within 1e-4 of the largest, same greedy token`, () => {
			golden.places.forEach((place, i) => {
				const got = engine.nextLogits(golden.tokens.slice(0, place + 1), own);
				const scale = Math.max(...expected[i]!.map(Math.abs));
				expect(got).toHaveLength(expected[i]!.length);
				got.forEach((x, j) => {
					expect(Math.abs(x - expected[i]![j]!) / scale).toBeLessThan(1e-4);
				});
				expect(best(got)).toBe(best(expected[i]!));
			});
		});
	}
	test("the adapter matters", () => {
		expect(golden.adapter).not.toEqual(golden.base);
	});
});
