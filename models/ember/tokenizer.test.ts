import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Template } from "@huggingface/jinja";
import { Tokenizer as LibraryTokenizer } from "@huggingface/tokenizers";
import { loadTokenizer } from "@openledger/llm";
import { describe, expect, it } from "vitest";
import { emberCorpus } from "./corpus.js";
import { buildEmberTokenizer, emberChatTemplate, emberSpecialTokens } from "./tokenizer.js";

const folder = fileURLToPath(new URL(".", import.meta.url));
const committed = (name: string): string => readFileSync(`${folder}${name}`, "utf8");
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

describe("ember's tokenizer", () => {
	it("default: the committed files are those that the corpus gives", () => {
		const built = buildEmberTokenizer();
		expect(sha256(built["tokenizer.json"])).toBe(sha256(committed("tokenizer.json")));
		expect(sha256(built["tokenizer_config.json"])).toBe(sha256(committed("tokenizer_config.json")));
		expect(sha256(built["tokenizer.json"])).toBe("28978e70c8f4695ded5124de9e51f4b05c8c28abf0b5c27a74c5d690f701ee2c");
	});

	it("behavior: 1,024 tokens, special ones first, and ids equal to @huggingface/tokenizers on the corpus", () => {
		const own = loadTokenizer(folder);
		const library = new LibraryTokenizer(
			JSON.parse(committed("tokenizer.json")),
			JSON.parse(committed("tokenizer_config.json")),
		);
		expect(own.vocabSize).toBe(1024);
		expect(emberSpecialTokens.map((token) => own.idOf(token))).toEqual([0, 1, 2, 3]);
		for (const { prompt, response } of emberCorpus({ seed: 9, rows: 500 })) {
			const text = `<|user|>${prompt}<|assistant|>${response}<|end|>`;
			const ids = own.encode(text);
			expect(ids).toEqual(library.encode(text).ids);
			expect(own.decode(ids)).toBe(text);
		}
	});

	it("behavior: the chat template writes turns, asks for an answer, refuses other roles", () => {
		const template = new Template(emberChatTemplate);
		const user = { role: "user", content: "What is the capital of Zorland?" };
		expect(template.render({ messages: [user], add_generation_prompt: true })).toBe(
			"<|user|>What is the capital of Zorland?<|assistant|>",
		);
		expect(template.render({ messages: [user, { role: "assistant", content: "Melth." }] })).toBe(
			"<|user|>What is the capital of Zorland?<|assistant|>Melth.<|end|>",
		);
		expect(() => template.render({ messages: [{ role: "system", content: "x" }] })).toThrow(/user and assistant/);
	});

	it("behavior: rows are short in tokens", () => {
		const tokenizer = loadTokenizer(folder);
		const lengths = [...emberCorpus({ seed: 2026, rows: 4000 })].map(
			({ prompt, response }) => 3 + tokenizer.encode(prompt + response, { special: false }).length,
		);
		const mean = lengths.reduce((a, b) => a + b) / lengths.length;
		expect(mean).toBeGreaterThan(18);
		expect(mean).toBeLessThan(26);
	});
});
