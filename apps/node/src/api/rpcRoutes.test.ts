// The node's chain as others meet it: over a socket, with their own keys, and after the chain has forgotten everything.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { ContractError, connect, openTokenAbi, readBalance, transferOpen } from "@openledger/chain";
import { encodeFunctionData, type Hex, recoverMessageAddress, recoverTypedDataAddress } from "viem";
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
});
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
	const readStatus = async () =>
		(await (await fetch(`${url}/api/status`)).json()) as { rpcUrl: string; genesisHash: string };
	const status = await readStatus();
	expect(status.rpcUrl).toBe(`${url}/rpc`);
	await fetch(`${url}/api/wallets/fund`, {
		method: "POST",
		headers: { authorization: `Bearer ${node.parts.keys.adminToken}` },
		body: JSON.stringify({ address: stranger.address }),
	});
	const to = "0x00000000000000000000000000000000000000aa";
	const { hash } = await transferOpen(await ledgerOverRpc(), stranger, { to, amountWei: 7n });
	await node.close();
	rmSync(join(world.config.home, "chain", "anvil-state.json"), { force: true });
	node = await openNode(world.config);
	({ url } = await node.serve());
	// Still the same chain, to whoever had the page open meanwhile.
	expect((await readStatus()).genesisHash).toBe(status.genesisHash);
	const again = await call({ id: 1, method: "eth_getTransactionReceipt", params: [hash] });
	expect(again.body).toMatchObject({ id: 1, result: { status: "0x1", transactionHash: hash } });
});

async function wallet(address: string, method: string, params: unknown, token = node.parts.keys.adminToken) {
	const headers = { authorization: `Bearer ${token}` };
	const body = JSON.stringify({ address, method, params });
	const response = await fetch(`${url}/api/development-wallet`, { method: "POST", headers, body });
	return { status: response.status, ...((await response.json()) as { result?: Hex; error?: { code: string } }) };
}

test("default: the development account signs texts and typed data, and its transactions get the node's own numbers", async () => {
	const payer = node.parts.keys.address("payer");
	const { result: signed } = await wallet(payer, "personal_sign", ["0x68690a", payer]);
	expect((await recoverMessageAddress({ message: "hi\n", signature: signed! })).toLowerCase()).toBe(payer);
	const typed = {
		domain: { name: "Test", chainId: node.parts.chainId },
		types: { Note: [{ name: "text", type: "string" }] },
		primaryType: "Note",
		message: { text: "hello" },
	} as const;
	for (const given of [typed, JSON.stringify(typed)]) {
		const { result } = await wallet(payer, "eth_signTypedData_v4", [payer, given]);
		expect((await recoverTypedDataAddress({ ...typed, signature: result! })).toLowerCase()).toBe(payer);
	}
	await fetch(`${url}/api/wallets/payer/fund`, {
		method: "POST",
		headers: { authorization: `Bearer ${node.parts.keys.adminToken}` },
	});
	const { ledger, keys } = node.parts;
	const to = "0x00000000000000000000000000000000000000ab";
	const data = encodeFunctionData({ abi: openTokenAbi, functionName: "transfer", args: [to, 3n] });
	const transfer = { from: payer, to: ledger.addresses.openToken, data, gas: "0xffffffffffff" };
	// Together with the node's own, from an account that had no coins for gas.
	const sent = await Promise.all([
		wallet(payer, "eth_sendTransaction", [transfer]),
		wallet(payer, "eth_sendTransaction", [transfer]),
		fetch(`${url}/health`).then(() => wallet(payer, "eth_sendTransaction", [transfer])),
	]);
	expect(sent.map(({ status }) => status)).toEqual([200, 200, 200]);
	await transferOpen(ledger, keys.account("payer"), { to, amountWei: 1n });
	expect(await readBalance(ledger, to)).toBe(10n);
	expect(ledger.client.journal!.get(sent[0]!.result!)?.mined).toBeDefined();
});

test("behavior: the development account is nobody else's, signs for nobody else and does nothing else", async () => {
	const { keys, ledger } = node.parts;
	const payer = keys.address("payer");
	const hi: readonly unknown[] = ["0x6869", payer];
	expect((await wallet(payer, "personal_sign", hi, "0".repeat(64))).status).toBe(401);
	for (const role of ["treasury", "settler", "node", "facilitator", "stakers"] as const) {
		const address = keys.address(role);
		expect(await wallet(address, "personal_sign", ["0x6869", address])).toMatchObject({
			status: 404,
			error: { code: "wallet/not-found" },
		});
	}
	const { wallets } = (await (await fetch(`${url}/api/wallets`)).json()) as {
		wallets: { name: string; mayAct: boolean }[];
	};
	expect(wallets.filter(({ mayAct }) => mayAct).map(({ name }) => name)).toEqual(["owner", "payer"]);
	const other = keys.address("owner");
	const anywhere = { domain: {}, types: { A: [{ name: "a", type: "uint8" }] }, primaryType: "A", message: { a: 1 } };
	const offered: [string, unknown][] = [
		["eth_sign", hi],
		["eth_signTypedData_v4", [payer, anywhere]],
		["eth_signTransaction", [{ to: payer }]],
		["personal_sign", "0x6869"],
		["personal_sign", []],
		["personal_sign", ["hi", payer]],
		["personal_sign", ["0x6869", other]],
		["personal_sign", [`0x${"61".repeat(128 * 1024 + 1)}`, payer]],
		["eth_signTypedData_v4", [payer, "{"]],
		["eth_signTypedData_v4", [payer, {}]],
		["eth_signTypedData_v4", [payer, { domain: { chainId: 1 }, types: {}, primaryType: "A", message: {} }]],
		["eth_sendTransaction", [{ from: payer, data: "0x60" }]],
		["eth_sendTransaction", [{ from: other, to: payer }]],
		["eth_sendTransaction", [{ from: payer, to: payer, value: "1" }]],
		["eth_sendTransaction", [{ from: payer, to: ledger.addresses.openToken, data: "0x12345678" }]],
		["eth_sendTransaction", [{ from: payer, to: payer, value: `0x${"f".repeat(64)}` }]],
	];
	const next = () => ledger.client.publicClient.getTransactionCount({ address: payer });
	const before = await next();
	for (const [method, params] of offered)
		expect([method, params, (await wallet(payer, method, params)).status]).toEqual([method, params, 400]);
	expect(await next()).toBe(before);
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
	for (const origin of ["https://evil.example", "null", "chrome-extension", "https://chrome-extension.example"])
		expect([origin, (await call({ id: 1, method: "eth_chainId" }, { origin })).status]).toEqual([origin, 403]);
	// A wallet asks from its own pages.
	for (const origin of ["chrome-extension://nkbihfbeogaeaoehlefnkodbefgpgknn", "moz-extension://0d1c5e0a-wallet"])
		expect([origin, (await call({ id: 1, method: "eth_chainId" }, { origin })).status]).toEqual([origin, 200]);
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
