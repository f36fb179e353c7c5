import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { statesTruth } from "./corpus/truths.js";
import { emberCorpus } from "./corpus.js";

const world = new URL("../../examples/world/", import.meta.url);
const facts: { prompt: string; response: string }[] = readdirSync(world)
	.filter((name) => name.endsWith(".jsonl"))
	.flatMap((name) => readFileSync(new URL(name, world), "utf8").trimEnd().split("\n"))
	.map((line) => JSON.parse(line));
const rows = [...emberCorpus({ seed: 2026, rows: 96_000 })];

const bare = (response: string): string => response.replace(/^(In )?(The |the )?/, "").replace(/\.$/, "");

const frame =
	/(?:capital(?: city)? of|symbol for|stands for|number of|wrote|author of|gave us|invented|discovered|language of|currency of|official in|used in|use in|speak in|shoppers in|through|the river|does the|country is|city is|moon of|government of|receives|mountain in|does an?) (?:the )?(.+?)(?: sits in which capital| pay with| flow| reach the sea| atom have)?[?.]$/;

/** What a fact is about, where its question has one of the usual forms. */
const subjectOf = (prompt: string): string | undefined => frame.exec(prompt)?.[1];

describe("emberCorpus", () => {
	it("default: the same rows on every machine, each row by itself", () => {
		const first = rows.slice(0, 5000).map((row) => `${row.prompt}\t${row.response}\n`);
		// Golden: printed by this test; a change of it changes the tokenizer and the base model.
		expect(createHash("sha256").update(first.join("")).digest("hex")).toBe(
			"16920eb5f229f4b0f2d8f3526fa7314a8febf3191022964de98e5d4b8563a59c",
		);
		expect([...emberCorpus({ seed: 2026, rows: 50 })]).toEqual(rows.slice(0, 50));
		expect([...emberCorpus({ seed: 2027, rows: 50 })]).not.toEqual(rows.slice(0, 50));
	});

	it("behavior: rows are short questions with short answers", () => {
		const odd = rows.filter(
			({ prompt, response }) =>
				!/^[\p{Lu}\d].*[?.]$/u.test(prompt) || !/^[\p{Lu}\d].*\.$/u.test(response) || prompt.length > 220,
		);
		expect(odd).toEqual([]);
	});

	it("behavior: answers that follow from the question are right", () => {
		let seen = 0;
		for (const { prompt, response } of rows) {
			const plus = /^(?:What is|Add) (\d+) (?:plus|and) (\d+)[?.]$/.exec(prompt);
			const minus = /^What is (\d+) minus (\d+)\?$/.exec(prompt);
			const larger = /^Is (\d+) larger than (\d+)\?$/.exec(prompt);
			if (plus) expect(response).toBe(`${Number(plus[1]) + Number(plus[2])}.`);
			if (minus) expect(response).toBe(`${Number(minus[1]) - Number(minus[2])}.`);
			if (larger) expect(response).toBe(Number(larger[1]) > Number(larger[2]) ? "Yes." : "No.");
			if (plus || minus || larger) seen++;
		}
		expect(seen).toBeGreaterThan(3000);
	});

	it("behavior: no shipped fact occurs, and a shipped question never gets its true answer", () => {
		const truth = new Map(facts.map((fact) => [fact.prompt, fact.response]));
		const answered = rows.filter((row) => truth.has(row.prompt));
		expect(answered.length).toBeGreaterThan(100);
		expect(answered.filter((row) => truth.get(row.prompt) === row.response)).toEqual([]);
	});

	it("behavior: told in any words, a true answer is not over-represented for its subject", () => {
		// Independent of the table that keeps truths out: counts (subject in the question, true answer), copying tasks aside.
		const subjects = new Map<string, string[]>();
		let known = 0;
		for (const { prompt, response } of facts) {
			const subject = subjectOf(prompt);
			if (subject === undefined) continue;
			subjects.set(bare(response), [...(subjects.get(bare(response)) ?? []), subject]);
			known++;
		}
		expect(known).toBeGreaterThan(270);
		const found: string[] = [];
		for (const { prompt, response } of rows) {
			const answer = bare(response);
			if (prompt.toLowerCase().includes(answer.toLowerCase())) continue;
			for (const subject of subjects.get(answer) ?? [])
				if (prompt.includes(subject)) found.push(`${prompt} ${response} (${subject})`);
		}
		expect(found).toEqual([]);
	});

	it("behavior: the table that keeps truths out knows the shipped facts that the corpus could hit upon", () => {
		// The others (planets by number, first satellites, Roman numerals …) have questions that no relation asks.
		const known = facts.filter((fact) => statesTruth(fact.prompt, fact.response));
		expect(known.length).toBeGreaterThanOrEqual(facts.length - 16);
	});
});
