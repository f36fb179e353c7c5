// What strangers may put into a tokenizer.json: every fault is a TokenizerError that names file and field.

import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTokenizer } from "./createTokenizer.js";
import { TokenizerError } from "./errors.js";
import { loadTokenizer } from "./loadTokenizer.js";

type Json = Record<string, unknown>;
const folder = new URL("goldens/", import.meta.url);
const goldens = readdirSync(folder)
	.filter((file) => file !== "texts.golden.json")
	.map((file) => JSON.parse(readFileSync(new URL(file, folder), "utf8")).tokenizer as Json);
const [gpt2, llama2, qwen2] = ["gpt2", "llama2", "qwen2"].map(
	(kind) => JSON.parse(readFileSync(new URL(`${kind}.golden.json`, folder), "utf8")).tokenizer,
);

const refusal = (value: unknown): string => {
	try {
		createTokenizer(value, "odd/tokenizer.json");
	} catch (error) {
		expect(error).toBeInstanceOf(TokenizerError);
		return `${(error as TokenizerError).code}: ${(error as TokenizerError).message}`;
	}
	return "accepted";
};
const modelOf = (json: Json, changes: Json): Json => ({ ...json, model: { ...(json.model as Json), ...changes } });
const vocabOf = (json: Json, changes: Json): Json =>
	modelOf(json, { vocab: { ...((json.model as Json).vocab as Json), ...changes } });
const mergesOf = (json: Json, ...more: unknown[]): Json =>
	modelOf(json, { merges: [...((json.model as Json).merges as unknown[]), ...more] });
const addedOf = (json: Json, ...more: Json[]): Json => ({
	...json,
	added_tokens: [...(json.added_tokens as Json[]), ...more],
});

describe("bad tokenizer files", () => {
	it.each<[string, unknown, RegExp]>([
		["no object", [], /malformed: odd\/tokenizer\.json: it must be an object/],
		["no model", { ...gpt2, model: undefined }, /model must be an object, got nothing/],
		["no merges", modelOf(gpt2, { merges: undefined }), /model\.merges must be a list/],
		["empty merges", modelOf(llama2, { merges: [] }), /model\.merges must make the tokens of model\.vocab/],
		[
			"missing merges",
			modelOf(gpt2, { merges: ((gpt2.model as Json).merges as unknown[]).slice(0, 40) }),
			/model\.merges must make the tokens of model\.vocab; no merge makes 120 of them, "[^"]+" for one/,
		],
		[
			"a merge of an unknown token",
			mergesOf(gpt2, "a zzz"),
			/model\.merges\[160\] needs the token "zzz", which model\.vocab lacks/,
		],
		["a merge into an unknown token", mergesOf(gpt2, ["z", "q"]), /model\.merges\[160\] needs the token "zq"/],
		["a merge of three", mergesOf(gpt2, "a b c"), /model\.merges\[160\] must be a pair/],
		["a merge of numbers", mergesOf(gpt2, [1, 2]), /model\.merges\[160\] must be a pair/],
		[
			"a merge twice",
			mergesOf(gpt2, ((gpt2.model as Json).merges as string[])[0]),
			/model\.merges\[160\] must not be there twice/,
		],
		[
			"a merge into a control token",
			addedOf(gpt2, { id: (gpt2.model.vocab as Json).Ġthe as number, content: "Ġthe", special: true }),
			/unsupported.*makes the special token "Ġthe"/,
		],
		["an id twice", vocabOf(gpt2, { new: 7 }), /id of token "new" must not be the one of .* too, got 7/],
		["a hole", vocabOf(gpt2, { new: 500 }), /id of token "new" must be below 421/],
		["an id that is no integer", vocabOf(gpt2, { new: 1.5 }), /model\.vocab\["new"\] must be an integer/],
		["a negative id", vocabOf(gpt2, { new: -1 }), /model\.vocab\["new"\] must be an integer from 0/],
		[
			"an added token with another id",
			addedOf(gpt2, { id: 3, content: "a" }),
			/added_tokens\[4\]\.id must be \d+ as in model\.vocab/,
		],
		["an added token twice", addedOf(gpt2, gpt2.added_tokens[0]), /added_tokens\[4\]\.content must not be there twice/],
		[
			"an empty added token",
			addedOf(gpt2, { id: 420, content: "" }),
			/added_tokens\[4\]\.content must have 1 to 512 characters/,
		],
		[
			"a flag that is none",
			addedOf(gpt2, { id: 420, content: "x!", lstrip: 1 }),
			/added_tokens\[4\]\.lstrip must be true or false/,
		],
		[
			"Unigram",
			modelOf(gpt2, { type: "Unigram" }),
			/unsupported: odd\/tokenizer\.json: model\.type is "Unigram"; supported is "BPE"/,
		],
		["dropout", modelOf(gpt2, { dropout: 0.1 }), /unsupported.*model\.dropout is 0\.1/],
		[
			"a subword prefix",
			modelOf(gpt2, { continuing_subword_prefix: "##" }),
			/unsupported.*model\.continuing_subword_prefix/,
		],
		["a word suffix", modelOf(gpt2, { end_of_word_suffix: "</w>" }), /unsupported.*model\.end_of_word_suffix/],
		["an unknown unk", modelOf(llama2, { unk_token: "<none>" }), /model\.unk_token must be a token/],
		["a fallback without bytes", modelOf(qwen2, { byte_fallback: true }), /unsupported.*model\.byte_fallback/],
		[
			"a normaliser",
			{ ...gpt2, normalizer: { type: "NFKC" } },
			/unsupported.*normalizer\.type is "NFKC"; supported is "NFC"/,
		],
		[
			"a sequence in a sequence",
			{ ...gpt2, normalizer: { type: "Sequence", normalizers: [{ type: "Sequence" }] } },
			/normalizer\.normalizers\[0\]\.type is "Sequence"/,
		],
		[
			"more normalisers than anybody has",
			{ ...gpt2, normalizer: { type: "Sequence", normalizers: Array(33).fill({ type: "NFC" }) } },
			/malformed: odd\/tokenizer\.json: normalizer\.normalizers must have at most 32 steps/,
		],
		[
			"more splits than anybody has",
			{ ...gpt2, pre_tokenizer: { type: "Sequence", pretokenizers: Array(100_000).fill({ type: "Digits" }) } },
			/pre_tokenizer\.pretokenizers must have at most 32 steps/,
		],
		[
			"more decoders than anybody has",
			{ ...llama2, decoder: { type: "Sequence", decoders: Array(33).fill({ type: "Fuse" }) } },
			/decoder\.decoders must have at most 32 steps/,
		],
		[
			"more processors than anybody has",
			{ ...gpt2, post_processor: { type: "Sequence", processors: Array(33).fill({ type: "ByteLevel" }) } },
			/post_processor\.processors must have at most 32 steps/,
		],
		[
			"a replacement",
			{ ...gpt2, normalizer: { type: "Replace", pattern: { Regex: "(a+)+$" }, content: "" } },
			/normalizer\.pattern\.String is nothing/,
		],
		[
			"a pattern",
			{ ...gpt2, pre_tokenizer: { type: "Split", behavior: "Isolated", invert: false, pattern: { Regex: "(a+)+$" } } },
			/unsupported.*pre_tokenizer\.pattern\.Regex is "\(a\+\)\+\$"/,
		],
		[
			"a prefix space",
			{ ...gpt2, pre_tokenizer: { type: "ByteLevel" } },
			/pre_tokenizer\.add_prefix_space is nothing; supported is false/,
		],
		["another decoder", { ...gpt2, decoder: { type: "WordPiece" } }, /decoder\.type is "WordPiece"/],
		["no decoder", { ...gpt2, decoder: null }, /unsupported.*decoder is null/],
		[
			"another template",
			{ ...gpt2, post_processor: { type: "BertProcessing" } },
			/post_processor\.type is "BertProcessing"/,
		],
		[
			"a template's id",
			{ ...llama2, post_processor: { ...llama2.post_processor, special_tokens: { "<s>": { ids: [9999] } } } },
			/special_tokens\.<s>\.ids\[0\] must be a token id below/,
		],
		["words without bytes", { ...gpt2, pre_tokenizer: { type: "Digits" } }, /unsupported.*pre_tokenizer/],
	])("%s", (_, value, message) => {
		expect(refusal(value)).toMatch(message);
	});

	it("behavior: whatever is changed, a file is refused by name or gives a tokenizer that works", () => {
		const value = fc.oneof(
			fc.constantFrom<unknown>(
				null,
				true,
				0,
				-1,
				1e9,
				"",
				"a",
				"Sequence",
				"ByteLevel",
				"\u2581",
				[],
				{},
				[[]],
				"__proto__",
			),
			fc.jsonValue({ maxDepth: 3 }),
		);
		const change = fc.record({ way: fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), value, remove: fc.boolean() });
		fc.assert(
			fc.property(fc.constantFrom(...goldens), fc.array(change, { minLength: 1, maxLength: 3 }), (golden, changes) => {
				const json = structuredClone(golden);
				for (const { way, value: put, remove } of changes) replaceAt(json, way, put, remove);
				let tokenizer: ReturnType<typeof createTokenizer>;
				try {
					tokenizer = createTokenizer(json, "odd/tokenizer.json");
				} catch (error) {
					expect(error).toBeInstanceOf(TokenizerError);
					expect((error as Error).message).toMatch(/^odd\/tokenizer\.json: \S/);
					return;
				}
				const ids = tokenizer.encode(" the light 12 é\n🦜<|end|>", { around: true });
				for (const id of ids) expect(id >= 0 && id < tokenizer.vocabSize).toBe(true);
				expect(typeof tokenizer.decode(ids)).toBe("string");
			}),
			{ numRuns: 1500 },
		);
	});

	it("behavior: a folder's file is measured before it is read, and must be JSON", () => {
		const directory = mkdtempSync(join(tmpdir(), "tokenizer-"));
		const file = join(directory, "tokenizer.json");
		const code = () => {
			try {
				loadTokenizer(directory);
			} catch (error) {
				expect((error as Error).message).toContain(file);
				return (error as TokenizerError).code;
			}
			return "accepted";
		};
		expect(code()).toBe("tokenizer-file-missing");
		writeFileSync(file, JSON.stringify(gpt2));
		expect(code()).toBe("accepted");
		truncateSync(file, 5000);
		expect(code()).toBe("tokenizer-file-malformed");
		truncateSync(file, 2 ** 27);
		expect(code()).toBe("tokenizer-file-too-large");
		rmSync(directory, { recursive: true });
	});
});

/** Follows a way of numbers down the lists and objects, and changes what is at its end. */
function replaceAt(json: unknown, way: readonly number[], value: unknown, remove: boolean): void {
	let at = json as Json;
	for (const [depth, step] of way.entries()) {
		const keys = Object.keys(at);
		if (keys.length === 0) return;
		const key = keys[step % keys.length]!;
		const below = at[key];
		if (depth < way.length - 1 && typeof below === "object" && below !== null) at = below as Json;
		else {
			if (remove && Array.isArray(at)) at.splice(Number(key), 1);
			else if (remove) delete at[key];
			else at[key] = value;
			return;
		}
	}
}
