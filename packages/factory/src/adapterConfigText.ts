// The bytes of a run's adapter_config.json: a pure function of recipe and base name, so that reading can hold the file to them.

import { writeAdapterConfig } from "@openledger/llm";
import { adapterConfigOf, type Recipe } from "./recipe.js";

export function adapterConfigText(recipe: Recipe, baseName: string): string {
	return `${JSON.stringify(writeAdapterConfig(adapterConfigOf(recipe), baseName), null, 2)}\n`;
}
