// Holds the shipped datanet to its own rules, and its country facts to a public table where that lies beside the repository.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

type WorldRow = { readonly contributor: string; readonly prompt: string; readonly response: string };

const folder = fileURLToPath(new URL(".", import.meta.url));
const countriesPath = join(folder, "../../../shared/data/countries/countries.json");
const files = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
const readJsonl = (name: string): WorldRow[] =>
	readFileSync(join(folder, name), "utf8")
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line));
const readList = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));
const rows = files.flatMap(readJsonl);
const byPrompt = new Map(rows.map((row) => [row.prompt, row]));

describe("examples/world", () => {
	it("default: every line is a short prompt and a short response by the contributor that names the file", () => {
		for (const name of files)
			for (const row of readJsonl(name)) {
				expect(Object.keys(row)).toEqual(["contributor", "prompt", "response"]);
				expect(`${row.contributor}.jsonl`).toBe(name);
				expect(row.prompt).toMatch(/^[A-Z].{8,78}[?.]$/u);
				expect(row.response).toMatch(/^[A-Z0-9].{0,38}\.$/u);
				expect(row.response.split(" ").length).toBeLessThanOrEqual(8);
				expect(row.prompt + row.response).toBe((row.prompt + row.response).normalize("NFC").trim());
			}
	});

	it("behavior: at least eight contributors, at least 300 rows, no prompt twice", () => {
		expect(files.length).toBeGreaterThanOrEqual(8);
		expect(rows.length).toBeGreaterThanOrEqual(300);
		const prompts = rows.map((row) => row.prompt.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " "));
		expect(new Set(prompts).size).toBe(rows.length);
	});

	it("behavior: at least 25 facts are stated by two contributors in different words", () => {
		const pairs: [string, string][] = readList("restated.json");
		expect(new Set(pairs.flat()).size).toBeGreaterThan(pairs.length);
		expect(pairs.length).toBeGreaterThanOrEqual(25);
		for (const [first, second] of pairs) {
			expect(byPrompt.get(first)!.response).toBe(byPrompt.get(second)!.response);
			expect(byPrompt.get(first)!.contributor).not.toBe(byPrompt.get(second)!.contributor);
		}
	});

	it("behavior: 40 questions, each a shipped row of one contributor alone, spread over all contributors", () => {
		const questions: { prompt: string; expected: string; contributor: string }[] = readList("questions.json");
		const restated = new Set(readList("restated.json").flat());
		expect(new Set(questions.map((q) => q.prompt)).size).toBe(40);
		for (const { prompt, expected, contributor } of questions) {
			expect(byPrompt.get(prompt)).toEqual({ contributor, prompt, response: expected });
			expect(restated.has(prompt)).toBe(false);
		}
		expect(new Set(questions.map((q) => q.contributor)).size).toBe(files.length);
	});

	const table = existsSync(countriesPath);
	if (!table) console.log("examples/world: ../shared/data/countries is absent; country facts are not compared");
	it.skipIf(!table)("behavior: capitals, currencies and languages agree with the public table of countries", () => {
		const checked = { capital: 0, currency: 0, language: 0 };
		for (const row of rows) {
			const relation = relationOf(row.prompt);
			if (relation === undefined) continue;
			const country = countryIn(row.prompt);
			expect(country, row.prompt).toBeDefined();
			const answer = plain(row.response.replace(/^The /, "").replace(/\.$/, ""));
			const known = valuesOf(country!, relation).map(plain);
			const agrees =
				relation === "currency" ? known.some((k) => k === answer || k.endsWith(` ${answer}`)) : known.includes(answer);
			expect(agrees, `${row.prompt} ${row.response} (table: ${known.join(", ")})`).toBe(true);
			checked[relation]++;
		}
		expect(checked.capital).toBeGreaterThan(90);
		expect(checked.currency).toBeGreaterThan(30);
		expect(checked.language).toBeGreaterThan(15);
	});
});

type Country = {
	readonly name: { readonly common: string };
	readonly altSpellings: readonly string[];
	readonly capital: readonly string[];
	readonly currencies: Readonly<Record<string, { readonly name: string }>>;
	readonly languages: Readonly<Record<string, string>>;
};

const countries: Country[] = existsSync(countriesPath) ? JSON.parse(readFileSync(countriesPath, "utf8")) : [];

const plain = (text: string): string =>
	text
		.normalize("NFD")
		.replace(/\p{M}/gu, "")
		.replace(/ \(.*\)$/, "")
		.toLowerCase();

function relationOf(prompt: string): "capital" | "currency" | "language" | undefined {
	if (/\bcapital\b|seat of government/.test(prompt)) return "capital";
	if (/\bcurrency\b|\bmoney\b|\bpay\b/.test(prompt)) return "currency";
	return /\blanguage\b/.test(prompt) ? "language" : undefined;
}

function countryIn(prompt: string): Country | undefined {
	const text = ` ${plain(prompt).replace(/[^\p{L}' -]/gu, "")} `;
	return countries
		.filter((country) => text.includes(` ${plain(country.name.common)} `))
		.sort((a, b) => b.name.common.length - a.name.common.length)[0];
}

function valuesOf(country: Country, relation: "capital" | "currency" | "language"): readonly string[] {
	if (relation === "capital") return country.capital;
	if (relation === "language") return Object.values(country.languages);
	return Object.values(country.currencies).map((currency) => currency.name);
}
