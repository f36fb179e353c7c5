import { expect, test } from "vitest";
import type { Backend, GenerateOptions, Order } from "./backend/backend.js";
import { freeBilling } from "./freeBilling.js";

const order = (seed: number): Order => ({
	...{ model: "m", prompt: "p", maxTokens: 4, temperaturePpm: 0, topPPpm: 1_000_000, seed },
});
const caller = { tenant: "alice", requestId: "r" };

/** A backend that answers its seed, fails for 13, and never ends for 99. */
function played() {
	const asked: GenerateOptions[] = [];
	const ended: string[] = [];
	const backend: Backend = {
		proves: "nothing",
		models: () => [],
		countPrompt: async () => 2,
		async generate({ seed }, options = {}) {
			asked.push(options);
			if (seed === 13) throw new Error("thirteen");
			if (seed === 99) {
				await new Promise<void>((resolve) => options.signal!.addEventListener("abort", () => resolve()));
				ended.push("99");
				throw new Error("cancelled");
			}
			options.onPiece?.({ text: `${seed}`, tokens: 1 });
			return { text: `${seed}`, promptTokens: [1, 2], responseTokens: [seed], finishReason: "stop" };
		},
		drain: async () => {},
		close: async () => {},
	};
	return { backend, asked, ended };
}

test("default: free, for whoever the server says it is; one answer for each order, without a receipt", async () => {
	const { backend, asked } = played();
	const billing = freeBilling(backend, { now: () => 5999 });
	const orders = [order(1), order(2)];
	const quote = await billing.quote(orders);
	expect(quote).toEqual({ maxFeeWei: 0n, tokensIn: 4 });
	const admission = await billing.accept(orders, quote, new Request("http://x/"), caller);
	expect(admission).toEqual({ kind: "accepted", payment: { tenant: "alice" }, headers: {}, tenant: "alice" });
	const pieces: [number, string][] = [];
	const onPiece = (choice: number, { text }: { text: string }) => void pieces.push([choice, text]);
	const { answers } = await billing.complete(orders, { tenant: "alice" }, { onPiece, logprobs: 3 });
	const common = { finishReason: "stop", created: 5, tokensIn: 2, tokensOut: 1 };
	expect(answers).toEqual([
		{ text: "1", ...common },
		{ text: "2", ...common },
	]);
	expect(pieces).toEqual([
		[0, "1"],
		[1, "2"],
	]);
	expect(asked.map(({ tenant, logprobs }) => [tenant, logprobs])).toEqual([
		["alice", 3],
		["alice", 3],
	]);
});

test("behavior: when one of several fails, the others are ended before the failure is told", async () => {
	const { backend, ended } = played();
	const billing = freeBilling(backend);
	await expect(billing.complete([order(99), order(13), order(99)], { tenant: "a" }, {})).rejects.toThrow("thirteen");
	expect(ended).toEqual(["99", "99"]);
});

test("behavior: a client that leaves ends all of them", async () => {
	const { backend, ended } = played();
	const leaving = new AbortController();
	const both = freeBilling(backend).complete([order(99), order(99)], { tenant: "a" }, { signal: leaving.signal });
	leaving.abort();
	await expect(both).rejects.toThrow("cancelled");
	expect(ended).toEqual(["99", "99"]);
});
