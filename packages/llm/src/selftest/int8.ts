// Self-test, fourth part: int8 weights. Products and rows of tables on odd sizes and on sizes that threads share, and a tiny model's answers.

import {
	compile,
	drawNormals,
	input,
	type Machine,
	packPanels,
	panelMatmul,
	quantisedGather,
	quantisedMatmul,
	quantiseWeights,
} from "@openledger/tensor";
import { createEngine } from "../generation/engine.js";
import { bytesOf } from "./bytesOf.js";
import { tinyBase } from "./tinyBase.js";

const LANES = 16;
/** [M, N, K] of each product. */
const SIZES = [
	[1, 37, 22],
	[5, 37, 23],
	[1, 903, 517],
	[7, 1003, 130],
] as const;

/** Every product in int8 and in packed f32, rows of the int8 table, logits of a session, and greedy and sampled answers. */
export function int8(machine: Machine): Uint8Array[] {
	const products = SIZES.flatMap(([M, N, K], i) => {
		const rows = drawNormals({ seed: 13, purpose: 0x5e1f, step: i }, M * K);
		const table = numbers(N * K, i);
		const { words, scales } = quantiseWeights(table, N, K);
		const panels = Math.ceil(N / LANES);
		const x = input("x", [M, K]);
		const wordsIn = input("words", [panels, Math.ceil(K / 4), LANES], "i32");
		const scalesIn = input("scales", [panels * LANES]);
		const outputs = {
			gathered: quantisedGather(wordsIn, scalesIn, input("ids", [3], "i32"), K),
			int8: quantisedMatmul(x, wordsIn, scalesIn, N),
			packed: panelMatmul(x, input("panels", [panels, K, LANES]), N),
		};
		const ids = Int32Array.of(N - 1, 0, 16);
		const feeds = { x: rows, words, scales, panels: packPanels(table, N, K), ids };
		const found = compile(machine, outputs).run(feeds);
		return [bytesOf(found.gathered), bytesOf(found.int8), bytesOf(found.packed)];
	});
	const engine = createEngine(tinyBase(), machine, { weights: "int8" });
	const session = engine.open(8);
	const logits = [[1, 40, 90], [2], [77]].map((tokens) => bytesOf(session.feed(tokens)));
	session.close();
	const messages = [{ role: "user" as const, content: "What is the capital of Peru?" }];
	const answers = [undefined, { temperature: 0.8, topP: 0.9, seed: 5 }].map((sampling) =>
		engine.generate({ messages, maxTokens: 6, ...(sampling && { sampling }) }),
	);
	const tokens = answers.flatMap(({ responseTokens }) => responseTokens.flatMap((t) => [t & 255, t >> 8]));
	return [...products, ...logits, Uint8Array.from(tokens)];
}

/** Weights whose rows differ in size, so that their scales do. */
function numbers(count: number, step: number): Float32Array {
	return Float32Array.from({ length: count }, (_, i) => {
		const whole = ((i * 40503 + step * 9973) % 65521) - 32760;
		return (whole * (1 + (i % 1031))) / 262139;
	});
}
