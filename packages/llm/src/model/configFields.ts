// Reads single fields of a parsed JSON object from a stranger, with errors that name file and field. It knows no model.

import { ModelError } from "../errors.js";
import { showValue } from "../formats/showValue.js";

export interface Fields {
	readonly file: string;
	readonly json: Readonly<Record<string, unknown>>;
	/** A whole number from 1 to `limit`; a missing or null one is the fallback. */
	whole(key: string, limit: number, fallback?: number): number;
	/** A finite number above 0; a missing or null one is the fallback. */
	positive(key: string, fallback?: number): number;
	/** true or false; a missing or null one is false. */
	flag(key: string): boolean;
	/** Refuses a field with any other value; a missing one passes. */
	only(key: string, allowed: readonly unknown[]): void;
}

/** Fields of `json`, which must be an object; `file` names it in errors. */
export function readFields(json: unknown, file: string): Fields {
	if (json === null || typeof json !== "object" || Array.isArray(json)) {
		throw new ModelError("config-malformed", `${file}: must be a JSON object`);
	}
	const fields = json as Record<string, unknown>;
	const own = (key: string): unknown => (Object.hasOwn(fields, key) ? (fields[key] ?? undefined) : undefined);
	const refuse = (key: string, wanted: string): never => {
		throw new ModelError("config-malformed", `${file}: ${key} must be ${wanted}, got ${showValue(own(key))}`);
	};
	return {
		file,
		json: fields,
		whole(key, limit, fallback) {
			const value = own(key) ?? fallback;
			if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 1 || value > limit)
				return refuse(key, `a whole number from 1 to ${limit}`);
			return value;
		},
		positive(key, fallback) {
			const value = own(key) ?? fallback;
			if (typeof value !== "number" || !(value > 0) || !Number.isFinite(value)) return refuse(key, "a positive number");
			return value;
		},
		flag(key) {
			const value = own(key) ?? false;
			return typeof value === "boolean" ? value : refuse(key, "true or false");
		},
		only(key, allowed) {
			if (!Object.hasOwn(fields, key) || allowed.includes(fields[key] ?? null)) return;
			throw new ModelError(
				"config-unsupported",
				`${file}: ${key} = ${showValue(fields[key])} is not supported; supported: ${allowed.map(showValue).join(", ")}`,
			);
		},
	};
}
