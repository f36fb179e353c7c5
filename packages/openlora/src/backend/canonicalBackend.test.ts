import { createEngine, readAdapter, tinyAdapter, tinyBase, writeAdapterConfig } from "@openledger/llm";
import { describe, expect, test } from "vitest";
import type { ChatOrder } from "../chat/chatOrder.js";
import { createCanonicalBackend } from "./canonicalBackend.js";

const base = tinyBase();
const engine = createEngine(base);
const { config, model } = tinyAdapter(base);
const backend = createCanonicalBackend(engine, { id: "tiny", owner: "us" });
const adapter = readAdapter(base.config, writeAdapterConfig(config, "tiny"), model);
backend.serve({ id: "tiny-1", adapter, created: 1, owner: "us" });

const order = (content: string): ChatOrder => ({
	model: "tiny-1",
	messages: [{ role: "user", content }],
	maxTokens: 4,
	temperaturePpm: 0,
	topPPpm: 1_000_000,
	seed: 0,
});

describe("canonical backend", () => {
	test("default: counts a prompt as the engine reads it", () => {
		const { promptTokens } = engine.generate({ messages: order("Peru?").messages, maxTokens: 1 }, adapter);
		expect(backend.countPrompt(order("Peru?"))).toBe(promptTokens.length);
	});

	test("behavior: an order's sampling and stop strings reach the engine", async () => {
		const asked = { ...order("Peru?"), temperaturePpm: 1_500_000, seed: 3 };
		const more = { topK: 9, minPPpm: 20_000, repetitionPenaltyPpm: 1_300_000 };
		const sampling = { temperature: 1.5, topP: 1, seed: 3, topK: 9, minP: 0.02, repetitionPenalty: 1.3 };
		const { messages, maxTokens } = asked;
		const found = await backend.generate({ ...asked, ...more });
		expect(found).toEqual(engine.generate({ messages, maxTokens, sampling }, adapter));
		expect(found.responseTokens).not.toEqual((await backend.generate(asked)).responseTokens);
		const stop = [found.text.slice(0, 1)];
		expect(await backend.generate({ ...asked, ...more, stop })).toMatchObject({ text: "", finishReason: "stop" });
	});

	test("behavior: what cannot fit is refused, and without being encoded when its bytes say so", () => {
		const refused = (content: string) => {
			try {
				backend.countPrompt(order(content));
			} catch (error) {
				return error as { code: string; message: string };
			}
			return undefined;
		};
		expect(refused("a b ".repeat(40))).toMatchObject({ code: "context_length_exceeded" });
		const from = performance.now();
		for (let i = 0; i < 20; i++) expect(refused("q".repeat(60_000))?.message).toContain("at least");
		// Encoding them would take seconds; the margin is wide, since other work may share the machine.
		expect(performance.now() - from).toBeLessThan(1000);
	});

	test("behavior: the base and unknown names are refused by name, the base only where it is not served", async () => {
		const beneath = createCanonicalBackend(engine, { id: "tiny", owner: "us", serveBase: false });
		beneath.serve({ id: "tiny-1", adapter, created: 1, owner: "us" });
		expect(() => beneath.countPrompt({ ...order("x"), model: "tiny" })).toThrow("tiny-1");
		await expect(beneath.generate({ ...order("x"), model: "tiny" })).rejects.toMatchObject({
			code: "model_not_served",
		});
		expect(beneath.models().map(({ id, served }) => [id, served])).toEqual([
			["tiny", false],
			["tiny-1", true],
		]);
		expect(backend.countPrompt({ ...order("x"), model: "tiny" })).toBeGreaterThan(0);
		expect(() => backend.countPrompt({ ...order("x"), model: "other" })).toThrow('no model "other"');
	});
});
