// The token's allocation on a real chain, vested by its clock: nothing before the money and the cliff, then to the wei what the twin says, all of
// it in the end, to whom it was granted.
import { vestedWei } from "@openledger/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { localFaucet } from "../anvil/genesis.js";
import { type ChainClient, connect } from "../client/connect.js";
import type { Ledger } from "../client/ledger.js";
import { contractAddresses } from "../contractAddresses.js";
import { type LocalChain, openLocalChain } from "../openLocalChain.js";
import { localSettings, productionSettings } from "../parameters.js";
import { readAllocation } from "../reads/readAllocation.js";
import { readBalance } from "../reads/readMoney.js";
import { COIN, people, TEST_CHAIN_ID, temporaryHome } from "../testing/testLedger.js";
import { deployContracts } from "./deployContracts.js";
import { fundAccount } from "./fundAccount.js";
import { fundAllocation } from "./fundAllocation.js";
import { releaseGrant } from "./releaseGrant.js";

const { ada, grace, treasury } = people;
const place = temporaryHome();
const faucet = localFaucet();
const MONTH = 2_592_000n;
const roles = { ...localSettings, treasury: treasury.address, settler: people.settler.address };
let chain: LocalChain;
let client: ChainClient;
let ledger: Ledger;

beforeAll(async () => {
	chain = await openLocalChain({ home: place.home, chainId: TEST_CHAIN_ID });
	// Without the journal, which knows nothing of time that passes by order.
	client = await connect({ url: chain.anvil.url, chainId: TEST_CHAIN_ID });
	for (const { address } of [treasury, grace]) await fundAccount(client, faucet, { to: address, atLeastWei: COIN });
	const { timestamp: start } = await client.publicClient.getBlock();
	const allocation = [
		{ beneficiary: ada.address, amountWei: 1000n * COIN + 7n, start, cliffSeconds: MONTH, durationSeconds: 4n * MONTH },
		{ beneficiary: "openTimelock", amountWei: 500n * COIN, start, cliffSeconds: 0n, durationSeconds: 2n * MONTH },
	] as const;
	ledger = { client, addresses: await deployContracts(client, faucet, { ...roles, allocation }) };
}, 60_000);
afterAll(async () => {
	await chain.stop();
	place.remove();
});

type Request = (args: { method: string; params?: unknown }) => Promise<unknown>;
const ask: Request = (args) => (client.publicClient.request as Request)(args);
const passWithoutBlock = (seconds: bigint) => ask({ method: "evm_increaseTime", params: [Number(seconds)] });
async function pass(seconds: bigint): Promise<void> {
	await passWithoutBlock(seconds);
	await ask({ method: "evm_mine" });
}
const release = (index: number) => releaseGrant(ledger, grace, { index });
const held = (address: `0x${string}`) => readBalance(ledger, address);

test("default: funded once, nothing before the cliff, in proportion afterwards, all of it in the end", async () => {
	const { openTimelock, tokenAllocation } = ledger.addresses;
	await expect(release(0)).rejects.toMatchObject({ code: "contract/NotFunded" });
	expect((await fundAllocation(ledger, treasury)).sent).toBeDefined();
	expect((await fundAllocation(ledger, treasury)).sent).toBeUndefined();
	expect(await held(tokenAllocation)).toBe(1500n * COIN + 7n);

	await passWithoutBlock(MONTH / 2n);
	const quiet = (await readAllocation(ledger)).grants[1]!.vestedWei;
	expect(quiet).toBeGreaterThan(124n * COIN);
	await ask({ method: "evm_mine" });
	const early = await readAllocation(ledger);
	expect(early).toMatchObject({ isFunded: true, totalWei: 1500n * COIN + 7n });
	expect(early.grants[0]).toMatchObject({ index: 0, beneficiary: ada.address, vestedWei: 0n, releasedWei: 0n });
	expect(await release(0)).toMatchObject({ paidWei: 0n });
	expect((await release(1)).paidWei).toBeGreaterThan(124n * COIN);
	expect(await held(openTimelock)).toBe((await readAllocation(ledger)).grants[1]!.releasedWei);

	await passWithoutBlock(MONTH);
	const { grant, paidWei, sent } = await release(0);
	expect(paidWei).toBe(vestedWei(grant, sent!.timestamp));
	// One and a half of four months, and the seconds that this test took.
	expect(paidWei / COIN).toBe(375n);
	expect(await held(ada.address)).toBe(paidWei);
	expect(await held(grace.address)).toBe(0n);

	await pass(4n * MONTH);
	for (const index of [0, 1]) await release(index);
	expect(await release(1)).toMatchObject({ paidWei: 0n, grant: { vestedWei: 500n * COIN, releasedWei: 500n * COIN } });
	expect([await held(ada.address), await held(openTimelock)]).toEqual([1000n * COIN + 7n, 500n * COIN]);
	expect(await held(tokenAllocation)).toBe(0n);
	await expect(release(2)).rejects.toMatchObject({ code: "contract/UnknownGrant" });
});

test("behavior: grants are part of the address, and move no other; they are within the supply", () => {
	const base = { ...roles, deployer: faucet.address };
	const other = contractAddresses({ ...base, allocation: productionSettings.allocation });
	const { tokenAllocation, ...others } = contractAddresses(base);
	expect(other.tokenAllocation).not.toBe(tokenAllocation);
	expect(other).toMatchObject(others);
	const sum = productionSettings.allocation.reduce((wei, { amountWei }) => wei + amountWei, 0n);
	expect(sum).toBe(730_000_000n * COIN);
	const tooMuch = [...productionSettings.allocation, ...productionSettings.allocation];
	expect(() => contractAddresses({ ...base, allocation: tooMuch })).toThrow("grant less");
});
