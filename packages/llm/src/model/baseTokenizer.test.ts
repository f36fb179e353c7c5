// A base and its tokenizer: what does not go together is refused with file and field.

import { expect, test } from "vitest";
import { ModelError } from "../errors.js";
import { tinyFamilies } from "../selftest/tinyFamilies.js";
import { TokenizerError } from "../tokenizer/index.js";
import { type BaseFiles, readBase } from "./baseModel.js";

const files: BaseFiles = tinyFamilies()[0]!.files;
const utf8 = new TextEncoder();
const json = JSON.parse(new TextDecoder().decode(files.tokenizer));

function refusal(tokenizer: string): ModelError {
	try {
		readBase({ ...files, tokenizer: utf8.encode(tokenizer) }, "odd");
	} catch (error) {
		expect(error).toBeInstanceOf(ModelError);
		return error as ModelError;
	}
	throw new Error("accepted");
}

test("behavior: a base whose tokenizer.json cannot be used is refused with file and field", () => {
	const broken = refusal(JSON.stringify({ ...json, model: { ...json.model, merges: ["a nothing"] } }));
	expect(broken.code).toBe("config-malformed");
	expect(broken.message).toMatch(/^odd\/tokenizer\.json: model\.merges\[0\] needs the token "nothing"/);
	expect(broken.cause).toBeInstanceOf(TokenizerError);
	const other = refusal(JSON.stringify({ ...json, model: { ...json.model, type: "WordPiece" } }));
	expect(other.code).toBe("config-unsupported");
	expect(other.message).toMatch(/^odd\/tokenizer\.json: model\.type is "WordPiece"/);
	expect(refusal('{"model":').message).toMatch(/^odd\/tokenizer\.json: is not UTF-8 JSON/);
});

test("behavior: a tokenizer with ids beyond the model's vocabulary is refused", () => {
	const more = Array.from({ length: 300 }, (_, i) => ({
		id: Object.keys(json.model.vocab).length + i,
		content: `<${i}>`,
	}));
	const { code, message } = refusal(JSON.stringify({ ...json, added_tokens: [...json.added_tokens, ...more] }));
	expect(code).toBe("config-malformed");
	expect(message).toMatch(/^odd\/tokenizer\.json: has \d+ tokens; vocab_size of odd\/config\.json allows \d+$/);
});

test("default: the template's tokens come from tokenizer_config.json, as texts or as objects", () => {
	const config = JSON.parse(new TextDecoder().decode(files.tokenizerConfig));
	const withTokens = (tokens: object) => ({
		...files,
		tokenizerConfig: utf8.encode(JSON.stringify({ ...config, ...tokens })),
	});
	const tokens = { bos_token: "<|user|>", eos_token: { content: "<|end|>", lstrip: false }, pad_token: null };
	expect(readBase(withTokens(tokens), "odd").templateTokens).toMatchObject({
		bos_token: "<|user|>",
		eos_token: "<|end|>",
	});
	expect(() => readBase(withTokens({ bos_token: 1 }), "odd")).toThrow(
		"odd/tokenizer_config.json: bos_token must be a token's text",
	);
});
