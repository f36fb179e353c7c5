import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ApiError } from "../errors.js";
import { createCallerLimits } from "./callerLimits.js";
import type { KeyLimits } from "./keyStore.js";

/** A clock that goes as it is told. */
function clocked(callers?: number) {
	let time = 0;
	const limits = createCallerLimits({ now: () => time, ...(callers !== undefined && { callers }) });
	return { limits, wait: (ms: number) => (time += ms) };
}
const refusal = (work: () => unknown): ApiError | undefined => {
	try {
		work();
	} catch (error) {
		if (error instanceof ApiError) return error;
		throw error;
	}
	return undefined;
};

describe("callers' limits", () => {
	test("default: a minute's worth at once, then as they refill, and the time to wait is told", () => {
		const { limits, wait } = clocked();
		const ask = () => limits.begin("a", { requestsPerMinute: 6 }).end();
		for (let i = 0; i < 6; i++) ask();
		const full = refusal(ask)!;
		expect([full.status, full.code, full.type, full.retryAfter]).toEqual([429, "rate_limit_exceeded", "requests", 10]);
		wait(9_999);
		expect(refusal(ask)!.retryAfter).toBe(1);
		wait(1);
		ask();
		expect(refusal(ask)).toBeDefined();
		limits.begin("b", { requestsPerMinute: 6 });
	});

	test("default: tokens are taken ahead and given back unless they were used", () => {
		const { limits, wait } = clocked();
		const allowed = { tokensPerMinute: 100 };
		const first = limits.begin("a", allowed);
		first.takeTokens(80);
		const second = limits.begin("a", allowed);
		expect(refusal(() => second.takeTokens(30))).toMatchObject({ status: 429, type: "tokens", retryAfter: 6 });
		first.usedTokens(10);
		second.takeTokens(30);
		second.usedTokens(30);
		expect(refusal(() => limits.begin("a", allowed).takeTokens(61))?.status).toBe(429);
		expect(refusal(() => limits.begin("a", allowed).takeTokens(101))?.status).toBe(400);
		wait(600);
		limits.begin("a", allowed).takeTokens(61);
	});

	test("behavior: places at once come back with the end of a request, once", () => {
		const { limits } = clocked();
		const allowed = { concurrent: 2 };
		const [one] = [limits.begin("a", allowed), limits.begin("a", allowed)];
		expect(refusal(() => limits.begin("a", allowed))).toMatchObject({ status: 429, retryAfter: 1 });
		one!.end();
		one!.end();
		limits.begin("a", allowed);
		expect(refusal(() => limits.begin("a", allowed))).toBeDefined();
	});

	test("behavior: callers that come and go are forgotten, those with a request under way are not", () => {
		const { limits } = clocked(100);
		const busy = limits.begin("busy", { concurrent: 1 });
		for (let i = 0; i < 1000; i++) limits.begin(`c${i}`, {}).end();
		expect(limits.size).toBe(100);
		expect(refusal(() => limits.begin("busy", { concurrent: 1 }))).toBeDefined();
		busy.end();
	});

	// The twin keeps every admission there ever was and counts: no window of any length holds more than a bucket allows.
	test("default: over any stretch of time no more is let in than a minute's worth and what the stretch refills", () => {
		const step = fc.record({ wait: fc.integer({ min: 0, max: 30_000 }), tokens: fc.integer({ min: 1, max: 40 }) });
		fc.assert(
			fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
				const { limits, wait } = clocked();
				const allowed: KeyLimits = { requestsPerMinute: 5, tokensPerMinute: 60 };
				const admitted: { at: number; tokens: number }[] = [];
				const requests: number[] = [];
				let time = 0;
				for (const { wait: ms, tokens } of steps) {
					time += ms;
					wait(ms);
					const ask = () => {
						const lease = limits.begin("a", allowed);
						requests.push(time);
						lease.takeTokens(tokens);
						admitted.push({ at: time, tokens });
						lease.usedTokens(tokens);
						lease.end();
					};
					const blocked = refusal(ask);
					if (blocked === undefined) continue;
					// Who waits as long as was told is not refused by this limit again.
					time += blocked.retryAfter! * 1000;
					wait(blocked.retryAfter! * 1000);
					expect(refusal(ask)?.type).not.toBe(blocked.type);
				}
				const worst = (events: readonly { at: number; tokens: number }[], perMinute: number) =>
					events.every((from, i) =>
						events.slice(i).every((to, j) => {
							const sum = events.slice(i, i + j + 1).reduce((all, { tokens }) => all + tokens, 0);
							return sum <= perMinute + ((to.at - from.at) * perMinute) / 60_000 + 1e-6;
						}),
					);
				expect(worst(admitted, 60)).toBe(true);
				expect(
					worst(
						requests.map((at) => ({ at, tokens: 1 })),
						5,
					),
				).toBe(true);
			}),
			{ numRuns: 200 },
		);
	});
});
