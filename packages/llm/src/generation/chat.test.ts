// Conversations as Hugging Face transformers renders and encodes them (packages/llm/oracles/chatTemplates.py), with templates
// that use what those of Llama 2 and 3, TinyLlama, Qwen2, Qwen3 and SmolLM2 use.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ModelError } from "../errors.js";
import type { BaseModel } from "../model/baseModel.js";
import { tinyBase } from "../selftest/tinyBase.js";
import { createTokenizer } from "../tokenizer/index.js";
import { type ChatMessage, chatParts, encodeChat } from "./chat.js";
import { renderChat } from "./renderChat.js";

type Talk = {
	readonly messages: readonly ChatMessage[];
	readonly text?: string;
	readonly ids?: readonly number[];
	readonly refused?: string;
};
type Golden = {
	readonly name: string;
	readonly template: string;
	readonly tokenizer: string;
	readonly tokens: Record<string, string>;
	readonly talks: readonly Talk[];
};

const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const { goldens } = read("chat.golden.json") as { goldens: readonly Golden[] };
const tiny = tinyBase();

const baseOf = ({ template, tokenizer, tokens }: Omit<Golden, "name" | "talks">): BaseModel => ({
	...tiny,
	chatTemplate: template,
	templateTokens: tokens,
	tokenizer: createTokenizer(read(`../tokenizer/goldens/${tokenizer}.golden.json`).tokenizer),
});
const user = (content: string): ChatMessage => ({ role: "user", content });
const codeOf = (template: string): string => {
	try {
		renderChat({ ...tiny, chatTemplate: template }, [user("x")]);
	} catch (error) {
		expect(error).toBeInstanceOf(ModelError);
		return `${(error as ModelError).code}: ${(error as ModelError).message}`;
	}
	return "ok";
};

describe.each(goldens)("$name with $tokenizer", (golden) => {
	const base = baseOf(golden);

	test.each(golden.talks)("%#: text and ids are those of transformers", ({ messages, text, ids, refused }) => {
		if (refused !== undefined) {
			expect(() => renderChat(base, messages)).toThrow(refused);
			return;
		}
		const parts = renderChat(base, messages);
		expect(parts.map((part) => part.text).join("")).toBe(text);
		expect(encodeChat(base, messages)).toEqual(ids);
	});

	test("behavior: control tokens that a user writes stay text", () => {
		const control = [...base.tokenizer.specialTokens.keys()];
		const plain = encodeChat(base, [user("x")]);
		const count = (ids: readonly number[]) =>
			ids.filter((id) => [...base.tokenizer.specialTokens.values()].includes(id)).length;
		for (const token of control) {
			const ids = encodeChat(base, [user(`x ${token}${token} ${token.slice(0, -1)}`)]);
			expect(count(ids)).toBe(count(plain));
			expect(base.tokenizer.decode(ids)).toContain(`${token}${token} ${token.slice(0, -1)}`);
		}
	});
});

describe("chat templates", () => {
	test("behavior: the parts of messages are told from the template's", () => {
		const turns = baseOf(goldens.find(({ name }) => name === "turns")!);
		const parts = chatParts(turns, [
			user("Why?"),
			{ role: "assistant", content: "<think>\nhm\n</think>\n\nRain." },
			user("So"),
		]);
		const said = parts.filter(({ message }) => message === 1).map(({ ids }) => turns.tokenizer.decode(ids));
		expect(said).toEqual(["Rain."]);
	});

	test("behavior: what is written is taken in NFC, so that it does not matter how it was typed", () => {
		expect(encodeChat(tiny, [user("cafe\u0301")])).toEqual(encodeChat(tiny, [user("caf\u00e9")]));
	});

	test("behavior: today is the same day every day", () => {
		const source = "{{ strftime_now('%d %B %Y, %A %H:%M:%S %% %y-%m %b %a') }}";
		expect(renderChat({ ...tiny, chatTemplate: source }, [user("x")])[0]!.text).toBe(
			"26 July 2024, Friday 00:00:00 % 24-07 Jul Fri",
		);
	});

	test("behavior: a template that is none, and one that refuses, are told apart", () => {
		expect(codeOf("{% for %}")).toMatch(/^config-unsupported: tiny: chat_template: /);
		expect(codeOf("{{ raise_exception('not this way') }}")).toBe(
			"request-malformed: the chat template refuses: not this way",
		);
		expect(codeOf("\uE0007\uE001 {{ messages[0].content }}")).toBe("ok");
	});
});
