// What a pass takes, by its rules alone.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planStep, type Reader } from "./planStep.js";

const reader = (prompt: number, length: number, next?: number): Reader => ({
	sequence: { length },
	next,
	ticket: { job: { prompt: Array.from({ length: prompt }, (_, i) => i) } },
});
const shown = (shares: ReturnType<typeof planStep<Reader>>) =>
	shares.map(({ tokens, logits }) => [tokens.length, logits]);

describe("plan of a pass", () => {
	test("default: a token of every answer, and a bounded piece of the prompts in their order", () => {
		const readers = [reader(100, 0), reader(9, 9, 5), reader(3, 0), reader(4, 4, 6)];
		expect(shown(planStep(readers, { rows: 64, chunkTokens: 16 }))).toEqual([
			[1, true],
			[1, true],
			[16, false],
		]);
		expect(shown(planStep(readers, { rows: 64, chunkTokens: 200 }))).toEqual([
			[1, true],
			[1, true],
			[62, false],
		]);
	});

	test("default: where nobody answers yet, prompts have the whole pass", () => {
		expect(shown(planStep([reader(40, 16), reader(3, 0), reader(90, 0)], { rows: 64, chunkTokens: 8 }))).toEqual([
			[24, true],
			[3, true],
			[37, false],
		]);
	});

	test("behavior: for any readers, the bounds hold, every answer goes on and the first prompt too", () => {
		const any = fc.record({ prompt: fc.integer({ min: 1, max: 80 }), read: fc.nat(200), answers: fc.boolean() });
		fc.assert(
			fc.property(
				fc.array(any, { minLength: 1, maxLength: 16 }),
				fc.integer({ min: 16, max: 64 }),
				fc.integer({ min: 1, max: 64 }),
				(list, rows, chunkTokens) => {
					const readers = list.map(({ prompt, read, answers }) =>
						answers ? reader(prompt, prompt + read, 7) : reader(prompt, read % prompt),
					);
					const shares = planStep(readers, { rows, chunkTokens });
					const answering = readers.filter(({ next }) => next !== undefined);
					const reading = readers.filter(({ next }) => next === undefined);
					const rowsOf = (some: typeof shares) => some.reduce((sum, { tokens }) => sum + tokens.length, 0);
					expect(rowsOf(shares)).toBeLessThanOrEqual(rows);
					const prompts = shares.filter(({ running }) => running.next === undefined);
					if (answering.length > 0) expect(rowsOf(prompts)).toBeLessThanOrEqual(chunkTokens);
					expect(shares.filter(({ running }) => running.next !== undefined)).toHaveLength(answering.length);
					if (reading.length > 0 && answering.length < rows) expect(prompts[0]!.running).toBe(reading[0]);
					for (const { running, tokens, logits } of prompts) {
						const { prompt } = running.ticket.job;
						const from = running.sequence.length;
						expect(tokens).toEqual(prompt.slice(from, from + tokens.length));
						expect(logits).toBe(from + tokens.length === prompt.length);
						expect(tokens.length).toBeGreaterThan(0);
					}
				},
			),
		);
	});
});
