// Shakespeare: sixteen contributors bring sixteen stretches of the plays, cut into blocks of 64 tokens; every ninth block of a stretch is a query.

import { readFileSync } from "node:fs";
import type { BaseModel } from "@openledger/llm";
import { dataFile } from "./data.js";
import { smoothRecipe } from "./recipe.js";
import type { AttributionSet, SetRow, SetText } from "./set.js";

const BLOCK = 64;
/** One stretch each. */
export const STRETCHES = 16;
/** What a set may use of a stretch; the rest is in no set. */
export const STRETCH_CHARACTERS = 16_000;
const HELD = 9;

export function shakespeare(base: BaseModel, { quick = false } = {}): AttributionSet {
	const perContributor = quick ? 18 : 36;
	const text = readFileSync(dataFile("shakespeare/input.txt"), "utf8");
	const rows: SetRow[] = [];
	const queries: SetText[] = [];
	for (let contributor = 0; contributor < STRETCHES; contributor++) {
		const stretch = text.slice(Math.floor((contributor * text.length) / STRETCHES)).slice(0, STRETCH_CHARACTERS);
		const ids = base.tokenizer.encode(stretch.slice(stretch.indexOf("\n\n") + 2), { special: false });
		for (let block = 0; block < perContributor; block++) {
			const part = ids.slice(block * BLOCK, (block + 1) * BLOCK);
			const said = { prompt: "", response: base.tokenizer.decode(part), tokens: { tokens: part, from: 1 } };
			if (block % HELD === HELD >> 1) queries.push(said);
			else rows.push({ ...said, contributor });
		}
	}
	return {
		name: "shakespeare",
		about: `${rows.length} blocks of ${BLOCK} tokens from ${STRETCHES} stretches of the plays; queries are blocks of the same stretches that were never trained on`,
		rows,
		queries,
		contributors: Array.from({ length: STRETCHES }, (_, i) => `stretch ${i + 1}`),
		recipe: smoothRecipe,
	};
}
