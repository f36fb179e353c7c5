import {
	adapterAddition,
	adapterParameterShapes,
	adapterTensors,
	batchFeeds,
	createEngine,
	llamaInputs,
	makeBatch,
	rowLosses,
	tinyAdapter,
	tinyBase,
} from "@openledger/llm";
import { broadcastTo, compile, constant, input, reshape, sumAll, vjp } from "@openledger/tensor";
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

test("behavior: the gradients are those of a graph with an adapter of its own for each row, bit for bit", () => {
	const texts = [
		{ tokens: [1, 2, 3, 4, 5, 6, 7], from: 2 },
		{ tokens: [9, 8, 7], from: 1 },
		{ tokens: [4, 4, 4, 11, 12, 13, 14, 15], from: 4 },
	];
	const some = makeBatch(texts, base.padding);
	const { rows, length } = some.shape;
	const shapes = adapterParameterShapes(base.config, config);
	const perRow = new Map(
		[...shapes].map(([name, shape]) => [
			name,
			broadcastTo(reshape(input(name, shape), [1, ...shape]), [rows, ...shape]),
		]),
	);
	const addition = adapterAddition(config, adapterTensors(base.config, config, perRow), rows, length);
	const loss = sumAll(rowLosses(base.config, llamaInputs(base.config, rows, length), some.shape, addition));
	const found = vjp(loss, [...perRow.values()], constant(1));
	const program = compile(engine.machine, Object.fromEntries([...shapes.keys()].map((name, i) => [name, found[i]!])));
	const fixed = { ...engine.resident, ...Object.fromEntries(parameters) };
	const expected = program.run({ ...fixed, ...batchFeeds(base.config, some, some.counted) });
	const gradients = openAdapterGradients(engine, config, { step: 1, parameters, second }, (g, name) => ({ [name]: g }));
	// The metric is 1 over the fourth root of 1 and next to nothing, which is 1 in f32.
	expect(gradients.reduce(some)).toEqual(expected);
	expect(Object.values(expected).every((values) => values.some((x) => x !== 0))).toBe(true);
	gradients.close();
});
