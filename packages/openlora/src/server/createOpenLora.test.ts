import { expect, test } from "vitest";
import type { Backend } from "../backend/backend.js";
import type { Billing } from "../billing.js";
import { createOpenLora } from "./createOpenLora.js";

// The server alone: its interfaces are played here; the node's tests run it with the engine, a chain and a socket.
const backend: Backend = {
	proves: "bit-exact",
	models: () => [
		{ id: "base", digest: "0x01", created: 0, owner: "o" },
		{ id: "world-1", parent: "base", digest: "0x02", created: 7, owner: "o" },
	],
	countPrompt: (order) => order.messages.length,
	generate: () => Promise.reject(new Error("billing does")),
};
const billing: Billing<string> = {
	quote: async (order) => ({ tokensIn: backend.countPrompt(order), feeWei: 5n }),
	accept: async (_order, quote, request) =>
		request.headers.get("payment-signature") === null
			? { kind: "refused", response: Response.json({ error: `${quote.feeWei}` }, { status: 402 }) }
			: { kind: "accepted", payment: "p", headers: { "PAYMENT-RESPONSE": "r" } },
	complete: async (order) => {
		if (order.messages[0]!.content === "fail") throw new Error("a secret of the machine room");
		const shares = ["a", "b", "c", "d"].map((contributor) => ({ contributor, ppm: 250_000 }));
		const counts = { tokensIn: 3, tokensOut: 2, created: 9, feeWei: 5n };
		return { text: "Paris.", finishReason: "stop", ...counts, receiptId: `0x${"ab".repeat(32)}`, shares, verify: "v" };
	},
};
const failures: unknown[] = [];
const app = createOpenLora({ backend, billing, onError: (error) => failures.push(error) });
const ask = (content: string, headers: Record<string, string> = {}) =>
	app.request("/v1/chat/completions", {
		method: "POST",
		headers,
		body: JSON.stringify({ model: "world-1", messages: [{ role: "user", content }] }),
	});

test("default: a paid request gets an OpenAI completion with its receipt", async () => {
	const response = await ask("What is the capital of France?", { "payment-signature": "s" });
	expect(response.status).toBe(200);
	expect(response.headers.get("x-openledger-receipt")).toBe(`0x${"ab".repeat(32)}`);
	expect(response.headers.get("payment-response")).toBe("r");
	const body = (await response.json()) as { openledger: { shares: unknown[] } };
	expect(body).toMatchObject({
		object: "chat.completion",
		model: "world-1",
		created: 9,
		choices: [{ index: 0, message: { role: "assistant", content: "Paris." }, finish_reason: "stop" }],
		usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
		openledger: { feeWei: "5", verify: "v" },
	});
	expect(body.openledger.shares).toHaveLength(3);
});

test("behavior: no payment, no answer; the refusal is billing's", async () => {
	const response = await ask("hello");
	expect([response.status, await response.json()]).toEqual([402, { error: "5" }]);
});

test("behavior: models with their parent, and errors in OpenAI's form", async () => {
	const list = (await (await app.request("/v1/models")).json()) as { data: { id: string; parent?: string }[] };
	expect(list.data.map(({ id, parent }) => [id, parent])).toEqual([
		["base", undefined],
		["world-1", "base"],
	]);
	for (const path of ["/v1/models/none", "/v1/none"]) {
		const response = await app.request(path);
		expect(response.status).toBe(404);
		expect(await response.json()).toMatchObject({ error: { type: "not_found_error" } });
	}
	expect((await app.request("/health")).status).toBe(200);
});

test("behavior: our own failures are told to us, not to the client", async () => {
	const response = await ask("fail", { "payment-signature": "s" });
	expect(response.status).toBe(500);
	expect(await response.text()).not.toContain("secret");
	expect(failures).toHaveLength(1);
});

test("behavior: a body beyond 64 KiB is refused before it is read", async () => {
	const response = await app.request("/v1/chat/completions", {
		method: "POST",
		headers: { "content-length": String(70_000) },
		body: "x".repeat(70_000),
	});
	expect(response.status).toBe(413);
	expect(await response.json()).toMatchObject({ error: { code: "body_too_large" } });
});
