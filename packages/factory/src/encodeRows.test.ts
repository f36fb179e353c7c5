// Which rows a run leaves out and why, and which faults are never taken for a row's own.

import { createEngine, tinyBase } from "@openledger/llm";
import { describe, expect, test } from "vitest";
import { encodeRows } from "./encodeRows.js";
import { parseRecipe } from "./parseRecipe.js";

const base = tinyBase();
const recipe = parseRecipe({ maxLength: 32 });
const rows = [
	{ prompt: "What is the capital of Peru?", response: "Lima." },
	{ prompt: "One?", response: "one and two ".repeat(40) },
];

describe("encodeRows", () => {
	test("default: rows beyond maxLength are left out by number and reason", () => {
		const { rows: encoded, leftOut } = encodeRows(createEngine(base), rows, recipe);
		expect(encoded.map((row) => row !== undefined)).toEqual([true, false]);
		expect(leftOut).toEqual([{ row: 1, reason: expect.stringMatching(/^has \d+ tokens, recipe\.maxLength is 32$/) }]);
	});

	test("behavior: what the template refuses is one row's fault", () => {
		const chatTemplate = `{% if messages | length > 1 %}{{ raise_exception("one question only") }}{% endif %}${base.chatTemplate}`;
		const before = [{ role: "user" as const, content: "One?" }];
		const engine = createEngine({ ...base, chatTemplate });
		const said = [rows[0]!, { before, prompt: "One?", response: "one" }];
		expect(encodeRows(engine, said, recipe).leftOut).toEqual([
			{ row: 1, reason: "is refused by the base's chat template: one question only" },
		]);
	});

	test("behavior: a template that is none, and any fault of ours, end the run instead of emptying it", () => {
		const unreadable = createEngine({ ...base, chatTemplate: "{% if %}" });
		expect(() => encodeRows(unreadable, rows, recipe)).toThrow(
			expect.objectContaining({ name: "ModelError", code: "config-unsupported" }),
		);
		const broken = (): never => {
			throw new TypeError("ours");
		};
		const engine = createEngine({ ...base, tokenizer: { ...base.tokenizer, encodeParts: broken } });
		expect(() => encodeRows(engine, rows, recipe)).toThrow(TypeError);
	});
});
