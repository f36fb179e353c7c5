// The client's side of a stream, over a real socket, against a server that does what servers should not.

import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { askModel } from "./askModel.js";

let server: Server | undefined;
afterEach(() => {
	server?.closeAllConnections();
	server?.close();
});

async function listen(listener: RequestListener): Promise<string> {
	server = createServer(listener);
	await new Promise<void>((ready) => server!.listen(0, "127.0.0.1", ready));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const chunk = (choice: object, more: object = {}) =>
	`data: ${JSON.stringify({ object: "chat.completion.chunk", choices: [{ index: 0, finish_reason: null, ...choice }], ...more })}\n\n`;
const piece = (content: string) => chunk({ delta: { content } });
const streams =
	(...events: readonly string[]): RequestListener =>
	(_request, response) => {
		response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
		for (const event of events) response.write(event);
		response.end();
	};
const question = { model: "m", messages: [{ role: "user", content: "Hello?" }] } as const;
const note = { receiptId: "0x1", feeWei: "5", shares: [{ contributor: "ada", ppm: 1_000_000 }] };
const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };

test("default: pieces as they come, then usage and the receipt of the last chunk", async () => {
	const url = await listen(
		streams(
			piece("Par"),
			piece("is."),
			chunk({ delta: {}, finish_reason: "stop" }),
			`data: ${JSON.stringify({ choices: [], usage, openledger: note })}\n\n`,
			"data: [DONE]\n\n",
		),
	);
	const pieces: string[] = [];
	const answered = await askModel(url, question, { carry: fetch, onPiece: (text) => pieces.push(text) });
	expect(pieces).toEqual(["Par", "is."]);
	expect(answered).toEqual({ model: "m", text: "Paris.", finishReason: "stop", usage, ...note });
});

test("default: a server that does not stream answers too", async () => {
	const choices = [{ index: 0, message: { role: "assistant", content: "Paris." }, finish_reason: "stop" }];
	const url = await listen((_request, response) =>
		response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ choices, usage })),
	);
	expect(await askModel(url, question, { carry: fetch })).toMatchObject({
		text: "Paris.",
		finishReason: "stop",
		usage,
	});
});

test("behavior: what goes wrong has a code, and says whether asking again can help", async () => {
	const error = (code: string) => JSON.stringify({ error: { code, message: "said", type: "t", param: "p" } });
	const refuses =
		(status: number, body: string): RequestListener =>
		(_request, response) => {
			response.writeHead(status, { "content-type": "application/json" }).end(body);
		};
	for (const [listener, expected] of [
		[streams(piece("Par"), `data: ${error("internal_error")}\n\n`), { name: "TransientError", code: "internal_error" }],
		[streams(piece("Par")), { name: "TransientError", code: "chat/cut-off" }],
		[streams("data: {half\n\n"), { name: "TransientError", code: "chat/bad-stream" }],
		[refuses(200, "<html>"), { name: "TransientError", code: "chat/bad-stream" }],
		[refuses(200, '{"choices":[]}'), { name: "TransientError", code: "chat/bad-stream" }],
		[refuses(400, error("context_length_exceeded")), { name: "CallerError", details: { status: 400, param: "p" } }],
		[refuses(429, error("overloaded")), { name: "TransientError", code: "overloaded" }],
		[refuses(502, "bad gateway"), { name: "TransientError", code: "chat/refused" }],
	] as const) {
		const url = await listen(listener);
		await expect(askModel(url, question, { carry: fetch })).rejects.toMatchObject(expected);
		server!.close();
	}
	const nowhere = askModel("http://127.0.0.1:1", question, { carry: fetch });
	await expect(nowhere).rejects.toMatchObject({ code: "cli/no-answer" });
});

test("behavior: stopping hangs up, and keeps what was said so far to the caller", async () => {
	let hungUp: () => void;
	const gone = new Promise<void>((resolve) => {
		hungUp = resolve;
	});
	const url = await listen((_request, response) => {
		response.on("close", () => hungUp());
		response.writeHead(200, { "content-type": "text/event-stream" }).write(piece("Once "));
	});
	const controller = new AbortController();
	const pieces: string[] = [];
	const asked = askModel(url, question, {
		carry: fetch,
		signal: controller.signal,
		onPiece(text) {
			pieces.push(text);
			controller.abort();
		},
	});
	await expect(asked).rejects.toMatchObject({ name: "AbortError" });
	await gone;
	expect(pieces).toEqual(["Once "]);
});
