// Pieces of text against the tokenizer's own decoding of everything at once.

import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tinyBase } from "../selftest/tinyBase.js";
import { createTokenizer } from "../tokenizer/createTokenizer.js";
import { createStopSearch } from "./stopStrings.js";
import { createTextStream } from "./textStream.js";

const { tokenizer } = tinyBase();
const RUNS = { numRuns: 400 };

function pieces(ids: readonly number[]): string[] {
	const stream = createTextStream(tokenizer);
	return [...ids.map((id) => stream.push(id)), stream.end()];
}

/** Token ids of single bytes, so that characters are broken. */
const bytewise = (text: string) =>
	[...new TextEncoder().encode(text)].map((byte) => {
		const id = Array.from({ length: tokenizer.vocabSize }, (_, i) => i).find((i) => bytesOf(i) === byte);
		if (id === undefined) throw new Error(`no token for byte ${byte}`);
		return id;
	});

/** The byte that a token of one byte stands for, found by completing it to a character. */
const oneByte = new Map<number, number>();
function bytesOf(id: number): number | undefined {
	if (oneByte.size === 0) {
		for (const text of ["é", "€", "😀", "a", " ", "日", "."]) {
			const bytes = new TextEncoder().encode(text);
			tokenizer.encode(text, { special: false }).forEach((token, i, all) => {
				if (all.length === bytes.length) oneByte.set(token, bytes[i]!);
			});
		}
	}
	return oneByte.get(id);
}

describe("text stream", () => {
	test("default: a character is said when its last byte is there", () => {
		expect(pieces(bytewise("a€😀."))).toEqual(["a", "", "", "€", "", "", "", "😀", ".", ""]);
	});

	test("behavior: bytes that no character completes come at the end, or when the next character proves them wrong", () => {
		const [euro] = [bytewise("€")];
		expect(pieces(euro.slice(0, 2))).toEqual(["", "", "\ufffd"]);
		expect(pieces([...euro.slice(0, 2), ...bytewise("a")])).toEqual(["", "", "\ufffda", ""]);
	});

	test("behavior: joined, the pieces are the whole decoding, for any tokens, special ones included", () => {
		const ids = fc.array(fc.nat(tokenizer.vocabSize - 1), { maxLength: 40 });
		fc.assert(
			fc.property(ids, (tokens) => {
				expect(pieces(tokens).join("")).toBe(tokenizer.decode(tokens, { skipSpecial: true }));
			}),
			RUNS,
		);
		fc.assert(
			fc.property(fc.string({ unit: "binary", maxLength: 20 }), (text) => {
				const found = pieces(tokenizer.encode(text, { special: false }));
				expect(found.join("")).toBe(text);
				expect(found.every((piece) => !/\p{Surrogate}/u.test(piece))).toBe(true);
			}),
			RUNS,
		);
	});
});

const goldens = new URL("../tokenizer/goldens/", import.meta.url);
const read = (file: string) => JSON.parse(readFileSync(new URL(file, goldens), "utf8"));

/** Ids and texts as Hugging Face's own library gives them; see tokenizer/goldens.test.ts. */
describe.each(readdirSync(goldens).filter((file) => file !== "texts.golden.json"))("%s", (file) => {
	const golden = read(file) as { tokenizer: unknown; ids: number[][]; decoded: object; spoken: object };
	const own = createTokenizer(golden.tokenizer, file);
	const stream = (ids: readonly number[]) => {
		const made = createTextStream(own);
		return ids.map((id) => made.push(id)).join("") + made.end();
	};

	test("behavior: joined, the pieces are what Hugging Face decodes", () => {
		for (const [i, text] of (read("texts.golden.json") as string[]).entries()) {
			const { [i]: decoded = text } = golden.decoded as Record<number, string>;
			const { [i]: spoken = decoded } = golden.spoken as Record<number, string>;
			expect(stream(golden.ids[i]!)).toBe(spoken);
		}
	});
});

test("behavior: a decoder that drops the space before its first word, as SentencePiece's does, is followed too", () => {
	const words = ["▁the", "▁sea", "s", "▁", "", "▁▁x"];
	const decode = (ids: Iterable<number>) =>
		[...ids]
			.map((id) => words[id])
			.join("")
			.replaceAll("▁", " ")
			.replace(/^ /, "");
	fc.assert(
		fc.property(fc.array(fc.nat(words.length - 1), { maxLength: 20 }), (ids) => {
			const stream = createTextStream({ decode });
			expect(ids.map((id) => stream.push(id)).join("") + stream.end()).toBe(decode(ids));
		}),
		RUNS,
	);
});

describe("stop strings", () => {
	const cut = (parts: readonly string[], stop: readonly string[]) => {
		const search = createStopSearch(stop);
		let text = "";
		for (const part of parts) {
			const found = search.push(part);
			text += found.text;
			if (found.stoppedBy !== undefined) return { text, stoppedBy: found.stoppedBy };
		}
		return { text: text + search.end() };
	};

	test("default: cut before the string, which may come in pieces", () => {
		expect(cut(["One. Tw", "o\n", "\nThree"], ["\n\n"])).toEqual({ text: "One. Two", stoppedBy: "\n\n" });
		expect(cut(["no sto", "p here"], ["stop!"])).toEqual({ text: "no stop here" });
	});

	test("behavior: what may begin a stop string waits", () => {
		const search = createStopSearch(["END"]);
		expect(["a", "E", "NE", "N", "x"].map((text) => search.push(text).text)).toEqual(["a", "", "EN", "", "ENx"]);
	});

	test("behavior: the first that is complete counts, and of those the longest", () => {
		expect(cut(["xabcd"], ["abcd", "bc"])).toEqual({ text: "xa", stoppedBy: "bc" });
		expect(cut(["xabc"], ["bc", "abc", "c"])).toEqual({ text: "x", stoppedBy: "abc" });
	});

	test("behavior: pieces never matter, and nothing of a stop string is ever said", () => {
		const letters = fc.string({ unit: fc.constantFrom("a", "b", "é", "😀"), minLength: 1, maxLength: 4 });
		const parts = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "é", "😀"), maxLength: 5 }), { maxLength: 8 });
		fc.assert(
			fc.property(parts, fc.array(letters, { maxLength: 3 }), (given, stop) => {
				const whole = cut([given.join("")], stop);
				expect(cut(given, stop)).toEqual(whole);
				expect(cut([...given.join("")], stop)).toEqual(whole);
				expect(stop.some((string) => whole.text.includes(string))).toBe(false);
				if (whole.stoppedBy === undefined) expect(whole.text).toBe(given.join(""));
				else expect(given.join("").startsWith(whole.text + whole.stoppedBy)).toBe(true);
			}),
			{ numRuns: 1000 },
		);
	});
});
