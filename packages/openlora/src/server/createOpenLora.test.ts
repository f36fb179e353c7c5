import { expect, test } from "vitest";
import type { AnswerPiece, Backend, Order } from "../backend/backend.js";
import type { Billing, PaidAnswer } from "../billing.js";
import { ApiError } from "../errors.js";
import { createKeyStore, newKey } from "../limits/keyStore.js";
import { createOpenLora } from "./createOpenLora.js";

// The server alone: its interfaces are played here, so that what a receipt, a failure or a payment does to a response can be told
// exactly. With the engine and over a socket it runs in serve.test.ts, with a chain and money in the node's tests.
const backend: Backend = {
	proves: "bit-exact",
	models: () => [
		{ id: "base", digest: "0x01", created: 0, owner: "o" },
		{ id: "org/world-1", parent: "base", digest: "0x02", created: 7, owner: "o", path: "/secret", contextTokens: 64 },
	],
	countPrompt: () => 3,
	generate: () => Promise.reject(new Error("billing does")),
	drain: async () => {},
	close: async () => {},
};
const said = (order: Order) => ("prompt" in order ? order.prompt : order.messages[0]!.content);
const answerTo = (order: Order): PaidAnswer => {
	const shares = ["a", "b", "c", "d"].map((contributor) => ({ contributor, ppm: 250_000 }));
	const receiptId = `0x${order.seed.toString(16).padStart(2, "0").repeat(32)}` as const;
	const pending = said(order) === "later";
	return {
		text: `Paris ${order.seed}.`,
		finishReason: "stop",
		...{ tokensIn: 3, tokensOut: 2, created: 9 },
		receipt: pending
			? { receiptId: null, feeWei: 5n, shares: [], pending: "/api/receipts/later" }
			: { receiptId, feeWei: 5n, shares, verify: "v" },
	};
};
const billing: Billing<string> = {
	quote: async (orders) => ({ tokensIn: 3 * orders.length, maxFeeWei: 5n }),
	accept: async (_orders, quote, request) =>
		request.headers.get("payment-signature") === null
			? { kind: "refused", response: Response.json({ error: `${quote.maxFeeWei}` }, { status: 402 }) }
			: { kind: "accepted", payment: "p", headers: { "PAYMENT-RESPONSE": "r" }, tenant: "payer" },
	async complete(orders, _payment, { onPiece }) {
		const [order] = orders;
		const tell = (i: number, text: string): void => {
			onPiece?.(i, { text, tokens: 1 } satisfies AnswerPiece);
		};
		if (said(order!) === "fail") throw new Error("a secret of the machine room");
		if (said(order!) === "busy") throw new ApiError(429, "overloaded", "the queue is full", { retryAfter: 6.2 });
		if (said(order!) === "break") {
			tell(0, "Pa");
			throw new Error("a secret of the machine room");
		}
		const answers = orders.map(answerTo);
		if (said(order!) !== "at once") for (const [i, { text }] of answers.entries()) tell(i, text.slice(0, 4));
		return { answers, headers: { "x-charged": "5" } };
	},
};
const failures: unknown[] = [];
const server = createOpenLora({ backend, billing, onError: (error) => failures.push(error) });
const paid = { "payment-signature": "s" };
const ask = (content: string, more: object = {}, headers: Record<string, string> = paid) =>
	server.request("/v1/chat/completions", {
		method: "POST",
		headers,
		body: JSON.stringify({ model: "org/world-1", messages: [{ role: "user", content }], ...more }),
	});
async function events(response: Response) {
	const lines = (await response.text()).split("\n\n").filter((line) => line !== "");
	return lines.map((line) => (line === "data: [DONE]" ? "[DONE]" : JSON.parse(line.replace(/^data: /, ""))));
}

test("default: a paid request gets an OpenAI completion with its receipt", async () => {
	const response = await ask("What is the capital of France?", { seed: 0xab });
	expect(response.status).toBe(200);
	expect(response.headers.get("x-openledger-receipt")).toBe(`0x${"ab".repeat(32)}`);
	expect(response.headers.get("payment-response")).toBe("r");
	expect(response.headers.get("x-charged")).toBe("5");
	expect(response.headers.get("x-request-id")).toMatch(/^[\da-f-]{36}$/);
	const body = (await response.json()) as { openledger: { shares: unknown[] } };
	expect(body).toMatchObject({
		id: `chatcmpl-${"ab".repeat(12)}`,
		object: "chat.completion",
		model: "org/world-1",
		created: 9,
		choices: [{ index: 0, message: { role: "assistant", content: "Paris 171." }, finish_reason: "stop" }],
		usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
		openledger: { feeWei: "5", verify: "v" },
	});
	expect(body.openledger.shares).toHaveLength(3);
});

test("behavior: no payment, no answer; the refusal is billing's", async () => {
	const response = await ask("hello", {}, {});
	expect([response.status, await response.json()]).toEqual([402, { error: "5" }]);
	expect((await ask("hello", { stream: true }, {})).status).toBe(402);
});

test("behavior: tokens that a key was to use come back where billing fails, refuses or breaks off", async () => {
	const { key, record } = newKey("alice", { tokensPerMinute: 20 });
	let failing = true;
	const flaky: Billing<string> = {
		...billing,
		accept(...asked) {
			if (failing) return Promise.reject(new ApiError(503, "model_loading", "the model is being loaded; ask again"));
			return billing.accept(...asked);
		},
	};
	const limited = createOpenLora({ backend, billing: flaky, keys: createKeyStore([record]) });
	const authorization = `Bearer ${key}`;
	const statusOf = async (content: string, headers: Record<string, string>) => {
		const body = JSON.stringify({ model: "base", messages: [{ role: "user", content }], max_tokens: 15 });
		const init = { method: "POST", headers: { ...headers, authorization }, body };
		return (await limited.request("/v1/chat/completions", init)).status;
	};
	expect([await statusOf("a", paid), await statusOf("a", paid)]).toEqual([503, 503]);
	failing = false;
	expect([await statusOf("a", {}), await statusOf("fail", paid), await statusOf("a", paid)]).toEqual([402, 500, 200]);
	// Five of the twenty were used, and eighteen are asked for.
	expect(await statusOf("a", paid)).toBe(429);
});

test("behavior: several answers have a receipt each; the prompt counts once", async () => {
	const response = await ask("hello", { n: 3, seed: 1 });
	const ids = ["01", "02", "03"].map((byte) => `0x${byte.repeat(32)}`);
	expect(response.headers.get("x-openledger-receipt")).toBe(ids.join(","));
	const body = (await response.json()) as { openledger: { choices: { receiptId: string }[] } };
	expect(body.openledger.choices.map(({ receiptId }) => receiptId)).toEqual(ids);
	expect(body).toMatchObject({
		choices: [1, 2, 3].map((seed, index) => ({ index, message: { content: `Paris ${seed}.` } })),
		usage: { prompt_tokens: 3, completion_tokens: 6, total_tokens: 9 },
	});
});

test("behavior: a deferred receipt is told of, and has no header yet", async () => {
	const response = await ask("later");
	expect(response.headers.get("x-openledger-receipt")).toBeNull();
	expect(await response.json()).toMatchObject({
		openledger: { receiptId: null, pending: "/api/receipts/later", shares: [] },
	});
});

test("default: a stream opens with the role, gives the pieces, and ends with the receipts", async () => {
	for (const content of ["hello", "at once"]) {
		const response = await ask(content, { stream: true, n: 2, seed: 7 });
		expect(response.headers.get("content-type")).toContain("text/event-stream");
		expect(response.headers.get("payment-response")).toBe("r");
		const chunks = await events(response);
		expect(chunks.at(-1)).toBe("[DONE]");
		const choices = chunks.slice(0, -1).flatMap((chunk) => chunk.choices);
		for (const index of [0, 1]) {
			const own = choices.filter((choice) => choice.index === index);
			expect(own[0].delta).toMatchObject({ role: "assistant", content: "" });
			expect(own.map(({ delta }) => delta.content ?? "").join("")).toBe(`Paris ${7 + index}.`);
			expect(own.map(({ finish_reason }) => finish_reason).filter((reason) => reason !== null)).toEqual(["stop"]);
		}
		expect(new Set(chunks.slice(0, -1).map(({ id, object, model }) => `${id} ${object} ${model}`)).size).toBe(1);
		expect(chunks.slice(0, -1).filter(({ openledger }) => openledger !== undefined)).toEqual([chunks.at(-2)]);
		expect(chunks.at(-2).openledger.choices).toHaveLength(2);
	}
});

test("behavior: with include_usage the last chunk has no choice, but usage and receipt", async () => {
	const chunks = await events(await ask("hello", { stream: true, stream_options: { include_usage: true } }));
	expect(chunks.at(-2)).toMatchObject({
		choices: [],
		usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
		openledger: { feeWei: "5" },
	});
	expect(chunks.slice(0, -2).every(({ usage, openledger }) => usage === null && openledger === undefined)).toBe(true);
});

test("behavior: what fails before the first piece is an error with a status; later, an event and no [DONE]", async () => {
	const early = await ask("fail", { stream: true });
	expect([early.status, early.headers.get("content-type")]).toEqual([500, "application/json"]);
	const busy = await ask("busy", { stream: true });
	expect([busy.status, busy.headers.get("retry-after")]).toEqual([429, "7"]);
	failures.length = 0;
	const late = await ask("break", { stream: true });
	expect(late.status).toBe(200);
	const chunks = await events(late);
	expect(chunks.at(-1)).toMatchObject({ error: { type: "server_error", code: "internal_error" } });
	expect(JSON.stringify(chunks)).not.toContain("secret");
	expect(failures).toHaveLength(1);
});

test("behavior: models with their parent, names with slashes, and errors in OpenAI's form", async () => {
	const list = (await (await server.request("/v1/models")).json()) as { data: { id: string; parent: string | null }[] };
	expect(list.data.map(({ id, parent }) => [id, parent])).toEqual([
		["base", null],
		["org/world-1", "base"],
	]);
	expect(JSON.stringify(list)).not.toContain("secret");
	for (const path of ["/v1/models/org/world-1", "/v1/models/org%2Fworld-1"]) {
		expect(await (await server.request(path)).json()).toMatchObject({ id: "org/world-1", max_model_len: 64 });
	}
	for (const path of ["/v1/models/none", "/v1/none"]) {
		const response = await server.request(path);
		expect(response.status).toBe(404);
		expect(await response.json()).toMatchObject({ error: { type: "not_found_error" } });
	}
	expect((await server.request("/health")).status).toBe(200);
	const wrong = await server.request("/v1/chat/completions");
	expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "POST"]);
	expect(await wrong.json()).toMatchObject({ error: { code: "method_not_allowed" } });
});

test("behavior: our own failures are told to us, not to the client", async () => {
	failures.length = 0;
	const response = await ask("fail");
	expect(response.status).toBe(500);
	expect(await response.text()).not.toContain("secret");
	expect(failures).toHaveLength(1);
});

test("behavior: a body beyond 64 KiB is refused, whether its length is told or not", async () => {
	const big = new Uint8Array(70_000).fill(0x20);
	for (const [headers, body] of [
		[{ "content-length": "70000" }, big],
		[{}, new ReadableStream({ pull: (controller) => controller.enqueue(big.subarray(0, 10_000)) })],
	] as const) {
		const init = { method: "POST", headers, body, duplex: "half" };
		const response = await server.request("/v1/chat/completions", init as RequestInit);
		expect(response.status).toBe(413);
		expect(await response.json()).toMatchObject({ error: { code: "body_too_large" } });
	}
});

test("behavior: browsers elsewhere may ask only where that was said", async () => {
	const preflight = (app: typeof server, origin: string) =>
		app.request("/v1/chat/completions", {
			method: "OPTIONS",
			headers: {
				origin,
				"access-control-request-method": "POST",
				"access-control-request-headers": "authorization, x-stainless-os",
			},
		});
	expect((await preflight(server, "https://a.test")).headers.get("access-control-allow-origin")).toBeNull();
	const open = createOpenLora({ backend, billing, cors: ["https://a.test"] });
	const allowed = await preflight(open, "https://a.test");
	expect(allowed.headers.get("access-control-allow-origin")).toBe("https://a.test");
	expect(allowed.headers.get("access-control-allow-headers")).toContain("x-stainless-os");
	expect((await preflight(open, "https://b.test")).headers.get("access-control-allow-origin")).toBeNull();
});
