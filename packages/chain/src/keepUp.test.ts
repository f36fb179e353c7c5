// A chain whose process is killed while it is used: it comes back by itself, with everything that was ever sent, once.
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { localFaucet } from "./anvil/genesis.js";
import { connect } from "./client/connect.js";
import { createGate } from "./client/gate.js";
import { forLists, type Ledger, once } from "./client/ledger.js";
import { broadcastTransaction, confirmTransaction, sendTransaction } from "./client/sendTransaction.js";
import { mendReorg } from "./journal/mendReorg.js";
import { recoverChain } from "./journal/recoverChain.js";
import { type LocalChain, openLocalChain } from "./openLocalChain.js";
import { temporaryHome } from "./testing/testLedger.js";
import { fundAccount } from "./verbs/fundAccount.js";

const COIN = 10n ** 18n;
const senders = [21, 22, 23].map((n) => privateKeyToAccount(`0x${String(n).padStart(64, "0")}`));
const to = `0x${"be".repeat(20)}` as const;
const place = temporaryHome();
const lines: string[] = [];
let chain: LocalChain;

const kill = async ({ andState = false } = {}) => {
	const { pid, exited } = chain.anvil;
	process.kill(pid, "SIGKILL");
	await exited;
	if (andState) rmSync(join(place.home, "anvil-state.json"), { force: true });
};
const balance = () => chain.client.publicClient.getBalance({ address: to });

beforeAll(async () => {
	chain = await openLocalChain({ home: place.home, chainId: 612055, keepUp: true, log: (line) => lines.push(line) });
	for (const { address } of senders)
		await fundAccount(chain.client, localFaucet(), { to: address, atLeastWei: 10n * COIN });
});
afterAll(async () => {
	await chain.stop();
	place.remove();
});

test("default: killed twice under load, once with its state: every payment arrives once, and nobody is told of it", async () => {
	const each = 10;
	const first = () => chain.client.publicClient.getBlock({ blockNumber: 1n });
	const { hash: firstHash } = await first();
	let sent = 0;
	const load = senders.map(async (sender) => {
		for (let i = 0; i < each; i++) {
			await sendTransaction(chain.client, sender, { to, value: 7n });
			sent++;
		}
	});
	const kills = (async () => {
		for (const after of [7, 19]) {
			while (sent < after) await new Promise((resolve) => setTimeout(resolve, 2));
			await kill({ andState: after === 19 });
		}
	})();
	const reads = (async () => {
		let last = 0n;
		while (sent < senders.length * each) {
			const now = await balance();
			expect(now).toBeGreaterThanOrEqual(last);
			last = now;
		}
	})();
	await Promise.all([...load, kills, reads]);
	await mendReorg(chain.client);
	expect(chain.client.url).toBe(chain.anvil.url);
	expect(await balance()).toBe(BigInt(senders.length * each) * 7n);
	for (const { address } of senders)
		expect(await chain.client.publicClient.getTransactionCount({ address })).toBe(each);
	for (const { hash, mined } of chain.journal.all()) {
		const receipt = await chain.client.publicClient.getTransactionReceipt({ hash });
		expect([receipt.status, Number(receipt.blockNumber)]).toEqual(["success", mined!.blockNumber]);
	}
	// By it pages tell whether this is the chain that they looked at.
	expect((await first()).hash).toBe(firstHash);
	expect(lines.filter((line) => line.startsWith("the chain is back"))).toHaveLength(2);
});

test("behavior: many that read a list wait together, and are answered", async () => {
	const lists = forLists({ client: chain.client, addresses: {} as Ledger["addresses"] });
	await kill();
	const found = await Promise.all(
		Array.from({ length: 20 }, () => lists.client.publicClient.getBalance({ address: to })),
	);
	expect(new Set(found)).toEqual(new Set([210n]));
});

test("behavior: a first transaction that comes while the chain is away is no trouble for those that follow", async () => {
	const gate = createGate(chain.client.url, { waitMs: 5 });
	const { journal, anvil } = chain;
	const { publicClient } = await connect({ url: anvil.url, chainId: anvil.chainId, journal, gate });
	const nonce = await publicClient.getTransactionCount({ address: senders[0]!.address });
	const fees = { gas: 21_000n, maxFeePerGas: 10n ** 10n };
	const serializedTransaction = await senders[0]!.signTransaction({ chainId: anvil.chainId, nonce, to, ...fees });
	gate.close();
	await expect(publicClient.sendRawTransaction({ serializedTransaction })).rejects.toThrow(/started again/);
	gate.open(anvil.url);
	const hash = await publicClient.sendRawTransaction({ serializedTransaction });
	expect((await publicClient.getTransactionReceipt({ hash })).status).toBe("success");
});

test("behavior: what a chain was given before it fell silent may yet be mined: who sent it is told its hash, not to send again", async () => {
	const gate = createGate(chain.client.url, { waitMs: 5 });
	const { journal, anvil } = chain;
	const client = await connect({ url: anvil.url, chainId: anvil.chainId, journal, gate });
	const sender = senders[0]!;
	const before = await balance();
	const request = { to, value: 3n };

	const first = await broadcastTransaction(client, sender, request);
	gate.close();
	await expect(confirmTransaction(client, first)).rejects.toMatchObject({
		code: "chain/unconfirmed",
		details: { hash: first },
	});
	await expect(sendTransaction(client, sender, request)).rejects.toMatchObject({ code: "chain/unreachable" });
	gate.open(anvil.url);

	// Gone between the signature and the answer.
	const signing = {
		...sender,
		signTransaction: (async (transaction) => {
			const raw = await sender.signTransaction(transaction);
			gate.close();
			return raw;
		}) as typeof sender.signTransaction,
	};
	const error = await sendTransaction(client, signing, request).catch((e: unknown) => e);
	gate.open(anvil.url);
	const { hash } = journal.all().at(-1)!;
	expect(error).toMatchObject({ code: "chain/unconfirmed", details: { hash } });
	expect(await balance()).toBe(before + 3n);
	await recoverChain(chain.client, journal);
	expect(await balance()).toBe(before + 6n);

	// A verb looks whether its effect is there after all, and cannot.
	const find = async () => ((await client.publicClient.getBalance({ address: to })) < 0n ? true : undefined);
	const verb = await once(find, () => sendTransaction(client, signing, request)).catch((e: unknown) => e);
	gate.open(anvil.url);
	expect(verb).toMatchObject({ code: "chain/unconfirmed", details: { hash: journal.all().at(-1)!.hash } });
	await recoverChain(chain.client, journal);
	expect(await confirmTransaction(client, hash as Hex)).toMatchObject({ hash });
});

test("behavior: one that ends again and again is given up, and says so to everybody at once", async () => {
	const all = setInterval(() => {
		try {
			process.kill(chain.anvil.pid, "SIGKILL");
		} catch {
			// Between two processes there is none.
		}
	}, 20);
	const error = await chain.failed;
	clearInterval(all);
	expect(error).toMatchObject({ code: "chain/ended", message: expect.stringContaining("times in a minute") });
	await expect(balance()).rejects.toMatchObject({ code: "chain/ended" });
	await expect(sendTransaction(chain.client, senders[0]!, { to, value: 1n })).rejects.toMatchObject({
		code: expect.stringMatching(/^chain\//),
	});
	await chain.stop();
	chain = await openLocalChain({ home: place.home, chainId: 612055 });
	expect(await balance()).toBe(219n);
});

test("behavior: stopped while it is started again, nobody who asks waits any longer", async () => {
	await chain.stop();
	chain = await openLocalChain({ home: place.home, chainId: 612055, keepUp: true });
	await kill();
	const asked = expect(balance()).rejects.toMatchObject({ code: "chain/ended" });
	await chain.stop();
	await asked;
	chain = await openLocalChain({ home: place.home, chainId: 612055 });
	expect(await balance()).toBe(219n);
});

test("behavior: one that ends before it is whole again is given up too, however long each start takes", async () => {
	await chain.stop();
	chain = await openLocalChain({ home: place.home, chainId: 612055, keepUp: true });
	// Each look at the clock is more than a minute after the last.
	const now = performance.now.bind(performance);
	let looks = 0;
	const clock = vi.spyOn(performance, "now").mockImplementation(() => now() + 61_000 * looks++);
	// Its process is shared: the clock goes right again whatever happens here.
	onTestFinished(() => clock.mockRestore());
	const killed = new Set<number>();
	const kills = setInterval(() => {
		const { pid } = chain.anvil;
		if (killed.size < 12 && !killed.has(pid)) process.kill(pid, "SIGKILL");
		killed.add(pid);
	}, 1);
	const error = await Promise.race([chain.failed, new Promise((resolve) => setTimeout(resolve, 15_000))]);
	clearInterval(kills);
	expect(error).toMatchObject({ code: "chain/ended" });
	expect(killed.size).toBeLessThan(12);
}, 30_000);
