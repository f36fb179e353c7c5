import fc from "fast-check";
import OpenAI from "openai";
import { Stream } from "openai/core/streaming";
import { describe, expect, test } from "vitest";
import { createEventStream, EVENT_STREAM_HEADERS } from "./eventStream.js";

const client = new OpenAI({ apiKey: "none" });

describe("an event stream", () => {
	test("default: any text, in any pieces, comes out of OpenAI's own reader as it went in", async () => {
		const texts = fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("\n\n", "data: x\r\n", "\u2028")), {
			maxLength: 20,
		});
		await fc.assert(
			fc.asyncProperty(texts, async (pieces) => {
				const events = createEventStream(() => {});
				for (const piece of pieces) {
					events.send({ piece });
					events.comment("waiting");
				}
				events.send("[DONE]");
				events.end();
				const response = new Response(events.body, { headers: EVENT_STREAM_HEADERS });
				const read: string[] = [];
				for await (const { piece } of Stream.fromSSEResponse<{ piece: string }>(
					response,
					new AbortController(),
					client,
				))
					read.push(piece);
				expect(read).toEqual(pieces);
			}),
			{ numRuns: 100 },
		);
	});

	test("default: every event is one line, wherever a reader thinks that lines end", async () => {
		const events = createEventStream(() => {});
		const piece = "a\u0085b\u2028c\u2029d\r\ne\v\f";
		events.send({ piece });
		events.end();
		const text = await new Response(events.body).text();
		expect(text.split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/).filter((line) => line !== "")).toHaveLength(1);
		expect(JSON.parse(text.slice(6))).toEqual({ piece });
	});

	test("behavior: a reader that leaves is told of once, and what is sent then is nobody's trouble", async () => {
		let left = 0;
		const events = createEventStream(() => left++);
		events.send({ a: 1 });
		await events.body.cancel();
		events.send({ a: 2 });
		events.comment("waiting");
		events.end();
		events.end();
		expect(left).toBe(1);
	});
});
