// Reads fields of a parsed tokenizer.json; whatever cannot be used is an error that names file and field.

import { showValue } from "../formats/showValue.js";
import { TokenizerError } from "./errors.js";

/** A value of the file with the words to speak of it: "ember/tokenizer.json: model.merges[3]". */
export type Field = { readonly value: unknown; readonly path: string; readonly file: string };

export const fieldOf = (parent: Field, key: string): Field => {
	const record = recordOf(parent);
	return {
		value: Object.hasOwn(record, key) ? record[key] : undefined,
		path: parent.path === "" ? key : `${parent.path}.${key}`,
		file: parent.file,
	};
};

export const isAbsent = ({ value }: Field): boolean => value === undefined || value === null;

export function recordOf(field: Field): Record<string, unknown> {
	const { value } = field;
	if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed(field, "must be an object");
	return value as Record<string, unknown>;
}

/** The items of a list; none where the field is absent. */
export function itemsOf(field: Field): Field[] {
	if (isAbsent(field)) return [];
	if (!Array.isArray(field.value)) throw malformed(field, "must be a list");
	return field.value.map((value, i) => ({ value, path: `${field.path}[${i}]`, file: field.file }));
}

/** Real files have three or four steps in a sequence; each goes over the whole text, and they call one another. */
const MAX_STEPS = 32;

/** The steps of a `Sequence`. */
export function stepsOf(field: Field): Field[] {
	const steps = itemsOf(field);
	if (steps.length > MAX_STEPS) throw malformed(field, `must have at most ${MAX_STEPS} steps`);
	return steps;
}

export function textOf(field: Field): string {
	if (typeof field.value !== "string") throw malformed(field, "must be a string");
	return field.value;
}

export function flagOf(field: Field, usual: boolean): boolean {
	if (isAbsent(field)) return usual;
	if (typeof field.value !== "boolean") throw malformed(field, "must be true or false");
	return field.value;
}

/** Refuses all values but those named; an absent field is its usual value. */
export function requireOne(field: Field, supported: readonly unknown[], usual?: unknown): unknown {
	const value = isAbsent(field) && usual !== undefined ? usual : (field.value ?? null);
	if (!supported.includes(value))
		throw unsupported(field, `supported is ${supported.map((s) => showValue(s)).join(" or ")}`);
	return value;
}

/** The `type` of a part: one of those named, or refused. */
export const typeOf = (part: Field, supported: readonly string[]): string =>
	requireOne(fieldOf(part, "type"), supported) as string;

export const malformed = ({ file, path, value }: Field, wanted: string): TokenizerError =>
	new TokenizerError(
		`${file}: ${path === "" ? "it" : path} ${wanted}${typeof value === "object" && value !== null ? "" : `, got ${showValue(value)}`}`,
		{ code: "tokenizer-file-malformed" },
	);

export const unsupported = ({ file, path, value }: Field, supported: string): TokenizerError =>
	new TokenizerError(`${file}: ${path} is ${showValue(value)}; ${supported}`, { code: "tokenizer-unsupported" });
