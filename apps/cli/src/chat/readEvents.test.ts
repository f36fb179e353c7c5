// Against a reader that sees the whole text at once, over any way of cutting it into chunks.

import fc from "fast-check";
import { expect, test } from "vitest";
import { readEvents } from "./readEvents.js";

async function* chunks(bytes: Uint8Array, cuts: readonly number[]) {
	const places = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
	for (let i = 1; i < places.length; i++) yield bytes.subarray(places[i - 1], places[i]);
}

async function read(text: string, cuts: readonly number[] = []): Promise<string[]> {
	const events: string[] = [];
	for await (const event of readEvents(chunks(new TextEncoder().encode(text), cuts))) events.push(event);
	return events;
}

test("default: data of events; comments, names and an unfinished event are left out", async () => {
	const text = ': hello\n\nevent: x\nid: 1\ndata: {"a":1}\n\ndata:b\r\ndata: c\r\n\r\ndata: [DONE]\n\ndata: cut off';
	expect(await read(text)).toEqual(['{"a":1}', "b\nc", "[DONE]"]);
});

test("behavior: however the bytes are cut, the events are the same", async () => {
	const line = fc.string({ unit: "grapheme" }).map((s) => s.replace(/[\r\n]/g, ""));
	const event = fc.array(line, { minLength: 1, maxLength: 3 });
	const end = fc.constantFrom("\n", "\r\n", "\r");
	const given = fc.tuple(fc.array(event, { maxLength: 5 }), end, fc.array(fc.nat(200), { maxLength: 8 }));
	await fc.assert(
		fc.asyncProperty(given, async ([events, newline, cuts]) => {
			const text = events.map((lines) => [...lines.map((l) => `data: ${l}`), "", ""].join(newline)).join("");
			// A last lone return cannot be told from half a line break, so the stream goes on behind it.
			const found = await read(`${text}: end\n`, cuts);
			expect(found).toEqual(events.map((lines) => lines.join("\n")));
		}),
	);
});

test("behavior: bytes that are no text are an error, not a wrong answer", async () => {
	async function* bad() {
		yield Uint8Array.of(0x64, 0x61, 0xff, 0x0a);
	}
	await expect(readEvents(bad()).next()).rejects.toMatchObject({ code: "chat/bad-stream" });
});
