// `openledger model recipe`: the default recipe as a file, every field with a word about it; or one's own, checked and filled in.

import { readRecipeText } from "../client/readRecipe.js";
import { type Cli, localCommand } from "../defineCommand.js";

export function modelRecipeCommand(cli: Cli) {
	const spec = {
		name: "recipe",
		describe: "print the default recipe with every field, or check a file and print it with every default filled in",
		args: [["[file]", "YAML or JSON with the fields to change"]],
		examples: ["model recipe > recipe.yaml", "model recipe recipe.yaml", "model recipe --json"],
	} as const;
	return localCommand(cli, spec, async ({ args }) => {
		const { parseRecipeText, recipeYaml } = await import("@openledger/node");
		const [file] = args;
		const recipe =
			file === undefined ? parseRecipeText("", "default") : parseRecipeText(await readRecipeText(file), file);
		return { json: recipe, text: recipeYaml(recipe).trimEnd() };
	});
}
