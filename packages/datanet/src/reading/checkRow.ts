// The fields a row must have and what they may hold, whatever the file's format. It must not know JSON or CSV.
import { isWellFormed } from "@openledger/protocol";
import { MAX_PROMPT_CHARACTERS, MAX_RESPONSE_CHARACTERS } from "../limits.js";
import { type Fault, quote } from "../rejection.js";

/** A row as a file gives it; `contributor` is in lower case, so that a name in another case is the same name. */
export type FileRow = {
	readonly line: number;
	readonly contributor?: string;
	readonly prompt: string;
	readonly response: string;
};

/** The columns or keys a file may have; the last is optional. */
export const FIELDS: readonly string[] = ["prompt", "response", "contributor"];

const CONTRIBUTOR = /^[a-z0-9._-]+(?: [a-z0-9._-]+)*$/;
const MAX_NAME = 40;
// C0 but tab and newline, DEL, C1, the marks that reorder text invisibly, and the non-characters.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]/;

/** The row, or its first fault. */
export function checkRow(line: number, fields: ReadonlyMap<string, unknown>): FileRow | Fault {
	for (const name of fields.keys()) {
		if (!FIELDS.includes(name)) {
			return {
				code: "unknown-field",
				reason: `unknown field ${quote(name)}; a row has prompt, response and, optionally, contributor`,
			};
		}
	}
	const fault =
		checkText(fields, "prompt", MAX_PROMPT_CHARACTERS) ?? checkText(fields, "response", MAX_RESPONSE_CHARACTERS);
	if (fault !== undefined) return fault;
	const row = { line, prompt: fields.get("prompt") as string, response: fields.get("response") as string };
	if (!fields.has("contributor")) return row;
	const contributor = readContributor(fields.get("contributor"));
	return typeof contributor === "string" ? { ...row, contributor } : contributor;
}

function checkText(fields: ReadonlyMap<string, unknown>, name: string, max: number): Fault | undefined {
	if (!fields.has(name))
		return { code: "missing-field", reason: `${name} is missing; a row needs prompt and response` };
	const text = fields.get(name);
	if (typeof text !== "string") return { code: "wrong-type", reason: `${name} is not text; write it as a string` };
	if (!isWellFormed(text)) {
		return { code: "lone-surrogate", reason: `${name} holds half a surrogate pair; write whole Unicode characters` };
	}
	const control = CONTROL.exec(text)?.[0];
	if (control !== undefined) {
		const number = control.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
		return {
			code: "control-character",
			reason: `${name} holds U+${number}; use no control characters but tab and newline`,
		};
	}
	if (text.trim() === "") return { code: "empty", reason: `${name} is empty; write some text` };
	const characters = text.length <= max ? text.length : [...text].length;
	if (characters <= max) return undefined;
	return { code: "too-long", reason: `${name} has ${characters} characters; it may have ${max}` };
}

function readContributor(value: unknown): string | Fault {
	const name = typeof value === "string" ? value.toLowerCase() : "";
	if (name.length <= MAX_NAME && CONTRIBUTOR.test(name)) return name;
	return {
		code: "bad-contributor",
		reason: `contributor is not a short name; use 1 to ${MAX_NAME} letters a–z, digits, dots, dashes, underscores and single spaces`,
	};
}
