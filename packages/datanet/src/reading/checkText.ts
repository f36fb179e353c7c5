// What a text of a row may hold. It must not know which field it is.
import { isWellFormed } from "@openledger/protocol";
import type { Fault } from "../rejection.js";

// C0 but tab and newline, DEL, C1, the marks that reorder text invisibly, and the non-characters.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]/;

/** The first fault of a text of at most `max` characters; `name` says where it stands. */
export function checkText(name: string, text: unknown, max: number): Fault | undefined {
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
