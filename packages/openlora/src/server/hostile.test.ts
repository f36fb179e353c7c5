// Clients that are slow, rude, broken or gone: what they cost is bounded, what they are told is clear, and the others are served.

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Backend, GenerateOptions } from "../backend/backend.js";
import { errorResponse } from "../conformance/testing/shapes.js";
import { ApiError } from "../errors.js";
import { type TinyServer, tinyServer } from "../testing/tinyServer.js";

/** Generations under way, as the backend sees them, and how they ended. */
const seen = { running: 0, most: 0, aborted: 0, answered: 0 };
/** An answer of "patience" goes on, a piece every few milliseconds, until somebody ends it. */
const patient = (backend: Backend): Backend => ({
	...backend,
	async generate(order, options: GenerateOptions = {}) {
		seen.running++;
		seen.most = Math.max(seen.most, seen.running);
		try {
			if (!JSON.stringify(order).includes("patience")) return await backend.generate(order, options);
			for (let i = 0; i < 2000; i++) {
				if (options.signal?.aborted) throw new ApiError(499, "cancelled", "the client has left");
				options.onPiece?.({ text: "x", tokens: 1 });
				await sleep(20);
			}
			throw new Error("nobody ended it");
		} finally {
			seen.running--;
			if (options.signal?.aborted) seen.aborted++;
			else seen.answered++;
		}
	},
});

let server: TinyServer;
beforeAll(async () => {
	server = await tinyServer({ wrap: patient, listen: { headersMs: 1500, requestMs: 2500 }, concurrent: 64 });
});
afterAll(async () => await server.close());

const body = (content: string, more: object = {}) =>
	JSON.stringify({ model: "tiny-1", messages: [{ role: "user", content }], max_tokens: 4, ...more });
const post = (content: BodyInit, init: RequestInit = {}) =>
	fetch(`${server.url}/v1/chat/completions`, { method: "POST", body: content, ...init });
const refusal = async (response: Response) => {
	const { error } = errorResponse.parse(await response.json());
	return [response.status, error.code];
};
async function raw(...pieces: (string | Uint8Array)[]): Promise<{ socket: Socket; all: Promise<string> }> {
	const socket = connect(server.listening.port, "127.0.0.1");
	await once(socket, "connect");
	const chunks: Buffer[] = [];
	socket.on("data", (chunk) => chunks.push(chunk));
	socket.on("error", () => {});
	for (const piece of pieces) socket.write(piece);
	return { socket, all: once(socket, "close").then(() => Buffer.concat(chunks).toString()) };
}
const until = async (holds: () => boolean) => {
	for (let i = 0; i < 400 && !holds(); i++) await sleep(25);
	expect(holds()).toBe(true);
};

test("default: a body or a header that never ends is ended in time, with an error in OpenAI's form", async () => {
	const begun = performance.now();
	const slowBody = await raw(
		"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{",
	);
	const drip = setInterval(() => slowBody.socket.write(" "), 50);
	const slowHeader = await raw("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-a: ");
	const answers = await Promise.all([slowBody.all, slowHeader.all]);
	clearInterval(drip);
	expect(performance.now() - begun).toBeLessThan(15_000);
	for (const answer of answers) {
		expect(answer).toMatch(/^HTTP\/1.1 408 /);
		expect(answer).toContain('"code":"request_timeout"');
	}
	expect((await post(body("still there?"))).status).toBe(200);
});

test("behavior: what is no HTTP, or has headers without measure, is told so", async () => {
	expect(await (await raw("GARBAGE\r\n\r\n")).all).toContain('"code":"malformed_request"');
	const fat = await raw(`GET /health HTTP/1.1\r\nhost: x\r\nx-a: ${"y".repeat(40_000)}\r\n\r\n`);
	expect(await fat.all).toMatch(/^HTTP\/1.1 431 [\s\S]*headers_too_large/);
	const two = await raw("POST /v1/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n");
	expect(await two.all).toMatch(/^HTTP\/1.1 400 /);
});

test("behavior: a body of a gigabyte is refused by its announced length, and cut off where it is not announced", async () => {
	const told = await raw("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000000\r\n\r\n");
	expect(await Promise.race([told.all, sleep(5000)])).toMatch(/^HTTP\/1.1 413 [\s\S]*body_too_large/);
	let sent = 0;
	const endless = new ReadableStream({
		pull(controller) {
			sent += 16_384;
			if (sent > 2 ** 30) controller.close();
			else controller.enqueue(new Uint8Array(16_384).fill(0x20));
		},
	});
	const cut = await post(endless, { duplex: "half" } as RequestInit).then(refusal, () => "cut off");
	expect([[413, "body_too_large"], "cut off"]).toContainEqual(cut);
	expect(sent).toBeLessThan(64 * 2 ** 20);
});

test("behavior: bytes that are no UTF-8, JSON that is none, and JSON without a bottom", async () => {
	for (const bytes of [
		Uint8Array.of(0x7b, 0xff, 0x7d),
		new TextEncoder().encode('{"model": "tiny-1"'),
		new TextEncoder().encode(""),
	]) {
		expect(await refusal(await post(bytes))).toEqual([400, "invalid_json"]);
	}
	const deep = `${"[".repeat(30_000)}${"]".repeat(30_000)}`;
	const begun = performance.now();
	for (const json of [
		deep,
		`{"model":"tiny-1","messages":${deep}}`,
		`{"a":${deep}}`,
		`{"stop":${deep}}`,
		"null",
		"5",
	]) {
		const response = await post(json);
		expect(response.status).toBe(400);
		expect((await response.text()).length).toBeLessThan(1000);
	}
	expect(performance.now() - begun).toBeLessThan(3000);
	const names = JSON.stringify({ [`${"n".repeat(50_000)}`]: 1 });
	expect((await (await post(names)).text()).length).toBeLessThan(1000);
	expect(await refusal(await post(body("half a pair \ud800")))).toEqual([400, "invalid_value"]);
});

test("default: whoever leaves in the middle of a stream ends the work for it", async () => {
	const { aborted } = seen;
	const leaving = new AbortController();
	const response = await post(body("patience", { stream: true }), { signal: leaving.signal });
	const reader = response.body!.getReader();
	await reader.read();
	expect(seen.running).toBe(1);
	leaving.abort();
	await until(() => seen.running === 0);
	expect(seen.aborted).toBe(aborted + 1);
	// The same before the first piece was asked for, and of an answer that is not streamed.
	for (const stream of [true, false]) {
		const early = new AbortController();
		const never = post(body("patience", { stream, n: 3, temperature: 1 }), { signal: early.signal }).catch(
			() => "left",
		);
		await until(() => seen.running === 3);
		early.abort();
		await until(() => seen.running === 0);
		await never;
	}
	expect(seen.aborted).toBe(aborted + 7);
});

test("default: a thousand who hang up leave nothing behind", async () => {
	const { aborted, answered } = seen;
	const metric = async (name: string) => {
		const text = await (await fetch(`${server.url}/metrics`)).text();
		return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
	};
	const goneBefore = await metric("openledger_http_clients_gone_total");
	const text = body("patience", { stream: true });
	const request = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
	for (let wave = 0; wave < 20; wave++) {
		const open = await Promise.all(Array.from({ length: 50 }, () => raw(request)));
		await Promise.all(open.map(({ socket }) => once(socket, "data")));
		for (const [i, { socket }] of open.entries()) i % 2 === 0 ? socket.destroy() : socket.resetAndDestroy();
		await until(() => seen.running === 0);
	}
	expect([seen.aborted - aborted, seen.answered - answered]).toEqual([1000, 0]);
	expect(seen.most).toBeLessThanOrEqual(64 * 8);
	expect(await metric("openledger_http_requests_in_flight")).toBe(0);
	expect(await metric("openledger_http_clients_gone_total")).toBe(goneBefore + 1000);
	expect((await post(body("still there?"))).status).toBe(200);
});

test("behavior: more requests than places get 429 and a time to come back; those inside go on", async () => {
	const open = await Promise.all(
		Array.from({ length: 64 }, async () => {
			const leaving = new AbortController();
			const response = await post(body("patience", { stream: true }), { signal: leaving.signal });
			return { response, leaving };
		}),
	);
	expect(open.every(({ response }) => response.status === 200)).toBe(true);
	const late = await post(body("patience"));
	expect(Number(late.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
	expect(await refusal(late)).toEqual([429, "overloaded"]);
	expect(seen.running).toBe(64);
	for (const { leaving } of open) leaving.abort();
	await until(() => seen.running === 0);
	expect((await post(body("still there?"))).status).toBe(200);
});
