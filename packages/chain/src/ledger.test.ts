// The whole way on a real chain: what each verb does, that repeating it changes nothing, and what it refuses.

import { CallerError, splitFee } from "@openledger/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "./client/connect.js";
import type { Ledger } from "./client/ledger.js";
import { ContractError } from "./errors.js";
import type { LocalChain } from "./openLocalChain.js";
import { localSettings } from "./parameters.js";
import { readDatanet } from "./reads/readDatanet.js";
import { readEvents } from "./reads/readEvents.js";
import { readModel, readTill } from "./reads/readModel.js";
import { readBalance, readCollected, readOwed, readReceiptOf } from "./reads/readMoney.js";
import { readLatestEpoch } from "./reads/readRoot.js";
import { openTestLedger, people, TEST_CHAIN_ID, temporaryHome } from "./testing/testLedger.js";
import {
	digest,
	earned,
	earnings,
	FEE,
	idOf,
	modelIdOf,
	modelParams,
	offer,
	pay,
	RATES,
	rootClaim,
	SPLIT,
	steps,
} from "./testing/walkTheWay.js";
import { acceptContribution } from "./verbs/acceptContribution.js";
import { claimRewards } from "./verbs/claimRewards.js";
import { collectFees } from "./verbs/collectFees.js";
import { contributeRows } from "./verbs/contributeRows.js";
import { createDatanet } from "./verbs/createDatanet.js";
import { deployContracts } from "./verbs/deployContracts.js";
import { fundAccount } from "./verbs/fundAccount.js";
import { transferOpen } from "./verbs/fundOpen.js";
import { proposeRoot } from "./verbs/proposeRoot.js";
import { publishModel } from "./verbs/publishModel.js";
import { rejectContribution } from "./verbs/rejectContribution.js";
import { withdrawOwed } from "./verbs/withdrawOwed.js";

const place = temporaryHome();
let chain: LocalChain;
let ledger: Ledger;
beforeAll(async () => {
	({ chain, ledger } = await openTestLedger(place.home));
	for (const step of steps) await step(ledger);
});
afterAll(async () => {
	await chain?.stop();
	place.remove();
});

const root = (changes: Parameters<typeof rootClaim>[0]) => ({
	claim: rootClaim(changes),
	dataCertificate: digest("certificate"),
});
const block = () => chain.client.publicClient.getBlockNumber();

describe("the way", () => {
	test("default: a row's fee reaches its contributors, to the wei", async () => {
		const parts = splitFee(FEE, RATES.platformWei, SPLIT);
		expect(await readCollected(ledger)).toEqual({
			totalWei: FEE,
			owedWei: FEE - parts.contributors,
			contributorsWei: parts.contributors,
			claimedWei: parts.contributors,
		});
		expect(await readBalance(ledger, people.ada.address)).toBe(earned().ada);
		expect(await readBalance(ledger, people.grace.address)).toBe(earned().grace);
		expect(await readOwed(ledger, people.node.address)).toBe(parts.node);
		expect(await readReceiptOf(ledger, people.payer.address, digest("nonce 1"))).toBe(digest("receipt 1"));
		expect(await readLatestEpoch(ledger)).toBe(1n);
	});

	test("default: what was published can be read back", async () => {
		const datanetId = await idOf(ledger);
		expect(await readDatanet(ledger, datanetId)).toMatchObject({ name: "world", acceptedRows: 38n, latestVersion: 1 });
		const model = await readModel(ledger, await modelIdOf(ledger));
		expect(model).toEqual({ ...modelParams(datanetId), owner: people.owner.address });
		expect(await readModel(ledger, digest("no model"))).toBeUndefined();
		expect(await readTill(ledger, digest("no model"))).toBeUndefined();
	});

	test("behavior: every step again sends nothing", async () => {
		const before = await block();
		for (const step of steps) await step(ledger);
		await deployContracts(chain.client, people.owner, {
			...localSettings,
			treasury: people.treasury.address,
			settler: people.settler.address,
		});
		await fundAccount(chain.client, people.owner, { to: people.ada.address, atLeastWei: 1n });
		expect(await block()).toBe(before);
	});

	test("behavior: the same step twice at once has its effect once", async () => {
		const wanted = { name: "twice", termsHash: digest("terms"), licence: "CC0-1.0" };
		const results = await Promise.all([1, 2, 3].map(() => createDatanet(ledger, people.owner, wanted)));
		expect(results.filter((r) => r.sent !== undefined)).toHaveLength(1);
		expect(new Set(results.map((r) => r.datanetId)).size).toBe(1);
	});

	test("behavior: many transactions of one account at once neither collide nor leave gaps", async () => {
		const before = await readBalance(ledger, people.settler.address);
		const many = Array.from({ length: 20 }, (_, i) =>
			transferOpen(ledger, people.treasury, { to: people.settler.address, amountWei: BigInt(i) }),
		);
		await Promise.all(many);
		expect((await readBalance(ledger, people.settler.address)) - before).toBe(190n);
	});

	test("behavior: events come in order and carry what an indexer needs", async () => {
		const events = await readEvents(ledger);
		const names = events.map((event) => event.name);
		for (const name of [
			"DatanetCreated",
			"Contributed",
			"ContributionAccepted",
			"SnapshotPublished",
			"BaseRegistered",
		]) {
			expect(names).toContain(name);
		}
		expect(names.indexOf("ModelPublished")).toBeLessThan(names.indexOf("PaymentCollected"));
		expect(names.indexOf("PaymentCollected")).toBeLessThan(names.indexOf("RootProposed"));
		const collected = events.find((event) => event.name === "PaymentCollected");
		expect(collected).toMatchObject({ contract: "feeVault", args: { amountWei: FEE, payer: people.payer.address } });
		const order = events.map((event) => event.blockNumber * 1000n + BigInt(event.logIndex));
		expect(order).toEqual([...order].sort((a, b) => (a < b ? -1 : 1)));
	});

	test("behavior: what is owed is paid out once", async () => {
		const { amountWei } = await withdrawOwed(ledger, people.payer, { account: people.node.address });
		expect(await readBalance(ledger, people.node.address)).toBe(amountWei);
		expect(await withdrawOwed(ledger, people.payer, { account: people.node.address })).toEqual({ amountWei: 0n });
	});
});

describe("refusals change nothing and say what would be right", () => {
	const refuses = async (act: () => Promise<unknown>, code: string, said: RegExp) => {
		const before = await block();
		const error = await act().then(
			() => undefined,
			(e: unknown) => e,
		);
		expect(error).toBeInstanceOf(CallerError);
		expect((error as CallerError).code).toBe(code);
		expect((error as CallerError).message).toMatch(said);
		expect(await block()).toBe(before);
	};

	test("behavior: the same thing with other values", async () => {
		const terms = { name: "world", termsHash: digest("other"), licence: "CC0-1.0" };
		await refuses(() => createDatanet(ledger, people.owner, terms), "chain/differs", /termsHash/);
		const datanetId = await idOf(ledger);
		const rows = await offer(ledger, "ada", 31);
		await refuses(() => contributeRows(ledger, people.ada, rows), "chain/differs", /rowCount 30, not 31/);
		const { contributionId } = await contributeRows(ledger, people.ada, { ...rows, rowCount: 30 });
		await refuses(
			() => acceptContribution(ledger, people.owner, { contributionId, acceptedRows: 5 }),
			"chain/differs",
			/28/,
		);
		await refuses(
			() => rejectContribution(ledger, people.owner, { contributionId, reasonCode: 3 }),
			"chain/differs",
			/accepted/,
		);
		const params = modelParams(datanetId, { adapterDigest: digest("another") });
		await refuses(() => publishModel(ledger, people.owner, params), "chain/differs", /adapterDigest/);
	});

	test("behavior: not the owner, not the node, not the settler", async () => {
		const rows = await offer(ledger, "pending", 1);
		const { contributionId } = await contributeRows(ledger, people.ada, rows);
		const accept = () => acceptContribution(ledger, people.ada, { contributionId, acceptedRows: 1 });
		await refuses(accept, "contract/NotDatanetOwner", new RegExp(people.owner.address));
		const payment = { receiptId: digest("r"), payer: people.payer.address, nonce: digest("n"), amountWei: 1n };
		const modelId = await modelIdOf(ledger);
		const collect = () => collectFees(ledger, people.ada, { modelId, payments: [payment] });
		await refuses(collect, "contract/NotModelNode", new RegExp(people.node.address));
		await refuses(
			() => proposeRoot(ledger, people.ada, root({ epoch: 2n })),
			"contract/NotProposer",
			/governance names/,
		);
	});

	test("behavior: forged proof, replayed receipt, payment never made, epoch out of order", async () => {
		const proof = { ...earnings().proofFor(people.ada.address), cumulativeWei: earned().ada + 1n };
		const forged = () => claimRewards(ledger, people.ada, { proof });
		await refuses(forged, "contract/InvalidProof", /proof from the latest activated epoch/);

		const modelId = await modelIdOf(ledger);
		const payment = { payer: people.payer.address, nonce: digest("never"), receiptId: digest("r"), amountWei: 1n };
		const never = () => collectFees(ledger, people.node, { modelId, payments: [payment] });
		await refuses(never, "contract/PaymentNotMade", /settle the authorisation first/);

		await pay(ledger, digest("nonce 2"));
		const second = { payer: people.payer.address, nonce: digest("nonce 2"), amountWei: FEE };
		const replayed = () =>
			collectFees(ledger, people.node, {
				modelId,
				payments: [{ ...second, receiptId: digest("receipt 1") }],
			});
		await refuses(replayed, "contract/ReceiptAlreadyCollected", /each receipt collects one payment/);
		const other = () =>
			collectFees(ledger, people.node, {
				modelId,
				payments: [{ ...second, nonce: digest("nonce 1"), receiptId: digest("another") }],
			});
		await refuses(other, "chain/differs", /receiptId/);

		const settled = await readCollected(ledger);
		const skipped = () => proposeRoot(ledger, people.settler, root({ epoch: 3n }));
		await refuses(skipped, "contract/InvalidEpoch", /epoch 2 is next/);
		const more = root({ epoch: 2n, totalCumulativeWei: settled.contributorsWei + 1n });
		await refuses(() => proposeRoot(ledger, people.settler, more), "contract/TotalExceedsCollected", /at most/);
		const another = root({ dataChunks: 9 });
		await refuses(() => proposeRoot(ledger, people.settler, another), "chain/differs", /dataChunks/);
	});

	test("behavior: too little OPEN, too few coins", async () => {
		const poor = () => transferOpen(ledger, people.settler, { to: people.ada.address, amountWei: 10n ** 30n });
		await refuses(poor, "contract/ERC20InsufficientBalance", /needs/);
		const broke = () => fundAccount(chain.client, people.ada, { to: people.grace.address, atLeastWei: 10n ** 30n });
		await refuses(broke, "chain/insufficient-funds", /fund it first/);
	});

	test("behavior: wrong chain id, nobody there", async () => {
		await expect(connect({ url: chain.anvil.url, chainId: 1 })).rejects.toMatchObject({ code: "chain/wrong-chain" });
		await expect(connect({ url: "http://127.0.0.1:9", chainId: TEST_CHAIN_ID })).rejects.toMatchObject({
			code: "chain/unreachable",
		});
	});

	test("behavior: errors keep the contract's own name and arguments", async () => {
		const error = await proposeRoot(ledger, people.settler, root({ epoch: 9n })).catch((e: unknown) => e);
		expect(error).toBeInstanceOf(ContractError);
		expect((error as ContractError).args).toEqual([9n, 2n]);
	});
});
