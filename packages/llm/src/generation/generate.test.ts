// Answers in pieces and whole: text, stop strings, log-probabilities, refusals; on a tiny seeded base.

import { describe, expect, test } from "vitest";
import { ModelError } from "../errors.js";
import { readAdapter } from "../lora/peft.js";
import { writeAdapterConfig } from "../lora/peftConfig.js";
import { tinyAdapter } from "../selftest/tinyAdapter.js";
import { tinyBase } from "../selftest/tinyBase.js";
import { chooseToken } from "./chooseToken.js";
import { createEngine } from "./engine.js";
import { generatePieces } from "./generate.js";
import { inTurns } from "./inTurns.js";
import { logProbabilities } from "./logProbabilities.js";
import { promptTokens } from "./promptTokens.js";
import type { AnswerRequest, GenerateRequest, Generation, GenerationPiece } from "./request.js";

const base = tinyBase();
const engine = createEngine(base);
const { config, model } = tinyAdapter(base);
const adapter = readAdapter(base.config, writeAdapterConfig(config, "tiny"), model);
const messages = [{ role: "user" as const, content: "Two?" }];
const ask: GenerateRequest = { messages, maxTokens: 12, sampling: { temperature: 1.5, topP: 1, seed: 4 } };

function drain(pieces: Generator<GenerationPiece, Generation, undefined>): [GenerationPiece[], Generation] {
	const found: GenerationPiece[] = [];
	for (let step = pieces.next(); ; step = pieces.next()) {
		if (step.done === true) return [found, step.value];
		found.push(step.value);
	}
}

/** The loop over a model that says given tokens, whatever it is fed. */
function recite(
	tokens: readonly number[],
	request: Partial<AnswerRequest> & { readonly cancelled?: () => boolean } = {},
) {
	let at = 0;
	const feed = () => {
		const logits = new Float32Array(base.config.vocabSize);
		logits[tokens[at++] ?? base.endOfText] = 9;
		return logits;
	};
	return drain(generatePieces(base, { feed }, [1], { maxTokens: 100, ...request }));
}
const encode = (text: string) => base.tokenizer.encode(text, { special: false });

describe("generate", () => {
	test("default: pieces, joined, are the answer; its text is the decoding of its tokens", () => {
		const [pieces, streamed] = drain(engine.stream(ask, adapter));
		expect(streamed).toEqual(engine.generate(ask, adapter));
		expect(pieces.map(({ text }) => text).join("")).toBe(streamed.text);
		expect(pieces.flatMap(({ token }) => token ?? [])).toEqual(streamed.responseTokens);
		expect(streamed.text).toBe(base.tokenizer.decode(streamed.responseTokens, { skipSpecial: true }));
		expect(streamed.responseTokens).toHaveLength(12);
	});

	test("behavior: log-probabilities are those of the model's logits, and asking for them changes nothing", () => {
		const { logprobs, ...rest } = engine.generate({ ...ask, logprobs: 2 }, adapter);
		expect(rest).toEqual(engine.generate(ask, adapter));
		const tokens = [...rest.promptTokens];
		rest.responseTokens.forEach((token, i) => {
			expect(logprobs![i]).toEqual(logProbabilities(engine.nextLogits(tokens, adapter), token, 2));
			expect(logprobs![i]!.logprob).toBeLessThanOrEqual(logprobs![i]!.top[0]!.logprob);
			tokens.push(token);
		});
		expect(engine.generate(ask, adapter).logprobs).toBeUndefined();
	});

	test("behavior: a stop string ends the answer before it, across tokens and characters of many bytes", () => {
		const said = "The river 😀 runs. End of it";
		for (const [stop, text] of [
			["😀", "The river "],
			["r 😀 r", "The rive"],
			["s. E", "The river 😀 run"],
			["The", ""],
		] as const) {
			const [pieces, answer] = recite(encode(said), { stop: ["never", stop] });
			expect(answer).toMatchObject({ text, finishReason: "stop", stoppedBy: stop });
			expect(pieces.map((piece) => piece.text).join("")).toBe(text);
			expect(base.tokenizer.decode(answer.responseTokens)).toContain(stop);
		}
		const [, whole] = recite(encode(said), { stop: ["ever", "it!"] });
		expect(whole).toMatchObject({ text: said, finishReason: "stop" });
		expect(whole.stoppedBy).toBeUndefined();
	});

	test("behavior: the end token, the limit and a cancelled request", () => {
		const tokens = encode("One and two");
		expect(recite(tokens)[1]).toMatchObject({ text: "One and two", finishReason: "stop", responseTokens: tokens });
		expect(recite(tokens, { maxTokens: 2 })[1]).toMatchObject({ finishReason: "length" });
		let calls = 0;
		expect(recite(tokens, { cancelled: () => ++calls > 3 })[1].responseTokens).toEqual(tokens.slice(0, 3));
	});

	test("behavior: the penalty looks at the prompt too", () => {
		const favourite = engine.generate({ messages, maxTokens: 1 }).responseTokens[0]!;
		const logits = new Float32Array(base.config.vocabSize);
		logits[favourite] = 2;
		logits[favourite === 9 ? 8 : 9] = 1.5;
		const sampling = { temperature: 0, topP: 1, seed: 0, repetitionPenalty: 1.5 };
		const answer = (prompt: readonly number[]) =>
			drain(generatePieces(base, { feed: () => logits }, prompt, { maxTokens: 1, sampling }))[1];
		expect(answer([1]).responseTokens).toEqual([favourite]);
		expect(answer([1, favourite]).responseTokens).not.toEqual([favourite]);
	});

	test("behavior: who leaves the loop gives the memory back", () => {
		engine.generate(ask);
		const used = engine.machine.bytesInUse();
		for (const piece of engine.stream(ask)) {
			expect(engine.machine.bytesInUse()).toBeGreaterThan(used);
			if (piece.token !== undefined) break;
		}
		expect(engine.machine.bytesInUse()).toBe(used);
	});

	test("behavior: a text is gone on with as it stands; what is written in it is no special token", () => {
		const sampling = { temperature: 0, topP: 1, seed: 0 };
		const found = engine.generate({ prompt: "The river <|end|>", maxTokens: 3, sampling }, adapter);
		expect(found.promptTokens).toEqual(base.tokenizer.encode("The river <|end|>", { special: false }));
		expect(found.promptTokens).not.toContain(base.endOfText);
		const tokens = [...found.promptTokens];
		for (const token of found.responseTokens) {
			expect(token).toBe(chooseToken(engine.nextLogits(tokens, adapter), sampling, 0));
			tokens.push(token);
		}
		expect(() => engine.generate({ prompt: "", maxTokens: 1 })).toThrow("at least one character");
		const begins = { ...base, tokenizer: { ...base.tokenizer, around: { before: [7], after: [8] } } };
		expect(promptTokens(begins, { prompt: "" })).toEqual([7]);
	});

	test("behavior: in turns, others work between the pieces, and the answer is the same", async () => {
		let turns = 0;
		let goesOn = true;
		const other = (): void => {
			turns++;
			if (goesOn) setImmediate(other);
		};
		setImmediate(other);
		let text = "";
		for await (const piece of inTurns(engine.stream(ask, adapter))) text += piece.text;
		goesOn = false;
		expect(text).toBe(engine.generate(ask, adapter).text);
		expect(turns).toBeGreaterThanOrEqual(12);

		const used = engine.machine.bytesInUse();
		for await (const _ of inTurns(engine.stream(ask, adapter))) break;
		expect(engine.machine.bytesInUse()).toBe(used);
		await expect(inTurns(engine.stream({ ...ask, maxTokens: 0 })).next()).rejects.toThrow("maxTokens");
	});

	test("behavior: requests are refused by field, before anything is computed", () => {
		for (const [wrong, said] of [
			[{ maxTokens: 0 }, "maxTokens"],
			[{ sampling: { temperature: -1, topP: 1, seed: 0 } }, "sampling.temperature"],
			[{ stop: ["a", ""] }, "stop[1]"],
			[{ stop: ["\ud83d"] }, "stop[0]"],
			[{ stop: Array(17).fill("a") }, "stop may hold"],
			[{ logprobs: 21 }, "logprobs"],
			[{ logprobs: 0.5 }, "logprobs"],
		] as const) {
			const call = () => engine.generate({ ...ask, ...(wrong as Partial<AnswerRequest>) });
			expect(call).toThrow(ModelError);
			expect(call).toThrow(said);
		}
		expect(() => engine.generate({ ...ask, maxTokens: 64 })).toThrow("together at most 64");
	});
});
