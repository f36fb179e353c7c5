import fc from "fast-check";
import { expect, test } from "vitest";
import { readEvents } from "./readEvents.js";

async function eventsOf(parts: readonly Uint8Array[]): Promise<string[]> {
	async function* body() {
		yield* parts;
	}
	const found: string[] = [];
	for await (const event of readEvents(body())) found.push(event);
	return found;
}
const bytes = (text: string) => new TextEncoder().encode(text);

test("default: data of events; comments and other fields are passed over", async () => {
	const text = ": hello\n\ndata: one\nid: 7\n\ndata:two\ndata: three\n\nevent: ping\n\ndata\n\ndata: [DONE]\n\n";
	expect(await eventsOf([bytes(text)])).toEqual(["one", "two\nthree", "", "[DONE]"]);
});

test("behavior: what is cut off before its empty line is no event", async () => {
	expect(await eventsOf([bytes("data: one\n\ndata: tw")])).toEqual(["one"]);
	expect(await eventsOf([bytes("data: one\n\ndata: two\n")])).toEqual(["one"]);
});

test("behavior: however the bytes are cut and the lines end, the events are the same", async () => {
	const line = fc.string({ unit: fc.constantFrom("a", "é", "→", "🦉", " ", ":"), maxLength: 6 });
	await fc.assert(
		fc.asyncProperty(
			fc.array(line, { maxLength: 5 }),
			fc.constantFrom("\n", "\r\n", "\r"),
			fc.array(fc.nat(40), { maxLength: 6 }),
			async (data, end, cuts) => {
				const whole = bytes(data.map((one) => `data: ${one}${end}${end}`).join(""));
				const at = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length];
				const parts = at.slice(1).map((to, i) => whole.slice(at[i], to));
				expect(await eventsOf(parts)).toEqual(data);
			},
		),
	);
});

test("behavior: an endless event and broken text are errors", async () => {
	await expect(eventsOf(Array(18).fill(bytes("x".repeat(65_536))))).rejects.toThrow(RangeError);
	await expect(eventsOf([Uint8Array.of(0x64, 0xff, 0x0a)])).rejects.toThrow(TypeError);
});
