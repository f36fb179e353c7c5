// From tokens back to text, step by step as a tokenizer.json says. Knows nothing of encoding.

import { fromByteCharacters } from "./byteAlphabet.js";
import { type Field, fieldOf, isAbsent, requireOne, stepsOf, typeOf, unsupported } from "./fields.js";
import { MARK } from "./normalizer.js";
import { readPrefix } from "./preTokenizer.js";

/** One step: tokens' texts in, texts out; joined, the last ones are the text. */
export type Decode = (tokens: readonly string[]) => string[];

const utf8 = (): TextDecoder => new TextDecoder("utf-8", { ignoreBOM: true });

/** Reads `decoder`, which must go with how words are encoded. `added` tokens are text, not bytes. */
export function readDecoder(part: Field, byteLevel: boolean, added: ReadonlySet<string>): Decode {
	if (isAbsent(part)) throw unsupported(part, `supported is ${byteLevel ? "ByteLevel" : "a Sequence or Metaspace"}`);
	if (byteLevel) {
		typeOf(part, ["ByteLevel"]);
		return bytesDecoder(added);
	}
	return readStep(part, [...STEPS, "Sequence"]);
}

const STEPS = ["ByteFallback", "Fuse", "Metaspace", "Replace", "Strip"] as const;

function readStep(part: Field, supported: readonly string[]): Decode {
	switch (typeOf(part, supported)) {
		case "ByteFallback":
			return decodeFallback;
		case "Fuse":
			return (tokens) => [tokens.join("")];
		case "Metaspace": {
			requireOne(fieldOf(part, "replacement"), [MARK], MARK);
			const first = readPrefix(part) === "never" ? " " : "";
			return (tokens) => tokens.map((token, i) => token.replaceAll(MARK, i === 0 ? first : " "));
		}
		case "Replace":
			requireOne(fieldOf(fieldOf(part, "pattern"), "String"), [MARK]);
			requireOne(fieldOf(part, "content"), [" "]);
			return (tokens) => tokens.map((token) => token.replaceAll(MARK, " "));
		case "Strip":
			requireOne(fieldOf(part, "content"), [" "]);
			requireOne(fieldOf(part, "start"), [1]);
			requireOne(fieldOf(part, "stop"), [0]);
			return (tokens) => tokens.map((token) => (token.startsWith(" ") ? token.slice(1) : token));
		default: {
			const steps = stepsOf(fieldOf(part, "decoders")).map((step) => readStep(step, STEPS));
			return (tokens) => steps.reduce<string[]>((out, step) => step(out), [...tokens]);
		}
	}
}

/** Bytes of all tokens together, as a character's bytes may be spread over several. */
function bytesDecoder(added: ReadonlySet<string>): Decode {
	const encoder = new TextEncoder();
	const known = new Map<string, Uint8Array>();
	const bytesOf = (token: string): Uint8Array => {
		const found =
			known.get(token) ?? (added.has(token) ? undefined : fromByteCharacters(token)) ?? encoder.encode(token);
		known.set(token, found);
		return found;
	};
	return (tokens) => {
		const parts = tokens.map(bytesOf);
		const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
		let at = 0;
		for (const part of parts) {
			bytes.set(part, at);
			at += part.length;
		}
		return [utf8().decode(bytes)];
	};
}

const fallbackToken = /^<0x([0-9A-Fa-f]{2})>$/;

/** Each run of byte tokens is one text; if it is no UTF-8, one U+FFFD a byte. */
function decodeFallback(tokens: readonly string[]): string[] {
	const out: string[] = [];
	let run: number[] = [];
	const endRun = (): void => {
		if (run.length === 0) return;
		const text = utf8().decode(Uint8Array.from(run));
		// A U+FFFD that was meant has three bytes, as many as there are: compare the bytes, not the text.
		const isText = sameBytes(new TextEncoder().encode(text), run);
		out.push(isText ? text : "\ufffd".repeat(run.length));
		run = [];
	};
	for (const token of tokens) {
		const digits = fallbackToken.exec(token)?.[1];
		if (digits !== undefined) run.push(Number.parseInt(digits, 16));
		else {
			endRun();
			out.push(token);
		}
	}
	endRun();
	return out;
}

const sameBytes = (a: Uint8Array, b: readonly number[]): boolean =>
	a.length === b.length && a.every((byte, i) => byte === b[i]);
