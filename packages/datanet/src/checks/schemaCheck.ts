// Whether a row is as the datanet's JSON Schema wants it (draft 2020-12 without regular expressions). It must not know files.
import { CallerError, canonicalJson, type Hex, sha256, utf8 } from "@openledger/protocol";
import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import { type Check, NOTHING } from "./check.js";

const MAX_SCHEMA_BYTES = 16 * 1024;
// A stranger's regular expression may take for ever on a text of his own; formats and other schemas' addresses are the same risk.
const REFUSED = ["pattern", "patternProperties", "format", "$dynamicRef", "$id", "$anchor"];

/** The schema's name, for the chain: sha256 of its canonical JSON. Throws as schemaCheck. */
export function schemaDigest(schema: unknown): Hex {
	checkSchema(schema);
	return sha256(utf8(canonicalJson(schema)));
}

/** A check of {prompt, response, before?} against the schema; throws `datanet/bad-schema`. */
export function schemaCheck(schema: unknown): Check {
	const digest = schemaDigest(schema);
	const validate = compile(schema);
	return {
		name: "schema",
		version: 2,
		settings: { schema: digest, validator: "ajv 8.20.0, 2020-12" },
		run({ row }) {
			const { prompt, response, before } = row;
			// Where a row stood and whose it is are no part of it.
			if (validate({ prompt, response, ...(before && { before }) })) return NOTHING;
			return [
				{
					action: "reject",
					code: "schema",
					reason: `the row does not fit the datanet's schema: ${told(validate.errors)}`,
				},
			];
		},
	};
}

function compile(schema: unknown) {
	try {
		return new Ajv2020({ strict: true, strictTypes: false, allErrors: false, ownProperties: true }).compile(
			schema as object,
		);
	} catch (cause) {
		throw bad("it is no JSON Schema of draft 2020-12", cause);
	}
}

function checkSchema(schema: unknown): void {
	if (typeof schema !== "object" || schema === null || Array.isArray(schema)) throw bad("it is not an object");
	if (utf8(JSON.stringify(schema)).length > MAX_SCHEMA_BYTES) throw bad(`it has more than ${MAX_SCHEMA_BYTES} bytes`);
	const walk = (value: unknown, depth: number): void => {
		if (depth > 32) throw bad("it is nested more than 32 deep");
		if (typeof value !== "object" || value === null) return;
		for (const [key, inner] of Object.entries(value)) {
			if (REFUSED.includes(key)) throw bad(`it uses ${key}, which a datanet's schema may not`);
			if (key === "$ref" && !String(inner).startsWith("#/")) throw bad("it refers to another document; use #/…");
			walk(inner, depth + 1);
		}
	};
	walk(schema, 0);
}

/** The place and the keyword; never a value of the row. */
function told(errors: readonly ErrorObject[] | null | undefined): string {
	const [first] = errors ?? [];
	return first === undefined
		? "it is not valid"
		: `${first.instancePath || "the row"} ${first.message ?? first.keyword}`;
}

function bad(what: string, cause?: unknown): CallerError {
	return new CallerError(`the schema cannot be used: ${what}`, { code: "datanet/bad-schema", cause });
}
