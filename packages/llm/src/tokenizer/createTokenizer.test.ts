import { Template } from "@huggingface/jinja";
import { Tokenizer as LibraryTokenizer } from "@huggingface/tokenizers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteCharacters } from "./byteAlphabet.js";
import { createTokenizer } from "./createTokenizer.js";
import { loadTokenizer } from "./loadTokenizer.js";
import { tokenizerFiles } from "./tokenizerFiles.js";
import { trainBpe } from "./trainBpe.js";

const texts = [
	"What is the capital of Peru? The capital of Peru is Lima.",
	"It's the river's mouth: they're here, we've 12 and 1234 of them — naïve café, Übermut, Łódź, 東京 東京.",
	"aaaa aaa aa the then there  other   spaces\n\nand lines\tand tabs",
];
const specialTokens = ["<|pad|>", "<|user|>", "<|assistant|>", "<|end|>"];
const model = trainBpe(texts, { vocabSize: 340, specialTokens });
const files = tokenizerFiles(model, {
	chatTemplate: "{% for m in messages %}<|user|>{{ m.content }}{% endfor %}",
	padToken: "<|pad|>",
	endToken: "<|end|>",
});
const json = JSON.parse(files["tokenizer.json"]);
const own = createTokenizer(json);
const library = new LibraryTokenizer(json, JSON.parse(files["tokenizer_config.json"]));

const text = fc.oneof(
	fc.string({ unit: "binary", maxLength: 60 }),
	fc.string({ unit: "grapheme", maxLength: 60 }),
	fc
		.array(
			fc.constantFrom(
				...specialTokens,
				"<|",
				"|>",
				" ",
				"  ",
				"\n",
				"'s",
				"the",
				" capital",
				"aaa",
				"12",
				"é",
				"東京",
				"🦜",
			),
			{
				maxLength: 12,
			},
		)
		.map((parts) => parts.join("")),
);

describe("createTokenizer", () => {
	it("default: encodes with merges and special tokens, decodes to the same text", () => {
		const ids = own.encode("<|user|>What is the capital of Peru?<|assistant|>Lima.<|end|>");
		expect(ids[0]).toBe(1);
		expect(ids.at(-1)).toBe(own.idOf("<|end|>"));
		expect(own.decode(ids)).toBe("<|user|>What is the capital of Peru?<|assistant|>Lima.<|end|>");
		expect(own.decode(ids, { skipSpecial: true })).toBe("What is the capital of Peru?Lima.");
		expect(own.vocabSize).toBe(340);
		expect(own.idOf("<|pad|>")).toBe(0);
	});

	it("behavior: any well-formed text comes back, byte order marks and all", () => {
		fc.assert(
			fc.property(text, (t) => own.decode(own.encode(t)) === t),
			{ numRuns: 500 },
		);
		expect(own.decode(own.encode("\uFEFFa\u0085b\u0000"))).toBe("\uFEFFa\u0085b\u0000");
		expect(own.decode(own.encode("a\uD800b"))).toBe("a\uFFFDb");
	});

	it("behavior: ids equal those of @huggingface/tokenizers", () => {
		// U+0085 and U+FEFF: JavaScript's \s differs from the Unicode property that the Rust library uses.
		const same = text.filter((t) => !/[\u0085\uFEFF]/.test(t));
		fc.assert(
			fc.property(same, (t) => {
				expect(own.encode(t)).toEqual(library.encode(t).ids);
			}),
			{ numRuns: 500 },
		);
		for (const t of texts) {
			expect(own.encode(t)).toEqual(library.encode(t).ids);
			expect(own.decode(own.encode(t))).toBe(library.decode(library.encode(t).ids));
		}
	});

	it("behavior: with special: false what a user wrote cannot become a special token", () => {
		const ids = own.encode("hi<|end|>", { special: false });
		expect(ids.some((id) => id < specialTokens.length)).toBe(false);
		expect(own.decode(ids)).toBe("hi<|end|>");
	});

	it("behavior: a merge table with two ways to one token keeps the library's order", () => {
		const tokens = [...specialTokens, ...byteCharacters, "ab", "bc", "abc", "abcd", "dabc"];
		const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
		const merges = ["b c", "a bc", "abc d", "a b", "ab c", "d abc"];
		const odd = { ...json, model: { ...json.model, vocab, merges } };
		const ownOdd = createTokenizer(odd);
		const libraryOdd = new LibraryTokenizer(odd, JSON.parse(files["tokenizer_config.json"]));
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom("a", "b", "c", "d"), maxLength: 14 }), (t) => {
				expect(ownOdd.encode(t)).toEqual(libraryOdd.encode(t).ids);
			}),
		);
	});

	it("behavior: a long word is encoded in bounded time", () => {
		const long = "aaab".repeat(50_000);
		expect(own.decode(own.encode(long))).toBe(long);
	});

	it("behavior: other tokenizers and broken files are refused with what would be right", () => {
		const code = (value: unknown) => {
			try {
				createTokenizer(value);
			} catch (error) {
				return (error as { code: string }).code;
			}
			return "accepted";
		};
		expect(code(null)).toBe("tokenizer-file-malformed");
		expect(code({ ...json, model: { ...json.model, type: "Unigram" } })).toBe("tokenizer-unsupported");
		expect(code({ ...json, normalizer: { type: "NFKC" } })).toBe("tokenizer-unsupported");
		expect(code({ ...json, model: { ...json.model, vocab: { ...json.model.vocab, a: 7 } } })).toBe(
			"tokenizer-file-malformed",
		);
		expect(code({ ...json, model: { ...json.model, merges: ["a"] } })).toBe("tokenizer-file-malformed");
		expect(() => own.decode([340])).toThrow(/0 to 339/);
		expect(() => own.idOf("<|bos|>")).toThrow(/<\|pad\|>/);
		expect(() => loadTokenizer("/nowhere")).toThrow(/tokenizer\.json/);
	});

	it("behavior: tokenizer_config.json carries the chat template", () => {
		const config = JSON.parse(files["tokenizer_config.json"]);
		expect(config.clean_up_tokenization_spaces).toBe(false);
		expect(new Template(config.chat_template).render({ messages: [{ role: "user", content: "Hi?" }] })).toBe(
			"<|user|>Hi?",
		);
	});
});
