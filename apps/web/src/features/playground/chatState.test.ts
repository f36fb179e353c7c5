import { expect, test } from "vitest";
import { ApiError } from "../../shared/api/client.js";
import { askInContext } from "./askInContext.js";
import type { Message } from "./askModel.js";
import { agreement } from "./Comparison.js";
import { type Answer, andPiece, chatReducer, messagesFor, speedOf, type Turn, withPieces } from "./chatState.js";
import { FIRST_DRAFT, samplingOf, samplingProblems } from "./sampling.js";

const answer = (change: Partial<Answer>): Answer => ({
	...{ id: "a", model: "m", way: "key", status: "done", text: "yes", pieces: 1 },
	...change,
});
const turn = (question: string, ...answers: Answer[]): Turn => ({ id: question, question, answers });

test("default: what a model said goes into its next question; what failed, was empty or another's does not", () => {
	const turns = [
		turn("one?", answer({ text: "1" }), answer({ id: "b", model: "other", text: "eins" })),
		turn("two?", answer({ status: "failed", text: "2" })),
		turn("three?", answer({ text: "" })),
		turn("four?", answer({ status: "stopped", text: "4" })),
		turn("five?", answer({ status: "streaming", text: "5" })),
	];
	const said = messagesFor(turns, "m").map(({ role, content }) => `${role} ${content}`);
	expect(said).toEqual(["user one?", "assistant 1", "user four?", "assistant 4"]);
	expect(messagesFor(turns, "other")).toHaveLength(2);
	expect(
		chatReducer(turns, { type: "changed", id: "b", change: (it) => ({ ...it, text: "uno" }) })[0]!.answers[1]!.text,
	).toBe("uno");
	expect(chatReducer(turns, { type: "cleared" })).toEqual([]);
});

test("behavior: speed is that of the tokens after the first, by when they came and not when they were shown", () => {
	const came = andPiece(andPiece(andPiece(undefined, "a", 1000), "b", 1100), "c", 1200);
	const shown = withPieces(answer({ status: "waiting", text: "", pieces: 0 }), came);
	expect(shown).toMatchObject({ status: "streaming", text: "abc", pieces: 3, firstAt: 1000, lastAt: 1200 });
	expect(speedOf(shown)).toBe(10);
	expect(speedOf({ ...shown, answered: { finishReason: "stop", tokensOut: 5 } })).toBe(20);
	expect(speedOf(answer({ pieces: 1, firstAt: 5, lastAt: 5 }))).toBeUndefined();
});

test("behavior: the oldest turns are left out until the rest fits; other refusals are not tried around", async () => {
	const before: Message[] = ["1", "2", "3", "4"].map((content, i) => ({ role: i % 2 ? "assistant" : "user", content }));
	const tooLong = new ApiError("too long", { status: 400, code: "context_length_exceeded" });
	const tried: number[] = [];
	const fitted = await askInContext(before, "5", async (messages) => {
		tried.push(messages.length);
		if (messages.length > 3) throw tooLong;
		return messages[0]!.content;
	});
	expect([tried, fitted]).toEqual([[5, 3], { answer: "3", forgotten: 2 }]);
	await expect(askInContext(before, "5", () => Promise.reject(tooLong))).rejects.toBe(tooLong);
	const other = new ApiError("no", { status: 402, code: "payment/balance-too-low" });
	let calls = 0;
	await expect(
		askInContext(before, "5", () => {
			calls++;
			return Promise.reject(other);
		}),
	).rejects.toBe(other);
	expect(calls).toBe(1);
});

test("behavior: settings are held to the API's limits before anything is sent", () => {
	expect(samplingOf(FIRST_DRAFT)).toEqual({ temperature: 0, topP: 1, maxTokens: 48, seed: 0 });
	const wrong = { temperature: "2.1", topP: "0", maxTokens: "1e3", seed: "1.5" };
	expect(Object.keys(samplingProblems(wrong))).toEqual(["temperature", "topP", "maxTokens", "seed"]);
	expect(samplingOf({ ...FIRST_DRAFT, seed: "" })).toBeUndefined();
	expect(samplingOf({ ...FIRST_DRAFT, temperature: " 0.7 " })?.temperature).toBe(0.7);
});

test("behavior: where two answers part is said in words", () => {
	const parts = (one: string, other: string) => agreement({ text: one }, { text: other });
	expect(parts("a b", "a b")).toContain("same");
	expect(parts("a b c", "a b d")).toBe("They agree in the first 2 words.");
	expect(parts("x", "y")).toBe("They differ from the first word on.");
	expect(parts("", "y")).toBe("");
});
