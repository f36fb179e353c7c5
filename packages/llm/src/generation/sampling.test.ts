// Filters and penalty against Hugging Face's logits processors (sampling.golden.json, made by packages/llm/oracles/sampling.py); draws against
// the distribution they are drawn from; the bits of the first form of this file's rooms.

import { readFileSync } from "node:fs";
import { canonicalExp, drawNormals, drawUniform } from "@openledger/tensor";
import { describe, expect, test } from "vitest";
import { ModelError } from "../errors.js";
import { chooseToken } from "./chooseToken.js";
import { drawToken } from "./drawToken.js";
import { type Candidates, filterTokens } from "./filterTokens.js";
import { logProbabilities } from "./logProbabilities.js";
import { penaliseRepetition } from "./penaliseRepetition.js";
import { checkSampling, GREEDY, type Sampling } from "./sampling.js";

interface Golden {
	readonly madeBy: string;
	readonly order: readonly string[];
	readonly seen: readonly number[];
	readonly cases: readonly {
		readonly logits: readonly number[];
		readonly logProbabilities: readonly number[];
		readonly rows: readonly {
			readonly settings: Readonly<Record<string, number>>;
			readonly survivors: readonly (readonly [id: number, probability: number])[];
		}[];
	}[];
}
const golden = JSON.parse(readFileSync(new URL("./sampling.golden.json", import.meta.url), "utf8")) as Golden;

function samplingOf(settings: Readonly<Record<string, number>>): Sampling {
	const { temperature = 1, top_p = 1, top_k = 0, min_p = 0, repetition_penalty = 1 } = settings;
	return { temperature, topP: top_p, topK: top_k, minP: min_p, repetitionPenalty: repetition_penalty, seed: 0 };
}

function probabilities({ weights, idAt }: Candidates): [id: number, probability: number][] {
	const total = weights.reduce((sum, w) => sum + w, 0);
	return [...weights].map((w, rank) => [idAt(rank), w / total]);
}

describe(`as ${golden.madeBy} does it`, () => {
	test("default: the same order of filters", () => {
		expect(golden.order).toEqual([
			"RepetitionPenaltyLogitsProcessor",
			"TemperatureLogitsWarper",
			"TopKLogitsWarper",
			"TopPLogitsWarper",
			"MinPLogitsWarper",
		]);
	});

	golden.cases.forEach(({ logits, rows, ...wanted }, i) => {
		const own = Float32Array.from(logits);
		for (const { settings, survivors } of rows) {
			test(`logits ${i}, ${JSON.stringify(settings)}: the same ${survivors.length} tokens, probabilities within 1e-6`, () => {
				const sampling = samplingOf(settings);
				const left = filterTokens(penaliseRepetition(own, golden.seen, sampling.repetitionPenalty!), sampling);
				const found = new Map(probabilities(left));
				expect([...found.keys()].sort((a, b) => a - b)).toEqual(survivors.map(([id]) => id));
				for (const [id, p] of survivors) expect(Math.abs(found.get(id)! - p)).toBeLessThan(1e-6);
				const greedy = chooseToken(own, { ...sampling, temperature: 0 }, 0, golden.seen);
				expect(greedy).toBe(survivors.reduce((best, row) => (row[1] > best[1] ? row : best))[0]);
			});
		}
		test(`logits ${i}: log-probabilities within 1e-9`, () => {
			const { logprob, top } = logProbabilities(own, 5, 48);
			expect(Math.abs(logprob - wanted.logProbabilities[5]!)).toBeLessThan(1e-9);
			for (const { token, logprob } of top)
				expect(Math.abs(logprob - wanted.logProbabilities[token]!)).toBeLessThan(1e-9);
			expect(top.map(({ token }) => token)).toEqual(
				[...logits.keys()].sort((a, b) => logits[b]! - logits[a]! || a - b),
			);
			expect(logProbabilities(own, 5, 3).top).toEqual(top.slice(0, 3));
			expect(logProbabilities(own, 5, 0)).toEqual({ token: 5, logprob, top: [] });
		});
	});
});

/** The first form: temperature and top-p alone. Receipts hold what it chose. */
function firstForm(logits: Float32Array, sampling: Sampling, position: number): number {
	let best = 0;
	for (let i = 1; i < logits.length; i++) if (logits[i]! > logits[best]!) best = i;
	const weights = Array.from(logits, (x, id) => ({
		id,
		weight: canonicalExp(Math.max(-700, (x - logits[best]!) / sampling.temperature)),
	}));
	weights.sort((a, b) => b.weight - a.weight || a.id - b.id);
	let total = 0;
	for (const w of weights) total += w.weight;
	let kept = 0;
	let count = 0;
	while (count < weights.length && (count === 0 || kept < sampling.topP * total)) kept += weights[count++]!.weight;
	let left = drawUniform({ seed: sampling.seed, purpose: 0x5a3 }, position) * kept;
	for (let i = 0; i < count; i++) {
		left -= weights[i]!.weight;
		if (left < 0) return weights[i]!.id;
	}
	return weights[count - 1]!.id;
}

describe("chooseToken", () => {
	test("behavior: what the first form chose, it chooses still, ties and far tails included", () => {
		for (let step = 0; step < 400; step++) {
			const coarse = step % 3 === 0;
			const logits = drawNormals({ seed: 8, purpose: 9, step }, 150).map((x) =>
				coarse ? Math.round(x) : x * (1 + (step % 40)),
			);
			const sampling = {
				temperature: [0.02, 0.3, 1, 2][step % 4]!,
				topP: [1, 0.95, 0.5, 0.01][(step >> 2) % 4]!,
				seed: step,
			};
			expect(chooseToken(logits, sampling, step)).toBe(firstForm(logits, sampling, step));
		}
	});

	test("behavior: ties go to the lowest id, greedy and in every filter", () => {
		const flat = new Float32Array(9).fill(0.5);
		expect(chooseToken(flat, GREEDY, 0)).toBe(0);
		for (const setting of [{ topK: 3 }, { topP: 0.3 }]) {
			const left = filterTokens(flat, { temperature: 1, topP: 1, seed: 0, ...setting });
			expect(probabilities(left).map(([id]) => id)).toEqual([0, 1, 2]);
		}
		const two = Float32Array.of(0, 2, 1, 2, 1, 1);
		const left = filterTokens(two, { temperature: 1, topP: 1, seed: 0, topK: 4 });
		expect(probabilities(left).map(([id]) => id)).toEqual([1, 3, 2, 4]);
	});

	test("behavior: top-k keeps the k greatest, by either way of finding them", () => {
		const values = drawNormals({ seed: 4, purpose: 9 }, 3000).map((x) => Math.round(x * 50));
		const ranked = [...values.keys()].sort((a, b) => values[b]! - values[a]! || a - b);
		for (const topK of [1, 2, 7, 999, 1000, 1001, 2999, 3000, 5000]) {
			const left = filterTokens(values, { temperature: 100, topP: 1, seed: 0, topK });
			expect(probabilities(left).map(([id]) => id)).toEqual(ranked.slice(0, topK));
		}
	});

	test("behavior: the token hangs on seed and position alone, and a penalised token counts once", () => {
		const logits = drawNormals({ seed: 1, purpose: 9 }, 40);
		const sampling = { temperature: 1.2, topP: 0.9, topK: 30, minP: 0.01, repetitionPenalty: 1.4, seed: 77 };
		const first = [0, 1, 2, 3].map((position) => chooseToken(logits, sampling, position, [1, 2]));
		expect([3, 2, 1, 0].map((position) => chooseToken(logits, sampling, position, [2, 1, 1, 2]))).toEqual(
			first.reverse(),
		);
		const draws = (seed: number) => Array.from({ length: 30 }, (_, i) => chooseToken(logits, { ...sampling, seed }, i));
		expect(draws(1)).not.toEqual(draws(2));
	});

	test("behavior: draws follow the distribution (chi-square)", () => {
		const logits = Float32Array.of(1.3, -0.2, 0.4, 2.1, -1.5, 0, 0.9, -0.7, 1.1, 0.2, -3, 0.6);
		for (const setting of [{}, { topK: 6 }, { topP: 0.8 }, { minP: 0.2 }, { repetitionPenalty: 1.5 }]) {
			const sampling: Sampling = { temperature: 1.1, topP: 1, seed: 5, ...setting };
			const seen = [3, 6];
			const expected = new Map(
				probabilities(filterTokens(penaliseRepetition(logits, seen, sampling.repetitionPenalty ?? 1), sampling)),
			);
			const counts = new Map<number, number>();
			const draws = 20_000;
			for (let position = 0; position < draws; position++) {
				const token = chooseToken(logits, sampling, position, seen);
				counts.set(token, (counts.get(token) ?? 0) + 1);
			}
			expect([...counts.keys()].every((token) => expected.has(token))).toBe(true);
			let chi = 0;
			for (const [token, p] of expected) chi += ((counts.get(token) ?? 0) - p * draws) ** 2 / (p * draws);
			// 99.9% of honest draws with 11 degrees of freedom stay below 31.3; fewer degrees, less.
			expect(chi).toBeLessThan(31.3);
			expect(chi).toBeGreaterThan(0.01);
		}
	});

	test("behavior: a draw at the very ends of the distribution", () => {
		const weights = Float64Array.of(1, 0.5, 0.25);
		const candidates = { weights, idAt: (rank: number) => 10 + rank };
		const drawn = new Set(Array.from({ length: 500 }, (_, i) => drawToken(candidates, 3, i)));
		expect([...drawn].sort()).toEqual([10, 11, 12]);
		expect(drawToken({ weights: Float64Array.of(1), idAt: () => 4 }, 3, 0)).toBe(4);
	});
});

test("behavior: settings out of range are refused by name", () => {
	checkSampling({ temperature: 2, topP: 1, seed: 0xffff_ffff, topK: 50, minP: 1, repetitionPenalty: 0.5 });
	for (const [field, values] of Object.entries({
		temperature: [-0.1, Number.NaN, Number.POSITIVE_INFINITY, 101, "1"],
		topP: [0, 1.01, Number.NaN],
		topK: [-1, 1.5],
		minP: [-0.1, 1.1],
		repetitionPenalty: [0, -1, 11],
		seed: [-1, 0.5, 2 ** 53],
	})) {
		for (const value of values) {
			const check = () => checkSampling({ ...GREEDY, [field]: value });
			expect(check).toThrow(ModelError);
			expect(check).toThrow(`sampling.${field} must be`);
		}
	}
});
