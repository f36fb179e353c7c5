// Ids and texts as Hugging Face's own library gives them (packages/llm/oracles/huggingfaceTokenizers.py), for every kind that we read.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createTokenizer } from "./createTokenizer.js";

type Golden = {
	readonly madeBy: string;
	readonly tokenizer: Record<string, unknown>;
	/** "the light" with the template's tokens. */
	readonly wrapped: readonly number[];
	readonly ids: readonly (readonly number[])[];
	/** Special tokens taken for ordinary text, where that differs. */
	readonly plain: Readonly<Record<string, readonly number[]>>;
	readonly decoded: Readonly<Record<string, string>>;
	/** Without special tokens, where that differs. */
	readonly spoken: Readonly<Record<string, string>>;
};

const folder = new URL("goldens/", import.meta.url);
const read = (file: string) => JSON.parse(readFileSync(new URL(file, folder), "utf8"));
const texts = read("texts.golden.json") as string[];
const kinds = readdirSync(folder).filter((file) => file !== "texts.golden.json");

describe.each(kinds)("%s", (file) => {
	const golden = read(file) as Golden;
	const own = createTokenizer(golden.tokenizer, file);

	it.each([...texts.entries()])("text %i: %j", (i, text) => {
		const ids = own.encode(text);
		expect(ids).toEqual(golden.ids[i]);
		expect(own.encode(text, { special: false })).toEqual(golden.plain[i] ?? golden.ids[i]);
		const decoded = golden.decoded[i] ?? text;
		expect(own.decode(ids)).toBe(decoded);
		expect(own.decode(ids, { skipSpecial: true })).toBe(golden.spoken[i] ?? decoded);
		expect(ids.length).toBeGreaterThanOrEqual(Math.ceil(Buffer.byteLength(text) / own.longestTokenBytes));
	});

	it("the template's tokens stand around a text when asked for", () => {
		expect(own.encode("the light", { around: true })).toEqual(golden.wrapped);
	});
});
