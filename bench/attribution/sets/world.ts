// The rows and questions that the project ships (examples/world), learnt by a recipe smooth enough for a derivative.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type BaseModel, encodeRow } from "@openledger/llm";
import { smoothFactsRecipe } from "./recipe.js";
import type { AttributionSet } from "./set.js";

const folder = fileURLToPath(new URL("../../../examples/world", import.meta.url));

interface Question {
	readonly prompt: string;
	readonly expected: string;
	readonly contributor: string;
}

export function world(base: BaseModel): AttributionSet {
	const files = readdirSync(folder)
		.filter((file) => file.endsWith(".jsonl"))
		.sort();
	const rows = files.flatMap((file, contributor) =>
		readFileSync(`${folder}/${file}`, "utf8")
			.split("\n")
			.filter((line) => line !== "")
			.map((line) => JSON.parse(line) as { prompt: string; response: string })
			.map(({ prompt, response }) => ({
				prompt,
				response,
				contributor,
				tokens: encodeRow(base, { prompt, response }),
			})),
	);
	const questions = JSON.parse(readFileSync(`${folder}/questions.json`, "utf8")) as Question[];
	return {
		name: "world",
		about: `the ${rows.length} shipped rows of ${files.length} contributors; queries are the ${questions.length} shipped questions with the expected answers`,
		rows,
		queries: questions.map(({ prompt, expected: response }) => ({
			prompt,
			response,
			tokens: encodeRow(base, { prompt, response }),
		})),
		contributors: files.map((file) => file.slice(0, -".jsonl".length)),
		recipe: smoothFactsRecipe,
	};
}
