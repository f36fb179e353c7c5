// Reads the regular expressions of adapter configs: the part of Python's `re` that needs no look-around and no memory of what was
// matched. The rest is refused by name. It runs nothing; matchPattern.ts does.

import { ModelError } from "../errors.js";

export type Test = (code: number) => boolean;

export type PatternNode =
	| { readonly kind: "test"; readonly test: Test }
	| { readonly kind: "start" }
	| { readonly kind: "end" }
	| { readonly kind: "all"; readonly parts: readonly PatternNode[] }
	| { readonly kind: "any"; readonly parts: readonly PatternNode[] }
	| { readonly kind: "repeat"; readonly part: PatternNode; readonly least: number; readonly most: number };

/** Longer ones would be too large to run; they are refused before their tree takes memory. */
export const MAX_EXPRESSION_CHARACTERS = 4000;
const MAX_DEPTH = 32;
const MAX_REPEAT = 256;

const digit: Test = (c) => c >= 48 && c <= 57;
const word: Test = (c) => digit(c) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95;
const space: Test = (c) => c === 32 || (c >= 9 && c <= 13);
const not =
	(test: Test): Test =>
	(c) =>
		!test(c);
const CLASSES: Readonly<Record<string, Test>> = {
	d: digit,
	w: word,
	s: space,
	D: not(digit),
	W: not(word),
	S: not(space),
};

/** The pattern as a tree. */
export function parsePattern(source: string): PatternNode {
	let at = 0;

	function refuse(what: string): never {
		throw new ModelError("adapter-unsupported", `pattern ${JSON.stringify(source.slice(0, 100))}: ${what}`);
	}

	function alternatives(depth: number): PatternNode {
		if (depth > MAX_DEPTH) refuse(`groups may nest ${MAX_DEPTH} deep`);
		const parts = [sequence(depth)];
		while (source[at] === "|") {
			at++;
			parts.push(sequence(depth));
		}
		return { kind: "any", parts };
	}

	function sequence(depth: number): PatternNode {
		const parts: PatternNode[] = [];
		while (at < source.length && !"|)".includes(source[at]!)) parts.push(repeated(atom(depth)));
		return { kind: "all", parts };
	}

	function repeated(part: PatternNode): PatternNode {
		const rest = source.slice(at);
		const [sign] = rest.match(/^(?:[*+?]|\{\d*,\d*\}|\{\d+\})/u) ?? [];
		if (sign === undefined || sign === "{,}") return part;
		at += sign.length;
		if (source[at] === "?") at++;
		if (/^(?:[*+?]|\{\d)/u.test(source.slice(at))) refuse(`two repeats in a row at ${at}`);
		if (sign === "*") return { kind: "repeat", part, least: 0, most: Number.POSITIVE_INFINITY };
		if (sign === "+") return { kind: "repeat", part, least: 1, most: Number.POSITIVE_INFINITY };
		if (sign === "?") return { kind: "repeat", part, least: 0, most: 1 };
		const [low = "", high = low] = sign.slice(1, -1).split(",");
		const [least, most] = [Number(low || 0), high === "" ? Number.POSITIVE_INFINITY : Number(high)];
		if (least > MAX_REPEAT || (Number.isFinite(most) && (most > MAX_REPEAT || most < least)))
			refuse(`${sign} must be an ascending range up to ${MAX_REPEAT}`);
		return { kind: "repeat", part, least, most };
	}

	function atom(depth: number): PatternNode {
		const c = source[at++]!;
		if (c === "(") {
			const [mark] = source.slice(at).match(/^\?(?::|P<[A-Za-z_]\w*>)/u) ?? [""];
			if (mark === "" && source[at] === "?") refuse("only (…), (?:…) and (?P<name>…) groups are read");
			at += mark.length;
			const node = alternatives(depth + 1);
			if (source[at++] !== ")") refuse('a group lacks its ")"');
			return node;
		}
		if (c === "^") return { kind: "start" };
		if (c === "$") return { kind: "end" };
		if (c === ".") return { kind: "test", test: (x) => x !== 10 };
		if (c === "[") return { kind: "test", test: set() };
		if (c === "\\") return { kind: "test", test: escaped() };
		if ("*+?".includes(c)) refuse(`nothing to repeat at ${at - 1}`);
		const code = c.charCodeAt(0);
		return { kind: "test", test: (x) => x === code };
	}

	function escaped(): Test {
		const c = source[at++];
		if (c === undefined) return refuse("ends in a backslash");
		const known = Object.hasOwn(CLASSES, c) ? CLASSES[c] : undefined;
		if (known !== undefined) return known;
		const code = c.charCodeAt(0);
		if (word(code)) refuse(`\\${c} is not read; only \\d \\w \\s \\D \\W \\S and escaped signs are`);
		return (x) => x === code;
	}

	function set(): Test {
		const negated = source[at] === "^";
		if (negated) at++;
		const tests: Test[] = [];
		for (let first = true; first || source[at] !== "]"; first = false) {
			const c = source[at++];
			if (c === undefined) return refuse('a set lacks its "]"');
			if (c === "\\") {
				tests.push(escaped());
				continue;
			}
			const low = c.charCodeAt(0);
			let high = low;
			const next = source[at + 1];
			if (source[at] === "-" && next !== undefined && next !== "]") {
				if (next === "\\") refuse("a range in a set must end in a plain character");
				high = next.charCodeAt(0);
				if (high < low) refuse(`range ${c}-${next} runs backwards`);
				at += 2;
			}
			tests.push((x) => x >= low && x <= high);
		}
		at++;
		const any: Test = (x) => tests.some((t) => t(x));
		return negated ? not(any) : any;
	}

	if (source.length > MAX_EXPRESSION_CHARACTERS)
		refuse(`may have ${MAX_EXPRESSION_CHARACTERS} characters, it has ${source.length}`);
	const node = alternatives(0);
	if (at < source.length) refuse(`")" at ${at} closes nothing`);
	return node;
}
