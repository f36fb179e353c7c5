// The set is checked where the data folder is; elsewhere it says so and passes.

import { fileURLToPath } from "node:url";
import { loadBase } from "@openledger/llm";
import { expect, test } from "vitest";
import { bm25 } from "../baselines/index.js";
import { recallAt } from "../statistics.js";
import { DataAbsent } from "./data.js";
import { type FactsSet, facts } from "./facts.js";

const base = await loadBase(fileURLToPath(new URL("../../../models/ember", import.meta.url)));
let set: FactsSet | undefined;
try {
	set = facts(base, { quick: true });
} catch (error) {
	if (!(error instanceof DataAbsent)) throw error;
	console.log(`sets/facts: ${error.message}; nothing is checked`);
}

const isRecord = (prompt: string) => prompt.includes(" :: ");
/** Letters of a name in either style: the sentence's first two words, or what stands before "::" with hyphens gone. */
function person(prompt: string): string {
	if (!isRecord(prompt)) return prompt.replace(/'s /, " ").split(" ").slice(0, 2).sort().join("").toLowerCase();
	const [spelt] = prompt.split(" :: ")[0]!.split(" ").slice(-1);
	const [last, first] = spelt!
		.replaceAll("-", "")
		.split(/(?=[A-Z])/)
		.map((part) => part.toLowerCase());
	return [first!, last!].sort().join("");
}

test.runIf(set)("default: gold rows state the fact, in one style, and no other row does", () => {
	const { rows, queries } = set!;
	for (const { kind, prompt, response, gold } of queries) {
		expect(gold).toHaveLength(3);
		const swapped = kind === "swap";
		for (const row of gold) {
			expect(person(rows[row]!.prompt)).toBe(person(prompt));
			expect(rows[row]!.response).toBe(response);
			expect(isRecord(rows[row]!.prompt)).toBe(isRecord(prompt) !== swapped);
		}
		const same = rows.flatMap((row, i) =>
			row.response === response && person(row.prompt) === person(prompt) ? [i] : [],
		);
		expect(same).toEqual([...gold]);
		expect(rows.some((row) => row.prompt === prompt)).toBe(false);
	}
});

test.runIf(set)(
	"behavior: half the swapped questions are records, and their wording and value belong to others",
	() => {
		const { rows, queries } = set!;
		const swapped = queries.filter(({ kind }) => kind === "swap");
		const records = swapped.filter(({ prompt }) => isRecord(prompt)).length / swapped.length;
		expect(records).toBeGreaterThan(0.4);
		expect(records).toBeLessThan(0.6);
		for (const { prompt, response } of swapped) {
			const others = rows.filter(
				(row) => person(row.prompt) !== person(prompt) && isRecord(row.prompt) === isRecord(prompt),
			);
			expect(others.some((row) => row.response === response)).toBe(true);
			expect(
				rows.filter((row) => person(row.prompt) === person(prompt) && isRecord(row.prompt) === isRecord(prompt)),
			).toHaveLength(6);
		}
	},
);

test.runIf(set)("behavior: words find the rows of a paraphrase and not those of a swapped style", () => {
	const { rows, queries } = set!;
	const scores = bm25().score(rows, queries);
	const recall = (kind: string) => {
		const of = queries.flatMap((query, i) =>
			query.kind === kind
				? [
						recallAt(
							scores[i]!,
							rows.map((_, row) => query.gold.includes(row)),
							10,
						),
					]
				: [],
		);
		return of.reduce((a, b) => a + b, 0) / of.length;
	};
	expect(recall("paraphrase")).toBeGreaterThan(0.95);
	expect(recall("swap")).toBeLessThan(0.25);
});

test.runIf(set)("behavior: the same seed gives the same set, another seed another", () => {
	expect(facts(base, { quick: true })).toEqual(set);
	expect(facts(base, { quick: true, seed: 2 }).rows[0]).not.toEqual(set!.rows[0]);
});
