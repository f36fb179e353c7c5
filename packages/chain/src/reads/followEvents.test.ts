// Events followed block by block and events read from the first block: the same, whatever the chain does meanwhile.
import { encodeFunctionData, HttpRequestError, zeroHash } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FollowedEvents } from "../client/eventSource.js";
import type { Ledger } from "../client/ledger.js";
import { stakePoolAbi } from "../generated/index.js";
import type { LocalChain } from "../openLocalChain.js";
import { openTestLedger, people, temporaryHome } from "../testing/testLedger.js";
import { approveOpen } from "../verbs/approveOpen.js";
import { delegateStake } from "../verbs/delegateStake.js";
import { fundOpen } from "../verbs/fundOpen.js";
import { followEvents } from "./followEvents.js";
import { type LedgerEvent, readEvents } from "./readEvents.js";
import { readEventsOf } from "./readEventsOf.js";

const DELEGATED = { contract: "stakePool", name: "Delegated" } as const;
const KINDS = [
	DELEGATED,
	{ contract: "stakePool", name: "Slashed" },
	{ contract: "parameters", name: "ParameterSet" },
] as const;
const place = temporaryHome();
let chain: LocalChain;
let ledger: Ledger;
let followed: FollowedEvents;
/** One that may hold a few events only, and asks for a few blocks at once. */
let bounded: FollowedEvents;

/** Past journal and retries. */
async function rpc<T>(method: string, ...params: unknown[]): Promise<T | undefined> {
	const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
	const headers = { "content-type": "application/json" };
	const answer = await fetch(chain.client.url, { method: "POST", headers, body });
	return ((await answer.json()) as { result?: T }).result;
}
/** One event of the stake pool in a transaction that the journal does not know: what a reorganised chain loses stays lost. */
let nonce = 0;
async function delegateUnwritten(amountWei: bigint): Promise<void> {
	const { ada, grace } = people;
	const rawTx = await ada.signTransaction({
		type: "eip1559",
		chainId: chain.client.chainId,
		...{ nonce: nonce++, to: ledger.addresses.stakePool, gas: 1_000_000n, maxFeePerGas: 10n ** 10n },
		data: encodeFunctionData({ abi: stakePoolAbi, functionName: "delegate", args: [grace.address, amountWei] }),
	});
	await rpc("eth_sendRawTransaction", rawTx);
}
const numberOf = async () => {
	nonce = await chain.client.publicClient.getTransactionCount({ address: people.ada.address });
};
const bare = ({ contract, name, args, blockNumber, logIndex, transactionHash }: LedgerEvent) => ({
	...{ contract, name, args, blockNumber, logIndex, transactionHash },
});
/** Held against the slow way, all kinds and every page of them. */
async function expectSame(of: FollowedEvents): Promise<void> {
	const slow = await readEvents(ledger);
	for (const kind of KINDS) {
		const wanted = slow.filter(({ contract, name }) => contract === kind.contract && name === kind.name);
		expect((await of.all(kind)).map(bare)).toEqual(wanted);
	}
	const wanted = slow.filter(({ contract, name }) =>
		KINDS.some((one) => one.contract === contract && one.name === name),
	);
	const { from } = of.held();
	const held = wanted.filter(({ blockNumber }) => blockNumber >= from).reverse();
	const found: LedgerEvent[] = [];
	for (let before: LedgerEvent | undefined; ; before = found.at(-1)) {
		const page = await of.newest(KINDS, { limit: 7, before });
		found.push(...page.events.map(bare));
		expect(page.isAll).toBe(from === 0n && found.length === held.length);
		for (const { at, blockNumber } of page.events)
			expect(BigInt(at)).toBe((await chain.client.publicClient.getBlock({ blockNumber })).timestamp);
		if (page.events.length < 7) break;
	}
	expect(found).toEqual(held);
}

beforeAll(async () => {
	({ chain, ledger } = await openTestLedger(place.home));
	await fundOpen(ledger, people.treasury, { to: people.ada.address, atLeastWei: 10n ** 21n });
	await approveOpen(ledger, people.ada, { spender: ledger.addresses.stakePool, amountWei: 10n ** 21n });
	followed = followEvents(ledger);
	bounded = followEvents(ledger, { most: 12, piece: 5n });
}, 60_000);
afterAll(async () => {
	await chain.stop();
	place.remove();
});

test("default: what comes is there at once, and no block is read twice", async () => {
	await expectSame(followed);
	const before = followed.held();
	const height = Number(await chain.client.publicClient.getBlockNumber());
	expect(before.blocksRead).toBe(height + 1);
	await delegateStake(ledger, people.ada, { operator: people.grace.address, amountWei: 5n });
	const mine = { ...DELEGATED, abi: stakePoolAbi, args: { staker: people.ada.address } } as const;
	const [one] = await readEventsOf({ ...ledger, events: followed }, mine);
	expect(one!.args).toMatchObject({ operator: people.grace.address, amountWei: 5n });
	expect(await readEventsOf({ ...ledger, events: followed }, mine)).toMatchObject(
		await readEventsOf(ledger, mine).then((all) =>
			all.map(({ args, blockNumber, logIndex }) => ({ args, blockNumber, logIndex })),
		),
	);
	expect(followed.held().blocksRead).toBe(Number(await chain.client.publicClient.getBlockNumber()) + 1);
	const asked = Array.from({ length: 50 }, () => followed.all(DELEGATED));
	expect(new Set((await Promise.all(asked)).map((all) => all.length))).toEqual(new Set([1]));
});

test("behavior: blocks come, go and come again in any order: both ways tell the same, also with a bound", async () => {
	await numberOf();
	// Drawn once, from a written seed, so that a failure can be had again.
	let seed = 20_261_122;
	const draw = (n: number) => {
		seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
		return seed % n;
	};
	const done = { delegate: 0, mine: 0, reorg: 0, revert: 0 };
	let snapshot: string | undefined;
	for (let step = 0; step < 60; step++) {
		const what = draw(10);
		if (what < 6) {
			await delegateUnwritten(BigInt(1000 + step));
			done.delegate++;
		} else if (what === 6) {
			await rpc("anvil_mine", `0x${(1 + draw(7)).toString(16)}`);
			done.mine++;
		} else if (what < 9) {
			await rpc("anvil_reorg", 1 + draw(6), []);
			// Anvil, put back to a block that it has reorganised since, has no last block any more.
			snapshot = undefined;
			done.reorg++;
		} else if (snapshot === undefined) {
			snapshot = await rpc<string>("evm_snapshot");
		} else {
			await rpc("evm_revert", snapshot);
			snapshot = undefined;
			done.revert++;
		}
		await numberOf();
		if (draw(3) > 0) await Promise.all([followed.all(DELEGATED), bounded.all(DELEGATED)]);
		if (step % 12 === 11) await Promise.all([expectSame(followed), expectSame(bounded)]);
	}
	for (const count of Object.values(done)) expect(count).toBeGreaterThan(1);
	expect(bounded.held().events).toBeLessThanOrEqual(12);
	expect(bounded.held().from).toBeGreaterThan(0n);
	expect(bounded.held().marks).toBeLessThanOrEqual(12);
}, 60_000);

test("behavior: a chain taken back while it is read is read anew, not mixed", async () => {
	await numberOf();
	const reading = followEvents(ledger, { piece: 3n });
	for (let turn = 0; turn < 6; turn++) {
		const [events] = await Promise.all([
			reading.all(DELEGATED),
			delegateUnwritten(7n).then(() => rpc("anvil_reorg", 2, [])),
		]);
		const places = events.map(({ blockNumber, logIndex }) => `${blockNumber} ${logIndex}`);
		expect(new Set(places).size).toBe(places.length);
		await numberOf();
		await expectSame(reading);
	}
}, 30_000);

test("behavior: a chain that falls silent while blocks are taken back is said to be unreachable", async () => {
	const real = chain.client.publicClient;
	let isGone = false;
	const request = (args: never) =>
		isGone ? Promise.reject(new HttpRequestError({ url: chain.client.url, details: "gone" })) : real.request(args);
	const getBlock = async () => ({ ...(await real.getBlock()), ...(isGone && { hash: zeroHash }) });
	const publicClient = { ...real, request, getBlock } as unknown as typeof real;
	const own = followEvents({ ...ledger, client: { ...chain.client, publicClient } });
	await own.all(DELEGATED);
	isGone = true;
	await expect(own.all(DELEGATED)).rejects.toMatchObject({ code: "chain/unreachable" });
});
