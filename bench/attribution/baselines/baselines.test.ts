// Lexical baselines against rank_bm25 and scikit-learn: golden.json is what golden.py prints, and that says how to rebuild it.

import { readFileSync } from "node:fs";
import { createEngine, readAdapter, tinyAdapter, tinyBase, writeAdapterConfig } from "@openledger/llm";
import { describe, expect, test } from "vitest";
import {
	bm25,
	embeddingBaselines,
	embeddingLast,
	embeddingMean,
	hiddenStates,
	random,
	type TextPair,
	textBaselines,
	tfidfCharacters,
	tfidfWords,
} from "./index.js";

type Golden = Readonly<Record<"rows" | "queries", readonly (readonly [string, string])[]>> &
	Readonly<Record<"bm25" | "tfidfWords" | "tfidfCharacters", readonly (readonly number[])[]>>;

const golden = JSON.parse(readFileSync(new URL("./golden.json", import.meta.url), "utf8")) as Golden;
const pairs = (texts: Golden["rows"]): TextPair[] => texts.map(([prompt, response]) => ({ prompt, response }));
const rows = pairs(golden.rows);
const queries = pairs(golden.queries);

describe("baselines", () => {
	test.each([
		["bm25", bm25()],
		["tfidfWords", tfidfWords()],
		["tfidfCharacters", tfidfCharacters()],
	] as const)("default: %s scores as the other program does", (name, baseline) => {
		const scores = baseline.score(rows, queries);
		expect(scores).toHaveLength(queries.length);
		scores.forEach((own, q) => {
			own.forEach((score, row) => {
				expect(score, `query ${q}, row ${row}`).toBeCloseTo(golden[name][q]![row]!, 12);
			});
		});
	});

	test("behavior: the same texts score the same, wherever they stand", () => {
		for (const baseline of textBaselines()) {
			if (baseline.name === "random") continue;
			const [turned] = baseline.score([...rows].reverse(), queries);
			const [scores] = baseline.score(rows, queries);
			expect([...turned!].reverse().map((x) => x.toFixed(12))).toEqual([...scores!].map((x) => x.toFixed(12)));
		}
	});

	test("behavior: chance repeats itself, and differs by query and seed", () => {
		const [first, second] = random().score(rows, queries);
		expect(random().score(rows, queries)[0]).toEqual(first);
		expect(second).not.toEqual(first);
		expect(random(2).score(rows, queries)[0]).not.toEqual(first);
	});
});

describe("hidden states", () => {
	const base = tinyBase();
	const engine = createEngine(base);
	const tokens = [3, 17, 40, 9, 8, 101, 77, 5, 61, 12];
	const { config, model, weights } = tinyAdapter(base);

	/** Row by row product of a state with the head's matrix. */
	const logits = (state: Float32Array): number[] => {
		const { hiddenSize, vocabSize, tiedEmbeddings } = base.config;
		const head = base.parameters.get(tiedEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight")!;
		return Array.from({ length: vocabSize }, (_, v) =>
			state.reduce((sum, x, i) => sum + x * head[v * hiddenSize + i]!, 0),
		);
	};

	function lastState(adapter?: Parameters<typeof hiddenStates>[3]): Float32Array {
		const found: Float32Array[] = [];
		const other = { tokens: tokens.slice(4), from: 1 };
		hiddenStates(
			engine,
			[{ tokens: [...tokens, 1], from: 1 }, other],
			(row, { positions, width, states }) => {
				if (row === 0) found.push(states.slice((positions - 1) * width, positions * width));
			},
			adapter,
		);
		return found[0]!;
	}

	test("default: the head makes the engine's logits of the last state", () => {
		const expected = engine.nextLogits(tokens);
		logits(lastState()).forEach((logit, v) => {
			expect(logit).toBeCloseTo(expected[v]!, 4);
		});
	});

	test("behavior: with an adapter they are the adapted model's", () => {
		const adapter = readAdapter(base.config, JSON.parse(JSON.stringify(writeAdapterConfig(config, "tiny"))), model);
		const parameters = new Map(
			[...weights].flatMap(([path, { A, B }]) => [[`${path}.lora_A`, A] as const, [`${path}.lora_B`, B] as const]),
		);
		const expected = engine.nextLogits(tokens, adapter);
		const plain = engine.nextLogits(tokens);
		expect(Math.max(...expected.map((x, i) => Math.abs(x - plain[i]!)))).toBeGreaterThan(1e-3);
		logits(lastState({ config, parameters })).forEach((logit, v) => {
			expect(logit).toBeCloseTo(expected[v]!, 4);
		});
	});

	test("behavior: a text is most like itself, and what stands beside it changes nothing", () => {
		const texts: TextPair[] = ["one two three", "four five", "six seven eight nine ten", "a"].map((response, i) => ({
			prompt: i % 2 === 0 ? "say" : "",
			response,
		}));
		for (const baseline of embeddingBaselines(engine)) {
			baseline.score(texts, texts).forEach((scores, q) => {
				expect(scores.indexOf(Math.max(...scores))).toBe(q);
				expect(scores[q]).toBeCloseTo(1, 10);
			});
		}
		const alone = embeddingMean(engine).score([texts[1]!], [texts[0]!])[0]![0];
		expect(embeddingMean(engine).score(texts, [texts[0]!])[0]![1]).toBe(alone);
		expect(embeddingLast(engine).score(texts, [texts[0]!])[0]![1]).not.toBe(alone);
	});
});
