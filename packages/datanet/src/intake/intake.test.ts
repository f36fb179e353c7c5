import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readRows } from "../reading/readRows.js";
import { intake } from "./intake.js";

type Pair = readonly [prompt: string, response: string];
const rowsOf = (pairs: readonly Pair[]) => pairs.map(([prompt, response], i) => ({ line: i + 1, prompt, response }));
const take = (...pairs: readonly Pair[]) => intake(rowsOf(pairs), []);
const clusters = (...pairs: readonly Pair[]) => take(...pairs).accepted.map((row) => row.cluster);

describe("copies", () => {
	test("default: the same row twice is a duplicate, first seen owns it", () => {
		const rows = [
			{ line: 1, contributor: "ada", prompt: "What is the capital of Peru?", response: "Lima." },
			{ line: 7, contributor: "bob", prompt: "What is the capital of Peru?", response: "Lima." },
		];
		const { accepted, rejected } = intake(rows, []);
		expect(accepted).toEqual([{ ...rows[0], cluster: 0 }]);
		expect(rejected).toMatchObject([{ line: 7, code: "duplicate", row: { contributor: "bob" } }]);
	});

	test("behavior: also against rows that were there before, and in another Unicode form", () => {
		const existing = [{ prompt: "Capital of Colombia?", response: "Bogot\u00e1", cluster: 4 }];
		const { rejected, accepted } = intake(
			rowsOf([
				["Capital of Colombia?", "Bogota\u0301"],
				["Color of gold?", "Yellow"],
			]),
			existing,
		);
		expect(rejected.map((row) => row.code)).toEqual(["duplicate"]);
		expect(accepted.map((row) => row.cluster)).toEqual([5]);
	});

	test.each<Pair>([
		["what is the capital of peru", "lima"],
		["  What is the capital of Peru ??", "Lima!"],
		["What is the capital of P\u200beru?", "L\u00edma."],
	])("behavior: %j, %j differs in looks only", (prompt, response) => {
		const { rejected } = take(["What is the capital of Peru?", "Lima."], [prompt, response]);
		expect(rejected).toMatchObject([{ line: 2, code: "near-duplicate" }]);
	});
});

test("a long answer with a word exchanged is a copy, with a number exchanged it is not", () => {
	const answer =
		"The Amazon carries more water than any other river, rises in the Andes of Peru and runs 6400 km to the ocean";
	const near = take(
		["Tell me about the Amazon.", `${answer}.`],
		["tell me about the Amazon", answer.replace("runs", "goes")],
	);
	expect(near.rejected.map((row) => row.code)).toEqual(["near-duplicate"]);
	expect(
		clusters(["Tell me about the Amazon.", answer], ["Tell me about the Amazon.", answer.replace("64", "69")]),
	).toEqual([0, 1]);
});

describe("one fact in similar words is kept, in one cluster", () => {
	test.each<Pair>([
		["Please tell me: what is the capital of Peru?", "Lima."],
		["Quick quiz for everyone who is here today: What is the capital of Peru?", "Lima."],
		["quick quiz for everyone who is here today: what is the capital of peru?", "lima."],
		["Which city is the capital of Peru?", "Lima."],
		["Peru: what is its capital?", "Lima."],
		["What is the capital of Peru?", "It is Lima."],
		["What is the capital of Peru?", "Lima is the capital of Peru."],
		["What is the capital of Peru?", "Lima. That is my final answer and I stand by it."],
	])("behavior: %j, %j", (prompt, response) => {
		expect(clusters(["What is the capital of Peru?", "Lima."], [prompt, response])).toEqual([0, 0]);
	});

	test("behavior: a long answer with a few other words", () => {
		const answer =
			"Photosynthesis lets a green plant turn water and carbon dioxide into sugar with the energy of sunlight";
		const other = answer.replace("green plant", "leafy plant");
		expect(clusters(["How do plants eat?", `${answer}.`], ["How do plants eat?", `${other}!`])).toEqual([0, 0]);
	});
});

describe("different facts are kept apart", () => {
	test.each<[string, Pair, Pair]>([
		["another name", ["What is the currency of Spain?", "The euro."], ["What is the currency of France?", "The euro."]],
		["another name, no capitals", ["currency of spain?", "euro"], ["currency of france?", "euro"]],
		["names a letter apart", ["On which continent is Iran?", "Asia."], ["On which continent is Iraq?", "Asia."]],
		["another number", ["Is 12 an even number?", "Yes."], ["Is 14 an even number?", "Yes."]],
		["another sign", ["What is 4 - 2?", "2"], ["What is 4 / 2?", "2"]],
		["another answer", ["What is the capital of Peru?", "Lima."], ["What is the capital of Peru?", "Cusco."]],
		[
			"another number in a long answer",
			["When?", "The war began in spring 1914 and ended after four years of fighting."],
			["When?", "The war began in spring 1915 and ended after four years of fighting."],
		],
		["a negation", ["Is a whale a fish?", "It is a fish."], ["Is a whale a fish?", "It is not a fish."]],
		["a negation in the question", ["Which is a metal?", "Iron."], ["Which is not a metal?", "Iron."]],
		["far words", ["What is the currency of Peru?", "The sol."], ["What do shoppers in Peru pay with?", "The sol."]],
	])("behavior: %s", (_, first, second) => {
		expect(clusters(first, second)).toEqual([0, 1]);
	});
});

const world = fileURLToPath(new URL("../../../../examples/world/", import.meta.url));

describe.skipIf(!existsSync(world))("the shipped datanet", () => {
	const files = existsSync(world)
		? readdirSync(world)
				.filter((name) => name.endsWith(".jsonl"))
				.sort()
		: [];
	const rows = files.flatMap((name) => readRows(world + name, { format: "jsonl" }).rows);
	const { accepted, rejected } = intake(rows, []);

	test("behavior: every row is kept, other phrasings by other contributors too", () => {
		expect(rows.length).toBeGreaterThanOrEqual(300);
		expect(rejected).toEqual([]);
		expect(new Set(accepted.map((row) => row.cluster)).size).toBe(rows.length);
	});

	test.each<[string, (pair: Pair) => Pair]>([
		["other case and punctuation", ([p, r]) => [p.toLowerCase().replace(/[?.]$/, "!"), r.toUpperCase()]],
		["filler before the question", ([p, r]) => [`Here is something that everybody ought to know: ${p}`, r]],
		["filler around the answer", ([p, r]) => [p, `The answer is ${r} You may be sure of that.`]],
		["words turned around", ([p, r]) => [p.split(" ").reverse().join(" "), r]],
	])("behavior: a thief who copies it all with %s founds no cluster", (_, disguise) => {
		const copies = rowsOf(rows.map(({ prompt, response }) => disguise([prompt, response])));
		const stolen = intake(copies, accepted).accepted.filter((row) => row.cluster >= accepted.length);
		expect(stolen.length).toBeLessThanOrEqual(rows.length / 100);
	});
});

describe("properties", () => {
	const word = fc.constantFrom(
		"Peru",
		"Kenya",
		"capital",
		"of",
		"the",
		"largest",
		"12",
		"14",
		"not",
		"city",
		"-",
		"is",
	);
	const text = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(" "));
	const anything = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
	const pairs = fc.array(fc.tuple(fc.oneof(text, anything), fc.oneof(text, anything)), { maxLength: 25 });

	test("behavior: every row is accepted or rejected once, in order, and clusters count up without gaps", () => {
		fc.assert(
			fc.property(pairs, (list) => {
				const { accepted, rejected } = take(...list);
				const lines = [...accepted, ...rejected].map((row) => row.line).sort((a, b) => a - b);
				expect(lines).toEqual(list.map((_, i) => i + 1));
				let next = 0;
				for (const { cluster } of accepted) {
					expect(cluster).toBeLessThanOrEqual(next);
					if (cluster === next) next++;
				}
			}),
		);
	});

	test("behavior: two deliveries give what one would have given, and nothing gets in twice", () => {
		fc.assert(
			fc.property(pairs, fc.nat(25), (list, cut) => {
				const rows = rowsOf(list);
				const first = intake(rows.slice(0, cut), []);
				const second = intake(rows.slice(cut), first.accepted);
				const whole = intake(rows, []);
				expect([...first.accepted, ...second.accepted]).toEqual(whole.accepted);
				expect([...first.rejected, ...second.rejected]).toEqual(whole.rejected);
				expect(intake(rows, whole.accepted).accepted).toEqual([]);
			}),
		);
	});
});
