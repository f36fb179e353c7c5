// Our forward pass against Hugging Face transformers and PEFT (the files beside; made by packages/llm/oracles/logits.py).

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createEngine } from "../generation/engine.js";
import type { AdapterConfig } from "../lora/adapterConfig.js";
import { readAdapter } from "../lora/peft.js";
import { writeAdapterConfig } from "../lora/peftConfig.js";
import { type BaseModel, readBase } from "../model/baseModel.js";
import { tinyAdapter } from "./tinyAdapter.js";
import { tinyBase } from "./tinyBase.js";
import { tinyFamilies } from "./tinyFamilies.js";

interface Golden {
	readonly madeBy: string;
	readonly model: string;
	readonly tokens: readonly number[];
	readonly places: readonly number[];
	readonly base: readonly (readonly number[])[];
	readonly greedy: readonly number[];
	readonly adapter: readonly (readonly number[])[];
	readonly adapterGreedy: readonly number[];
}

const best = (x: ArrayLike<number>) => Array.from(x).reduce((at, value, i, all) => (value > all[at]! ? i : at), 0);

const models: readonly { name: string; base: BaseModel; wanted?: AdapterConfig }[] = [
	{ name: "tiny", base: tinyBase() },
	...tinyFamilies().map(({ name, files, adapter }) => ({ name, base: readBase(files, name), wanted: adapter })),
];

describe.each(models)("$name", ({ name, base, wanted }) => {
	const file = new URL(`./huggingface.${name}.golden.json`, import.meta.url);
	const golden = JSON.parse(readFileSync(file, "utf8")) as Golden;
	const engine = createEngine(base);
	const { config, model } = tinyAdapter(base, wanted);
	const json = JSON.parse(JSON.stringify(writeAdapterConfig(config, name))) as unknown;
	const adapter = readAdapter(base.config, json, model);

	for (const [title, expected, greedy, own] of [
		["base", golden.base, golden.greedy, undefined],
		["base with adapter", golden.adapter, golden.adapterGreedy, adapter],
	] as const) {
		test(`${title}: logits within 1e-4 of the largest of ${golden.model} by ${golden.madeBy}`, () => {
			golden.places.forEach((place, i) => {
				const got = engine.nextLogits(golden.tokens.slice(0, place + 1), own);
				const scale = Math.max(...expected[i]!.map(Math.abs));
				expect(got).toHaveLength(expected[i]!.length);
				const worst = Math.max(...got.map((x, j) => Math.abs(x - expected[i]![j]!) / scale));
				expect(worst).toBeLessThan(1e-4);
			});
		});
		test(`${title}: the same ${greedy.length} greedy tokens`, () => {
			const tokens = [...golden.tokens];
			for (let step = 0; step < greedy.length; step++) tokens.push(best(engine.nextLogits(tokens, own)));
			expect(tokens.slice(golden.tokens.length)).toEqual(greedy);
		});
	}
	test("the adapter matters", () => {
		expect(golden.adapter).not.toEqual(golden.base);
	});
});
