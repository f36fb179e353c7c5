// One line of JSON Lines: an object whose keys stand there once. It must not know which keys a row has.
import { type Fault, quote } from "../rejection.js";

/** The members of the object on the line, or the line's fault. */
export function parseJsonLine(text: string): ReadonlyMap<string, unknown> | Fault {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return { code: "bad-json", reason: "the line is not JSON; write one complete object per line" };
	}
	if (typeof value !== "object" || value === null || Array.isArray(value)) {
		return { code: "not-an-object", reason: 'the line is not an object; write {"prompt": "…", "response": "…"}' };
	}
	// JSON.parse lets the last of two equal keys win without a word, so they are looked for in the text.
	const seen = new Set<string>();
	for (const key of topLevelKeys(text)) {
		if (seen.has(key))
			return { code: "duplicate-key", reason: `the key ${quote(key)} stands there twice; write it once` };
		seen.add(key);
	}
	return new Map(Object.entries(value));
}

/** The keys of the outermost object of valid JSON text, in order, repeated ones repeated. */
function topLevelKeys(json: string): string[] {
	const keys: string[] = [];
	let depth = 0;
	for (let at = 0; at < json.length; at++) {
		const character = json[at];
		if (character === "{" || character === "[") depth++;
		else if (character === "}" || character === "]") depth--;
		else if (character === '"') {
			const end = endOfString(json, at);
			if (depth === 1 && isBeforeColon(json, end)) keys.push(JSON.parse(json.slice(at, end)) as string);
			at = end - 1;
		}
	}
	return keys;
}

/** The place after the closing quote of the string that opens at `start`. */
function endOfString(json: string, start: number): number {
	let at = start + 1;
	while (json[at] !== '"') at += json[at] === "\\" ? 2 : 1;
	return at + 1;
}

/** In valid JSON a string before a colon is a key. */
function isBeforeColon(json: string, from: number): boolean {
	let at = from;
	while (json[at] === " " || json[at] === "\t" || json[at] === "\r" || json[at] === "\n") at++;
	return json[at] === ":";
}
