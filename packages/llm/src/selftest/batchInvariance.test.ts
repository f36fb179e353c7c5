// A row's logits, loss and gradients are the same bits alone and in any batch: at any place, beside any rows, beside any adapters, however
// much padding its neighbours bring, on any number of threads. (Answers in batches: generation/batch.test.ts.)

import { compile, constant, createMachine, input, type Machine, sumAll, vjp } from "@openledger/tensor";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { initialAdapter } from "../lora/adapterConfig.js";
import { adapterAddition, inputNameA, inputNameB } from "../lora/adapterGraph.js";
import { llamaInputs, llamaLogits } from "../model/llama.js";
import { LINEARS } from "../model/parameters.js";
import { makeBatch, type TokenRow } from "../training/batch.js";
import { adapterParameterShapes, adapterTensors, batchFeeds, residentBase, rowLosses } from "../training/loss.js";
import { tinyBase } from "./tinyBase.js";

const base = tinyBase();
const { config } = base;
const adapter = { rank: 3, alpha: 6, targets: LINEARS };
const shapes = adapterParameterShapes(config, adapter);

/** Lengths on both sides of the padding's step; prompts of different lengths. */
const rows: TokenRow[] = [3, 9, 10, 17, 24, 40].map((length, r) => ({
	tokens: Array.from({ length }, (_, i) => 1 + ((i * 31 + r * 17) % 250)),
	from: 1 + (r % (length - 1)),
}));
/** Adapters that differ, the first of them without effect. */
const adapters = [0, 1, 2, 3].map((a) => {
	const out = new Map<string, Float32Array>();
	for (const [path, { A, B }] of initialAdapter(config, adapter, a + 1))
		out.set(inputNameA(path), A).set(
			inputNameB(path),
			B.map((_, i) => (a * (((i * 5 + a) % 7) - 3)) / 40),
		);
	return out;
});

const machines: Machine[] = [];
afterAll(() => {
	for (const machine of machines) machine.close();
});

async function machineOf(threads: number) {
	const machine = createMachine({ threads });
	machines.push(machine);
	while (!machine.ready()) await new Promise((resolve) => setTimeout(resolve, 2));
	return { machine, resident: residentBase(machine, base), programs: new Map<string, ReturnType<typeof program>>() };
}

type Place = readonly [row: number, adapter: number];

function program(machine: Machine, B: number, T: number) {
	const tensors = new Map([...shapes].map(([name, shape]) => [name, input(name, [B, ...shape])]));
	const inputs = llamaInputs(config, B, T);
	const addition = adapterAddition(adapter, adapterTensors(config, adapter, tensors), B, T);
	const losses = rowLosses(config, inputs, { rows: B, length: T }, addition);
	const gradients = vjp(sumAll(losses), [...tensors.values()], constant(1));
	const logits = llamaLogits(config, inputs, B, T, { addition });
	return compile(machine, {
		...Object.fromEntries([...tensors.keys()].map((name, i) => [`gradient ${name}`, gradients[i]!])),
		logits,
		losses,
	});
}

/** For each place what the row there came to: logits of its own positions, loss, gradients of its adapter. */
function run(on: Awaited<ReturnType<typeof machineOf>>, places: readonly Place[]): Record<string, Float32Array>[] {
	const batch = makeBatch(
		places.map(([row]) => rows[row]!),
		base.padding,
	);
	const { rows: B, length: T } = batch.shape;
	const key = `${B}x${T}`;
	const compiled = on.programs.get(key) ?? program(on.machine, B, T);
	on.programs.set(key, compiled);
	const fed = [...shapes.keys()].map((name) => {
		const values = places.flatMap(([, a]) => [...adapters[a]!.get(name)!]);
		return [name, Float32Array.from(values)] as const;
	});
	const found = compiled.run({
		...on.resident,
		...Object.fromEntries(fed),
		...batchFeeds(config, batch, batch.counted),
	});
	return places.map(([row], b) =>
		Object.fromEntries(
			Object.entries(found).map(([name, values]) => {
				const own = values.slice((b * values.length) / B, ((b + 1) * values.length) / B);
				return [name, name === "logits" ? own.slice(0, (rows[row]!.tokens.length - 1) * config.vocabSize) : own];
			}),
		),
	);
}

test("default: the same bits alone and in any batch, on 1 and on 2 threads", async () => {
	const one = await machineOf(1);
	const alone = new Map<string, Record<string, Float32Array>>();
	const expected = (place: Place) => {
		const key = place.join();
		if (!alone.has(key)) alone.set(key, run(one, [place])[0]!);
		return alone.get(key)!;
	};
	for (const on of [one, await machineOf(2)]) {
		fc.assert(
			fc.property(
				fc.array(fc.tuple(fc.nat(rows.length - 1), fc.nat(adapters.length - 1)), { minLength: 1, maxLength: 5 }),
				(places) => {
					const found = run(on, places);
					expect(found).toEqual(places.map(expected));
				},
			),
			{ numRuns: 12, seed: 5 },
		);
	}
	const [first, second] = [expected([3, 1]), expected([3, 2])];
	expect(first.logits).not.toEqual(second.logits);
	const name = `gradient ${inputNameA("model.layers.0.self_attn.q_proj")}`;
	expect(first[name]!.some((x) => x !== 0)).toBe(true);
	expect(first[name]).not.toEqual(second[name]);
});
