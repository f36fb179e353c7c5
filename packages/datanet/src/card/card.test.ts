import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { createPipeline } from "../pipeline/createPipeline.js";
import { runPipeline } from "../pipeline/runPipeline.js";
import { croissant } from "./croissant.js";
import { datanetCard } from "./datanetCard.js";
import type { DatanetFacts } from "./datanetFacts.js";

const digest = `0x${"ab".repeat(32)}` as const;
const entries = '{"index":0,"cluster":0}\n';
const rows = [{ line: 1, prompt: "What is the capital of Peru?", response: "Lima." }];
const facts: DatanetFacts = {
	name: "world",
	id: digest,
	licence: "CC0-1.0",
	description: "Facts of the world | <b>with</b> markup.",
	url: "https://node.invalid/datanets/world",
	owner: "0xd8da6bf26964af9d7eed9e03e53415d37aa96045",
	published: "2026-11-21",
	version: "1.2.0",
	snapshotRoot: digest,
	rows: 1,
	clusters: 1,
	contributors: 1,
	tombstones: 2,
	languages: { unknown: 1, en: 5, de: 7 },
	terms: { Rule: "owner" },
	files: [
		{
			name: "entries.jsonl",
			description: "One line a row: its place and cluster.",
			contentUrl: "entries.jsonl",
			bytes: entries.length,
			sha256: createHash("sha256").update(entries).digest("hex"),
			columns: [
				{ name: "index", type: "integer", description: "The row's place." },
				{ name: "cluster", type: "integer", description: "Rows of one cluster are paid once." },
			],
		},
	],
	report: runPipeline(await createPipeline(), { rows }).report,
};

test("default: the metadata has all that Croissant 1.1 asks of a dataset, and every reference stands", () => {
	const made = croissant(facts) as Record<string, unknown> & {
		distribution: { "@id": string; sha256: string }[];
		recordSet: { field: { source: { fileObject: { "@id": string } } }[] }[];
	};
	const required = [
		"@context",
		"@type",
		"conformsTo",
		"description",
		"license",
		"name",
		"url",
		"creator",
		"datePublished",
		"distribution",
	];
	for (const name of required) expect(made[name], name).toBeDefined();
	expect(made.conformsTo).toBe("http://mlcommons.org/croissant/1.1");
	expect(made.license).toBe("https://spdx.org/licenses/CC0-1.0.html");
	expect(made.inLanguage).toEqual(["de", "en"]);
	const files = made.distribution.map((file) => file["@id"]);
	for (const { field } of made.recordSet) {
		for (const { source } of field) expect(files).toContain(source.fileObject["@id"]);
	}
	expect(JSON.parse(JSON.stringify(made))).toEqual(made);
});

test("default: the card tells rows, licence, checks, erasures and limits; a stranger's markup is text", () => {
	const card = datanetCard(facts);
	const parts = [
		'license: "CC0-1.0"',
		"# world",
		"| Licence | CC0-1.0 |",
		"| secrets | 1 | 1 | 0 | 0 |",
		"2 rows were erased",
		"## Limits",
	];
	for (const part of parts) expect(card).toContain(part);
	expect(card).toContain("\\<b\\>");
	expect(card.toLowerCase()).not.toContain("lima");
	const yes = { ...facts.report!.balance, labels: 1, rows: 30, top: [{ label: "yes.", rows: 30 }] };
	expect(datanetCard({ ...facts, report: { ...facts.report!, balance: yes } })).toContain("`yes.` 30");
	expect(datanetCard(facts)).toBe(card);
});

test("behavior: facts that no reader could use are refused", () => {
	const bad: Partial<DatanetFacts>[] = [
		{ version: "1" },
		{ published: "today" },
		{ files: [] },
		{ files: [{ ...facts.files[0]!, sha256: "0x12" }] },
		{ files: [facts.files[0]!, facts.files[0]!] },
	];
	for (const change of bad) {
		expect(() => croissant({ ...facts, ...change })).toThrow(expect.objectContaining({ code: "datanet/bad-facts" }));
		expect(() => datanetCard({ ...facts, ...change })).toThrow();
	}
});
