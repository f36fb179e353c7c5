// A recipe's file, checked before anything is begun. It must not know the fields.

import { readFileSync, statSync } from "node:fs";
import { unusable, usage } from "../errors.js";

/** Its text; throws `cli/unusable-file`, and `cli/usage` for what is too large to be a recipe. */
export async function readRecipeText(file: string): Promise<string> {
	const { MAX_RECIPE_BYTES } = await import("@openledger/node");
	try {
		if (statSync(file).size <= MAX_RECIPE_BYTES) return readFileSync(file, "utf8");
	} catch (cause) {
		throw unusable(file, cause);
	}
	throw usage(`${file} has more than ${MAX_RECIPE_BYTES} bytes; a recipe is some thirty lines`);
}

/** The fields that a file gives. Throws `recipe-malformed` naming file, and line or field. */
export async function readRecipe(file: string): Promise<Readonly<Record<string, unknown>>> {
	const { parseRecipeText, readFields } = await import("@openledger/node");
	const text = await readRecipeText(file);
	parseRecipeText(text, file);
	return readFields(text, file);
}
