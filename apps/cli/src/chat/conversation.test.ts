// A server with a small context is played by a function that counts characters, as the socket's side is tested in test/e2e.

import { CallerError } from "@openledger/protocol";
import { expect, test } from "vitest";
import type { Answered, Message } from "./askModel.js";
import { openConversation } from "./conversation.js";

function server(room: number) {
	const seen: (readonly Message[])[] = [];
	const ask = async (messages: readonly Message[]): Promise<Answered> => {
		if (messages.reduce((sum, { content }) => sum + content.length, 0) > room)
			throw new CallerError("too long", { code: "context_length_exceeded" });
		seen.push(messages);
		return { model: "m", text: `re ${messages.at(-1)!.content}`, finishReason: "stop" };
	};
	return { seen, ask };
}
const said = (messages: readonly Message[]) => messages.map(({ content }) => content);

test("default: every question carries what was said before", async () => {
	const { seen, ask } = server(1000);
	const talk = openConversation(ask);
	await talk.say("one");
	await talk.say("two");
	expect(seen.map(said)).toEqual([["one"], ["one", "re one", "two"]]);
	talk.clear();
	await talk.say("three");
	expect(said(seen[2]!)).toEqual(["three"]);
});

test("behavior: the oldest turns give way to the context, whole turns at a time, and are not sent again", async () => {
	const { seen, ask } = server(24);
	const talk = openConversation(ask);
	for (const word of ["aaaa", "bbbb", "cccc", "dddd"]) await talk.say(word);
	const { forgotten } = await talk.say("eeee");
	expect(said(seen.at(-1)!)).toEqual(["dddd", "re dddd", "eeee"]);
	expect(forgotten).toBe(2);
});

test("behavior: a question that alone is too long is an error, and leaves what was said as it was", async () => {
	const talk = openConversation(server(12).ask);
	await talk.say("one");
	await expect(talk.say("x".repeat(13))).rejects.toMatchObject({ code: "context_length_exceeded" });
	expect(said(talk.messages)).toEqual(["one", "re one"]);
});

test("behavior: a long talk stays below the API's 64 messages", async () => {
	const { seen, ask } = server(1e6);
	const talk = openConversation(ask);
	for (let i = 0; i < 40; i++) await talk.say(`${i}`);
	expect(Math.max(...seen.map(({ length }) => length))).toBe(63);
	expect(seen.at(-1)!.map(({ role }) => role)[0]).toBe("user");
});
