// The node's chain as others meet it: over a socket, with their own keys, and after the chain has forgotten everything.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { ContractError, connect, transferOpen } from "@openledger/chain";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenNode, openNode } from "../openNode.js";
import { type SmallWorld, smallWorld } from "../testing/smallWorld.js";

const stranger = privateKeyToAccount(`0x${"17".repeat(32)}`);
let world: SmallWorld;
let node: OpenNode;
let url: string;

beforeAll(async () => {
	world = await smallWorld();
	node = await openNode(world.config);
	({ url } = await node.serve());
}, 120_000);
afterAll(async () => {
	await node.close();
	world.remove();
});

async function call(body: unknown, headers: Record<string, string> = {}): Promise<{ status: number; body: unknown }> {
	const response = await fetch(`${url}/rpc`, {
		method: "POST",
		headers: { "content-type": "application/json", ...headers },
		body: typeof body === "string" ? body : JSON.stringify(body),
	});
	return { status: response.status, body: await response.json() };
}
const codeOf = ({ body }: { body: unknown }) => (body as { error?: { code: number } }).error?.code;

async function ledgerOverRpc() {
	const { chainId, ledger } = node.parts;
	return { client: await connect({ url: `${url}/rpc`, chainId }), addresses: ledger.addresses };
}

test("default: a stranger's signed transaction goes through, and is there again on a chain made anew from the journal", async () => {
	const status = (await (await fetch(`${url}/api/status`)).json()) as { rpcUrl: string };
	expect(status.rpcUrl).toBe(`${url}/rpc`);
	await fetch(`${url}/api/wallets/fund`, {
		method: "POST",
		headers: { authorization: `Bearer ${node.parts.keys.adminToken}` },
		body: JSON.stringify({ address: stranger.address }),
	});
	const to = "0x00000000000000000000000000000000000000aa";
	const { hash } = await transferOpen(await ledgerOverRpc(), stranger, { to, amountWei: 7n });
	await node.close();
	rmSync(join(world.config.home, "chain", "state.json"), { force: true });
	node = await openNode(world.config);
	({ url } = await node.serve());
	const again = await call({ id: 1, method: "eth_getTransactionReceipt", params: [hash] });
	expect(again.body).toMatchObject({ id: 1, result: { status: "0x1", transactionHash: hash } });
});

test("behavior: a contract's refusal arrives as its own error", async () => {
	const poor = privateKeyToAccount(`0x${"18".repeat(32)}`);
	const sent = transferOpen(await ledgerOverRpc(), poor, { to: stranger.address, amountWei: 1n });
	await expect(sent).rejects.toThrow(ContractError);
	await expect(sent).rejects.toThrow("ERC20InsufficientBalance");
});

test("behavior: nothing that moves the chain itself, no pages from elsewhere, no malformed calls", async () => {
	for (const method of [
		"evm_increaseTime",
		"anvil_setBalance",
		"eth_sendTransaction",
		"debug_traceCall",
		"eth_accounts",
	])
		expect([method, codeOf(await call({ id: 1, method, params: [] }))]).toEqual([method, -32601]);
	expect(await call({ id: 1, method: "eth_chainId" }, { origin: "https://evil.example" })).toMatchObject({
		status: 403,
	});
	expect(await call("{")).toMatchObject({ status: 400, body: { error: { code: -32700 } } });
	for (const odd of [null, 7, {}, { method: 1 }, { method: "eth_chainId", params: {} }])
		expect(codeOf(await call(JSON.stringify(odd)))).toBe(-32600);
	expect((await call([])).status).toBe(400);
	expect((await call(Array.from({ length: 101 }, () => ({ method: "eth_chainId" })))).status).toBe(400);
	expect((await call("x".repeat(1024 * 1024 + 1))).status).toBe(413);
	const batch = await call([
		{ id: "a", method: "eth_chainId" },
		{ id: "b", method: "eth_sendRawTransaction", params: ["0x00"] },
	]);
	expect(batch.body).toMatchObject([
		{ id: "a", result: "0x956d7" },
		{ id: "b", error: { message: expect.any(String) } },
	]);
});
