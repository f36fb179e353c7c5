// Examining beside, held against examining here, which is the truth.

import { expect, test } from "vitest";
import { createPipeline, type Pipeline } from "../pipeline/createPipeline.js";
import { openExaminer } from "./openExaminer.js";

const rows = Array.from({ length: 300 }, (_, i) => ({
	line: i + 1,
	prompt: `What lies at kilometre ${i} of the Danube?`,
	response:
		i % 7 === 0
			? `Write to someone${i}@example.org`
			: i % 11 === 0
				? "no no no no no no no no no no"
				: `A lock, number ${i}.`,
}));
const policy = { languages: ["en", "de"], licence: { rows: "CC0-1.0", datanet: "CC0-1.0", usage: "paid" } } as const;
const slices = [rows.slice(0, 100), rows.slice(100, 101), rows.slice(101)];

test("default: a thread finds what this one finds, in the same order", async () => {
	const pipeline = await createPipeline(policy);
	const examiner = openExaminer(pipeline, { rows: rows.length, least: 0 });
	try {
		const found = await Promise.all(slices.map((slice) => examiner.examine(slice)));
		expect(examiner.isBeside()).toBe(true);
		expect(found.flat()).toEqual(rows.map((row) => pipeline.examine(row)));
		expect(found.flat().some(({ findings }) => findings.length > 0)).toBe(true);
	} finally {
		examiner.close();
	}
});

test("behavior: few rows start no thread; a thread that fails or is another pipeline's leaves its work here", async () => {
	const pipeline = await createPipeline(policy);
	const few = openExaminer(pipeline, { rows: rows.length });
	expect(await few.examine(rows.slice(0, 3))).toEqual(rows.slice(0, 3).map((row) => pipeline.examine(row)));
	expect(few.isBeside()).toBe(false);
	for (const wrong of [{ languages: ["??"] }, {}]) {
		const other: Pipeline = { ...pipeline, policy: wrong };
		const examiner = openExaminer(other, { rows: rows.length, least: 0 });
		const found = await Promise.all(slices.map((slice) => examiner.examine(slice)));
		expect(found.flat()).toEqual(rows.map((row) => pipeline.examine(row)));
		expect(examiner.isBeside()).toBe(false);
		examiner.close();
	}
});
