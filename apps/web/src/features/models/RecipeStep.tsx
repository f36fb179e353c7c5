// Step 3: the recipe. What most runs change is open, the rest is folded; every field says what it does and what it may hold.

import { Button } from "../../shared/ui/Button.js";
import { SelectField, TextField } from "../../shared/ui/Field.js";
import type { RecipeField } from "./modelTypes.js";
import { faultOf, textOf } from "./recipeText.js";
import { FIELD_ORDER, wordsOf } from "./recipeWords.js";

type RecipeStepProps = {
	readonly fields: readonly RecipeField[];
	readonly typed: Readonly<Record<string, string>>;
	readonly onChange: (typed: Readonly<Record<string, string>>) => void;
};

export function RecipeStep({ fields, typed, onChange }: RecipeStepProps) {
	const ordered = [...fields].sort((a, b) => placeOf(a.key) - placeOf(b.key));
	const basic = ordered.filter(({ key }) => wordsOf(key).isBasic);
	const advanced = ordered.filter(({ key }) => !wordsOf(key).isBasic);
	const isChanged = ({ key, standard }: RecipeField) => typed[key] !== undefined && typed[key] !== textOf(standard);
	const changed = ordered.filter(isChanged);
	const one = (field: RecipeField) => (
		<OneField
			key={field.key}
			field={field}
			text={typed[field.key] ?? textOf(field.standard)}
			onChange={(text) => onChange({ ...typed, [field.key]: text })}
		/>
	);
	return (
		<div className="flex flex-col gap-4">
			<div className="flex min-h-9 flex-wrap items-center justify-between gap-3 text-sm">
				<span>
					{changed.length === 0
						? "All as in the standard recipe, by which the shipped model was trained."
						: `Changed: ${changed.map(({ key }) => wordsOf(key).label).join(", ")}.`}
				</span>
				{changed.length > 0 && <Button onClick={() => onChange({})}>Back to standard</Button>}
			</div>
			<div className="grid gap-x-5 gap-y-3 sm:grid-cols-2 lg:grid-cols-3">{basic.map(one)}</div>
			<details open={advanced.some(isChanged)}>
				<summary className="cursor-pointer py-1 text-sm font-medium">All other fields ({advanced.length})</summary>
				<div className="mt-3 grid gap-x-5 gap-y-3 sm:grid-cols-2 lg:grid-cols-3">{advanced.map(one)}</div>
			</details>
		</div>
	);
}

function placeOf(key: string): number {
	const place = FIELD_ORDER.indexOf(key);
	return place < 0 ? FIELD_ORDER.length : place;
}

type OneFieldProps = {
	readonly field: RecipeField;
	readonly text: string;
	readonly onChange: (text: string) => void;
};

function OneField({ field, text, onChange }: OneFieldProps) {
	const { key, kind, choices, standard } = field;
	const { label, about } = wordsOf(key);
	const hint = `${about} ${boundsOf(field)}`.trim();
	if (kind === "flag" || kind === "choice") {
		return (
			<SelectField label={label} hint={hint} value={text} onChange={(event) => onChange(event.target.value)}>
				{(kind === "flag" ? ["true", "false"] : (choices ?? [])).map((choice) => (
					<option key={choice} value={choice}>
						{choice === "true" ? "yes" : choice === "false" ? "no" : choice}
						{choice === textOf(standard) ? " (standard)" : ""}
					</option>
				))}
			</SelectField>
		);
	}
	const fault = faultOf(field, text);
	return (
		<TextField
			label={label}
			hint={hint}
			error={fault === undefined ? undefined : `${fault}. ${about}`}
			value={text}
			inputMode={key === "targets" ? "text" : "decimal"}
			autoComplete="off"
			spellCheck={false}
			maxLength={300}
			onChange={(event) => onChange(event.target.value)}
		/>
	);
}

function boundsOf({ low, high, standard, key }: RecipeField): string {
	const usual = typeof standard === "boolean" ? (standard ? "yes" : "no") : textOf(standard) || "empty";
	const range = low === undefined || key === "seed" ? "" : `${low} to ${high}; `;
	return `(${range}standard ${usual})`;
}
