// A recipe, or several beside each other: every field with what it means; where they differ it is marked.

import { type Column, Table } from "../../shared/ui/Table.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import type { Recipe } from "./modelTypes.js";
import { wordsOf } from "./recipeWords.js";

/** As it is written in a recipe. */
export function sayValue(value: unknown): string {
	if (typeof value === "string") return value;
	if (Array.isArray(value)) return value.map(sayValue).join(", ");
	return JSON.stringify(value) ?? "–";
}

export function RecipeTable({ recipe }: { readonly recipe: Recipe }) {
	const columns: readonly Column<string>[] = [
		{ head: "Field", cell: (key) => <Named name={key} /> },
		{
			head: "Value",
			cell: (key) => (
				<span className="font-mono text-xs">
					<UntrustedText text={sayValue(recipe[key])} max={300} />
				</span>
			),
		},
	];
	return <Table caption="Recipe" columns={columns} rows={Object.keys(recipe)} keyOf={(key) => key} />;
}

export function Named({ name }: { readonly name: string }) {
	const { label, about } = wordsOf(name);
	return (
		<span title={about}>
			{label} <span className="font-mono text-xs text-soft">{name}</span>
		</span>
	);
}
