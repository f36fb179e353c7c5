// A recipe's fields as they are typed, and as the node takes them. What the bounds do not say the node says.

import type { Recipe, RecipeField } from "./modelTypes.js";

/** A value as it stands in a text field. */
export function textOf(value: unknown): string {
	if (value === null || value === undefined) return "";
	if (Array.isArray(value)) return value.join(", ");
	return String(value);
}

/** What is wrong with a text; undefined where nothing is. */
export function faultOf(field: RecipeField, text: string): string | undefined {
	const { key, kind, low, high } = field;
	const typed = text.trim();
	if (kind === "flag" || kind === "choice") return undefined;
	if (key === "targets") return typed === "" ? "Name at least one layer" : undefined;
	if (key === "checkpoints") {
		const shares = typed.split(",").map(numberOf);
		const isFine = shares.length <= 8 && shares.every((share) => share > 0 && share <= 1);
		return isFine ? undefined : "1 to 8 shares, each above 0 and at most 1";
	}
	if (key === "warmupSteps" && typed === "") return undefined;
	const value = numberOf(typed);
	const isWhole = kind === "whole" || key === "warmupSteps" || (key === "validation" && value >= 1);
	if (Number.isNaN(value) || (isWhole && !Number.isSafeInteger(value))) return isWhole ? "A whole number" : "A number";
	if ((low !== undefined && value < low) || (high !== undefined && value > high)) return `From ${low} to ${high}`;
	if (key === "rank" && value % 4 !== 0) return "A multiple of 4";
	return undefined;
}

/** Fields that are other than standard; call where no text is at fault. */
export function recipeOf(fields: readonly RecipeField[], typed: Readonly<Record<string, string>>): Recipe {
	const recipe: Record<string, unknown> = {};
	for (const field of fields) {
		const text = typed[field.key];
		if (text === undefined || text === textOf(field.standard)) continue;
		recipe[field.key] = typedValue(field, text.trim());
	}
	return recipe;
}

function typedValue({ key, kind }: RecipeField, text: string): unknown {
	if (kind === "flag") return text === "true";
	if (kind === "choice") return text;
	if (key === "checkpoints") return text.split(",").map(numberOf);
	if (key === "warmupSteps" && text === "") return null;
	if (key !== "targets") return numberOf(text);
	// A path's characters alone are names; anything else is an expression, which the node reads.
	if (/^[\w.\s,]+$/.test(text))
		return text
			.split(",")
			.map((name) => name.trim())
			.filter((name) => name !== "");
	return text;
}

function numberOf(text: string): number {
	return /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(text) ? Number(text) : Number.NaN;
}
