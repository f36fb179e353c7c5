import { describe, expect, test } from "vitest";
import { ModelError } from "../errors.js";
import { readAdapter } from "../lora/peft.js";
import { writeAdapterConfig } from "../lora/peftConfig.js";
import { tinyAdapter } from "../selftest/tinyAdapter.js";
import { tinyBase } from "../selftest/tinyBase.js";
import { createEngine } from "./engine.js";

const base = tinyBase();
const engine = createEngine(base);
const { config, model } = tinyAdapter(base);
const adapter = readAdapter(base.config, writeAdapterConfig(config, "tiny"), model);
const tokens = Array.from({ length: 45 }, (_, i) => 1 + ((i * 37) % 250));

describe("session", () => {
	for (const [name, own] of [
		["base", undefined],
		["base with adapter", adapter],
	] as const) {
		test(`default, ${name}: token by token = full forward pass, bit for bit`, () => {
			const session = engine.open(tokens.length, own);
			tokens.forEach((token, i) => {
				expect(session.feed([token])).toEqual(engine.nextLogits(tokens.slice(0, i + 1), own));
			});
			session.close();
		});
	}

	test("however the tokens are fed, the logits are the same", () => {
		const expected = engine.nextLogits(tokens, adapter);
		for (const pieces of [[45], [17, 28], [1, 16, 1, 1, 26], [40, 1, 1, 1, 1, 1]]) {
			const session = engine.open(50, adapter);
			let at = 0;
			let logits = new Float32Array();
			for (const piece of pieces) {
				logits = session.feed(tokens.slice(at, at + piece)) as Float32Array<ArrayBuffer>;
				at += piece;
			}
			expect(session.length).toBe(45);
			expect(logits).toEqual(expected);
			session.close();
		}
	});

	test("behavior: a new session remembers nothing of the one before, and memory comes back", () => {
		const fresh = () => {
			const session = engine.open(8);
			const logits = session.feed(tokens.slice(0, 3));
			session.close();
			return logits;
		};
		const first = fresh();
		const used = engine.machine.bytesInUse();
		for (let i = 0; i < 5; i++) expect(fresh()).toEqual(first);
		expect(engine.machine.bytesInUse()).toBe(used);
	});

	test("behavior: past its capacity a session refuses and stays as it was", () => {
		const session = engine.open(4);
		session.feed(tokens.slice(0, 3));
		expect(() => session.feed(tokens.slice(3, 5))).toThrow(ModelError);
		expect(session.feed([tokens[3]!])).toEqual(engine.nextLogits(tokens.slice(0, 4)));
		session.close();
	});
});
