// What a node may answer instead of the chain's word, over a socket: no answer is a difference, except a contract's own.

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Difference } from "@openledger/factory";
import { CallerError } from "@openledger/protocol";
import { connect, type Ledger, readAuthorizedTransfer, readModel } from "@openledger/sdk/ledger";
import { encodeErrorResult, zeroHash } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Unavailable } from "./evidenceSource.js";
import { saysNothing } from "./saysNothing.js";

type Answer = { readonly status?: number; readonly text?: string; readonly body?: object };
const CHAIN = 612055;
let server: Server;
let ledger: Ledger;
/** To whatever is asked; nothing breaks the connection. */
let answer: Answer | undefined = { body: { result: `0x${CHAIN.toString(16)}` } };

beforeAll(async () => {
	server = createServer((request, response) => {
		let text = "";
		request.on("data", (part) => {
			text += part;
		});
		request.on("end", () => {
			if (answer === undefined) return response.destroy();
			const { id } = JSON.parse(text) as { id: number };
			response.writeHead(answer.status ?? 200, { "content-type": "application/json" });
			return response.end(answer.text ?? JSON.stringify({ jsonrpc: "2.0", id, ...answer.body }));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const address = `0x${"11".repeat(20)}`;
	const addresses = new Proxy({}, { get: () => address }) as Ledger["addresses"];
	ledger = { client: await connect({ url, chainId: CHAIN }), addresses };
});
afterAll(() => void server.close());

const failed = (code: number, message: string, data?: string): Answer => ({
	body: { error: { code, message, ...(data !== undefined && { data }) } },
});
const whenTold = async (told: Answer | undefined, read: () => Promise<unknown>): Promise<unknown> => {
	answer = told;
	return await read().then(
		() => "nothing was thrown",
		(error: unknown) => error,
	);
};
const reads = [
	() => readModel(ledger, zeroHash),
	() => readAuthorizedTransfer(ledger, `0x${"22".repeat(20)}`, zeroHash),
	() => ledger.client.publicClient.getBlock(),
];

test("default: errors of the node or its RPC say nothing", async () => {
	const answers: readonly (Answer | undefined)[] = [
		undefined,
		failed(-32603, "the chain does not answer; try again"),
		failed(-32603, "Internal error"),
		failed(-32000, "header not found"),
		failed(-32005, "limit exceeded"),
		failed(-32601, "eth_call is not offered here"),
		{ status: 502, text: "<html>Bad gateway" },
		{ status: 503, body: { error: { code: -32603, message: "busy" } } },
		{ status: 429, text: "" },
	];
	for (const [i, told] of answers.entries()) {
		const error = await whenTold(told, reads[i % reads.length]!);
		expect([told, error, saysNothing(error)]).toEqual([told, expect.any(Error), true]);
	}
	for (const read of reads) expect(saysNothing(await whenTold(answers[1], read))).toBe(true);
	// A block that the chain took back meanwhile.
	expect(saysNothing(await whenTold({ body: { result: null } }, reads[2]!))).toBe(true);
}, 30_000);

test("behavior: what a contract refuses, what was compared, and what cannot be read, is an answer", async () => {
	const abi = [{ type: "error", name: "UnknownModel", inputs: [] }] as const;
	const refusals = [
		failed(3, "execution reverted", "0x"),
		failed(3, "execution reverted"),
		failed(3, "execution reverted", encodeErrorResult({ abi, errorName: "UnknownModel" })),
		failed(-32603, "execution reverted: custom error", encodeErrorResult({ abi, errorName: "UnknownModel" })),
	];
	for (const told of refusals) {
		const error = await whenTold(told, reads[1]!);
		expect([told, error, saysNothing(error)]).toEqual([told, expect.any(Error), false]);
	}
	expect(saysNothing(new Difference("the answer is …"))).toBe(false);
	expect(saysNothing(new CallerError("no", { code: "protocol/bad-signature" }))).toBe(false);
	expect(saysNothing(new Error("x", { cause: new Unavailable("away") }))).toBe(true);
	expect(saysNothing("x")).toBe(false);
}, 30_000);
