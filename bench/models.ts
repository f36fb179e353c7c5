// The models that the engine's benches share: about 3 M, 15 M and 135 M parameters, weights made up.

import { builtInShapes, type LlamaConfig, parameterShapes } from "@openledger/llm";
import { createMachine, drawNormals, type Feed, type Machine, size } from "@openledger/tensor";

export type Model = {
	readonly name: string;
	readonly config: LlamaConfig;
	readonly rows: number;
	readonly length: number;
	readonly steps: number;
};

/** A context no longer than the benches use. */
const shape = (name: keyof typeof builtInShapes): LlamaConfig => ({ ...builtInShapes[name], maxPositions: 256 });

export const MODELS: readonly Model[] = [
	{ name: "3M", config: shape("3M"), rows: 16, length: 64, steps: 7 },
	{ name: "15M", config: shape("15M"), rows: 8, length: 128, steps: 5 },
	{ name: "135M", config: shape("135M"), rows: 2, length: 128, steps: 3 },
];

/** Normals to fill weights with, over and over: what they are does not matter to time. */
export const BLOCK = drawNormals({ seed: 1, purpose: 0xbe }, 1 << 16).map((x) => 0.02 * x);

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
export const count = (shapes: Iterable<readonly number[]>): number =>
	[...shapes].reduce((n, shape) => n + size(shape), 0);

/** A machine whose threads are up. */
export async function ready(threads: number): Promise<Machine> {
	const machine = createMachine({ threads, maxBytes: 4 * 1024 ** 3 - 65536 });
	for (const end = performance.now() + 5000; !machine.ready() && performance.now() < end; )
		await new Promise((r) => setTimeout(r, 5));
	return machine;
}

/** Made-up parameters by name, made when they are asked for. */
export function madeUpParameters(config: LlamaConfig): { get(name: string): Float32Array } {
	const shapes = parameterShapes(config);
	return {
		get(name) {
			const shape = shapes.get(name)!;
			const values = new Float32Array(size(shape));
			if (shape.length === 1) return values.fill(1);
			for (let at = 0; at < values.length; at += BLOCK.length)
				values.set(BLOCK.subarray(0, Math.min(BLOCK.length, values.length - at)), at);
			return values;
		},
	};
}

/** Made-up weights in the machine, by input name. */
export function residentWeights(machine: Machine, config: LlamaConfig): Record<string, Feed> {
	const parameters = madeUpParameters(config);
	return Object.fromEntries(
		[...parameterShapes(config)].map(([name, shape]) => [name, machine.buffer(shape, parameters.get(name))]),
	);
}
