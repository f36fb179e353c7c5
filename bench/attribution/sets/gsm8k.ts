// Worked school problems (GSM8K) dealt out to sixteen contributors; queries are problems of the test split.

import { readFileSync } from "node:fs";
import { type BaseModel, encodeRow } from "@openledger/llm";
import { drawPermutation } from "@openledger/tensor";
import { dataFile } from "./data.js";
import { smoothRecipe } from "./recipe.js";
import type { AttributionSet, SetText } from "./set.js";

const CONTRIBUTORS = 16;
const MOST_TOKENS = 176;
/** Lines of the training split from here on are in no set. */
export const GSM8K_FIRST_UNUSED = 3000;

function problems(base: BaseModel, file: string, lines: number): SetText[] {
	return readFileSync(dataFile(file), "utf8")
		.split("\n", lines)
		.filter((line) => line !== "")
		.map((line) => JSON.parse(line) as { question: string; answer: string })
		.map(({ question: prompt, answer }) => {
			// Calculator annotations say the same number twice.
			const response = answer.replace(/<<[^>]*>>/g, "");
			return { prompt, response, tokens: encodeRow(base, { prompt, response }) };
		})
		.filter(({ tokens }) => tokens.tokens.length <= MOST_TOKENS);
}

export function gsm8k(base: BaseModel, { quick = false } = {}): AttributionSet {
	const found = problems(base, "gsm8k/train.jsonl", GSM8K_FIRST_UNUSED).slice(0, quick ? 128 : 320);
	const dealt = drawPermutation({ seed: 1, purpose: 0x65d, step: 0 }, found.length);
	const queries = problems(base, "gsm8k/test.jsonl", 1319).slice(0, quick ? 16 : 56);
	return {
		name: "gsm8k",
		about: `${found.length} worked problems dealt out to ${CONTRIBUTORS} contributors; queries are problems of the test split`,
		rows: found.map((text, i) => ({ ...text, contributor: dealt[i]! % CONTRIBUTORS })),
		queries,
		contributors: Array.from({ length: CONTRIBUTORS }, (_, i) => `contributor ${i + 1}`),
		recipe: smoothRecipe,
	};
}
