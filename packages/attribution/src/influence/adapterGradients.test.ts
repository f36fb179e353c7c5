import { adapterParameterShapes, createEngine, makeBatch, tinyAdapter, tinyBase } from "@openledger/llm";
import { expect, test } from "vitest";
import { openAdapterGradients } from "./adapterGradients.js";

const base = tinyBase();
const engine = createEngine(base);
const { config, weights } = tinyAdapter(base);
const parameters = new Map<string, Float32Array>(
	[...weights].flatMap(([path, { A, B }]) => [[`${path}.lora_A`, A] as const, [`${path}.lora_B`, B] as const]),
);
const second = new Map([...parameters].map(([name, values]) => [name, new Float32Array(values.length).fill(1)]));
const batch = makeBatch([{ tokens: [1, 2, 3, 4, 5], from: 2 }], base.padding);

test("behavior: a matrix of which nothing is kept is left out, and the others are what they were", () => {
	const names = [...adapterParameterShapes(base.config, config).keys()];
	const checkpoint = { step: 1, parameters, second };
	const all = openAdapterGradients(engine, config, checkpoint, (g, name) => ({ [name]: g }));
	const some = openAdapterGradients(engine, config, checkpoint, (g, name) => (name === names[0] ? {} : { [name]: g }));
	const [whole, part] = [all.reduce(batch), some.reduce(batch)];
	expect(Object.keys(part)).toEqual(names.slice(1));
	for (const name of names.slice(1)) expect(part[name]).toEqual(whole[name]);
	all.close();
	some.close();
});
