// Blocks that are taken back: what stood in them stands again, once, whatever was sent meanwhile.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { localFaucet } from "./anvil/genesis.js";
import { sendTransaction } from "./client/sendTransaction.js";
import { mendReorg } from "./journal/mendReorg.js";
import { type LocalChain, openLocalChain } from "./openLocalChain.js";
import { temporaryHome } from "./testing/testLedger.js";
import { fundAccount } from "./verbs/fundAccount.js";

const COIN = 10n ** 18n;
const senders = [11, 12, 13].map((n) => privateKeyToAccount(`0x${String(n).padStart(64, "0")}`));
const place = temporaryHome();
let chain: LocalChain;
let receiver = 0;

const open = async () => {
	chain = await openLocalChain({ home: place.home, chainId: 612055 });
};
const rpc = (method: string, ...params: unknown[]) =>
	(chain.client.publicClient.request as (args: object) => Promise<unknown>)({ method, params });
const fresh = (): `0x${string}` => `0x${(0xbeef00 + receiver++).toString(16).padStart(40, "0")}`;
const balance = (address: `0x${string}`) => chain.client.publicClient.getBalance({ address });
const killed = async () => {
	process.kill(chain.anvil.pid, "SIGKILL");
	await chain.anvil.exited;
	chain.journal.close();
};
/** Every transaction of the journal on chain, at the place that the journal says; each account's numbers without a gap. */
const expectWhole = async () => {
	for (const { hash, mined, refused } of chain.journal.all()) {
		if (refused !== undefined) continue;
		const receipt = await chain.client.publicClient.getTransactionReceipt({ hash });
		expect([receipt.status, Number(receipt.blockNumber)]).toEqual(["success", mined!.blockNumber]);
	}
};

beforeAll(async () => {
	await open();
	for (const { address } of senders)
		await fundAccount(chain.client, localFaucet(), { to: address, atLeastWei: 10n * COIN });
});
afterAll(async () => {
	await chain.stop();
	place.remove();
});

test("default: three blocks are taken back under load: every payment arrives, once", async () => {
	const to = fresh();
	const sent = new Set<string>();
	const each = 12;
	const load = senders.map(async (sender) => {
		for (let i = 0; i < each; i++) sent.add((await sendTransaction(chain.client, sender, { to, value: 7n })).hash);
	});
	const reorgs = (async () => {
		for (const after of [9, 20]) {
			while (sent.size < after) await new Promise((resolve) => setTimeout(resolve, 2));
			await rpc("anvil_reorg", 3, []);
		}
	})();
	await Promise.all([...load, reorgs]);
	await mendReorg(chain.client);
	expect(await balance(to)).toBe(BigInt(senders.length * each) * 7n);
	for (const { address } of senders)
		expect(await chain.client.publicClient.getTransactionCount({ address })).toBe(each);
	await expectWhole();
	expect(await mendReorg(chain.client)).toEqual({ sentAgain: 0, refused: 0 });
});

test("behavior: who asks after blocks were taken back finds them again, though nothing was sent since", async () => {
	const to = fresh();
	for (const sender of senders) await sendTransaction(chain.client, sender, { to, value: 5n });
	await mendReorg(chain.client);
	await rpc("anvil_reorg", 3, []);
	expect(await balance(to)).toBe(0n);
	expect(await mendReorg(chain.client)).toEqual({ sentAgain: 3, refused: 0 });
	expect(await balance(to)).toBe(15n);
	await expectWhole();
});

test("behavior: a chain that became shorter is filled again", async () => {
	const to = fresh();
	const before = await rpc("evm_snapshot");
	await mendReorg(chain.client);
	for (const sender of senders) await sendTransaction(chain.client, sender, { to, value: 5n });
	await mendReorg(chain.client);
	await rpc("evm_revert", before);
	expect(await balance(to)).toBe(0n);
	await sendTransaction(chain.client, senders[0]!, { to, value: 1n });
	expect(await balance(to)).toBe(16n);
	await expectWhole();
});

test("behavior: killed before it was mended, and with its state lost, a chain has everything at the next start", async () => {
	const to = fresh();
	for (const sender of senders) await sendTransaction(chain.client, sender, { to, value: 5n });
	await rpc("anvil_reorg", 3, []);
	await chain.stop();
	await open();
	expect(await balance(to)).toBe(15n);
	await expectWhole();
	await killed();
	rmSync(join(place.home, "anvil-state.json"), { force: true });
	await open();
	expect(chain.recovery.replayed).toBeGreaterThan(30);
	expect(await balance(to)).toBe(15n);
	await expectWhole();
});
