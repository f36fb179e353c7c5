// Questions over a real socket, to a server that answers as the node does, breaks off, and refuses.
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type AskOptions, askModel, bodyOf, type Question } from "./askModel.js";
import { explain } from "./explain.js";

let server: Server;
let answer: (response: ServerResponse, body: string, key: string) => void;

beforeEach(async () => {
	server = createServer(async (request, response) => {
		let body = "";
		for await (const chunk of request) body += chunk;
		answer(response, body, String(request.headers["idempotency-key"]));
	});
	await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
	vi.stubGlobal("location", { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
afterEach(() => {
	server.closeAllConnections();
	server.close();
	vi.unstubAllGlobals();
});

const question: Question = {
	model: "atlas-1",
	messages: [{ role: "user", content: "Where?" }],
	sampling: { temperature: 0.5, topP: 1, maxTokens: 8, seed: 3 },
};

function ask(options: Partial<AskOptions> = {}) {
	const pieces: string[] = [];
	const done = askModel(question, {
		...{ carry: fetch, requestKey: "k1", signal: new AbortController().signal, onPiece: (piece) => pieces.push(piece) },
		...options,
	});
	return { done, pieces };
}

const event = (value: unknown) => `data: ${typeof value === "string" ? value : JSON.stringify(value)}\n\n`;
const piece = (content: string) => event({ choices: [{ delta: { content }, finish_reason: null }] });
const stream = { "content-type": "text/event-stream" };

test("default: pieces as they come, and with the end what was charged and which receipt it has", async () => {
	answer = (response, body, key) => {
		expect([body, key]).toEqual([bodyOf(question), "k1"]);
		response.writeHead(200, stream);
		const bytes = Buffer.from(piece("Köl") + piece("n") + piece(""));
		// A letter of two bytes comes in two parts.
		const cut = bytes.indexOf(0xb6);
		response.write(bytes.subarray(0, cut));
		setTimeout(() => {
			response.write(bytes.subarray(cut));
			response.write(event({ choices: [{ delta: {}, finish_reason: "stop" }], usage: null }));
			const usage = { prompt_tokens: 5, completion_tokens: 2 };
			response.end(
				event({ choices: [], usage, openledger: { receiptId: "0xab", feeWei: "7", shares: [] } }) + event("[DONE]"),
			);
		}, 20);
	};
	const { done, pieces } = ask();
	expect(await done).toMatchObject({
		...{ finishReason: "stop", tokensIn: 5, tokensOut: 2, receiptId: "0xab", feeWei: "7" },
	});
	expect(pieces).toEqual(["Köl", "n"]);
});

test("behavior: a stream that ends too early or breaks is no answer, and asking again is what helps", async () => {
	const breaks: ((response: ServerResponse) => void)[] = [
		(response) => response.end(),
		(response) => setTimeout(() => response.destroy(), 20),
		(response) => response.end("data: {not json\n\n"),
	];
	for (const end of breaks) {
		answer = (response) => {
			response.writeHead(200, stream).write(piece("Na"));
			end(response);
		};
		const { done, pieces } = ask();
		const error = await done.catch((thrown) => thrown);
		expect(error).toMatchObject({ code: "chat/cut-off" });
		expect(explain(error).help).toBe("again");
		expect(pieces).toEqual(["Na"]);
	}
});

test("behavior: what the node says is said: in the stream, as a refusal, or by not being there", async () => {
	answer = (response) => {
		response.writeHead(200, stream);
		response.end(piece("Na") + event({ error: { code: "answer_failed", message: "the payment is kept" } }));
	};
	await expect(ask().done).rejects.toMatchObject({ code: "answer_failed", message: "the payment is kept" });

	const said: readonly (readonly [number, string, string])[] = [
		[402, "payment/balance-too-low", "top-up"],
		[401, "payment/unknown-key", "forget-key"],
		[402, "payment/insufficient-balance", "fund"],
		[400, "context_length_exceeded", "shorter"],
		[404, "model_not_found", "anew"],
		[503, "payment/pending", "again"],
		[500, "anything", "again"],
		[418, "other", "anew"],
	];
	for (const [status, code, help] of said) {
		answer = (response) => response.writeHead(status).end(JSON.stringify({ error: { code, message: "words" } }));
		const error = await ask().done.catch((thrown) => thrown);
		expect(error).toMatchObject({ status, code, message: "words" });
		expect([code, explain(error).help]).toEqual([code, help]);
	}

	answer = (response) => response.destroy();
	await expect(ask().done).rejects.toMatchObject({ code: "web/unreachable" });
	// What a wallet refuses is not taken for a node that is gone.
	const refusal = Object.assign(new Error("no"), { code: "sdk/not-signed" });
	await expect(ask({ carry: () => Promise.reject(refusal) }).done).rejects.toBe(refusal);
});

test("behavior: who stops gets neither an answer nor a failure of the node", async () => {
	const controller = new AbortController();
	answer = (response) => response.writeHead(200, stream).write(piece("Na"));
	const { done } = ask({ signal: controller.signal, onPiece: () => controller.abort() });
	await expect(done).rejects.toMatchObject({ name: "AbortError" });
});
