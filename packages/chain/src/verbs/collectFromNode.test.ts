// That whatever way fees are collected, each role gets what splitFee of the protocol says, answer by answer, to the wei:
// random prices, splits and fees, over all three ways, against the contract on a real chain. The seed is fixed.
import { type FeeParts, feeFor, splitFee } from "@openledger/protocol";
import fc from "fast-check";
import type { Address, Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { localFaucet } from "../anvil/genesis.js";
import type { Ledger } from "../client/ledger.js";
import type { LocalChain } from "../openLocalChain.js";
import { readBalance, readCollected, readOwed } from "../reads/readMoney.js";
import { readNodeTill } from "../reads/readNodeTill.js";
import { COIN, openTestLedger, people, temporaryHome } from "../testing/testLedger.js";
import { digest, idOf, modelParams, steps } from "../testing/walkTheWay.js";
import { collectFromNode, collectSumFromNode } from "./collectFromNode.js";
import { fundAccount } from "./fundAccount.js";
import { fundOpen } from "./fundOpen.js";
import { publishModel } from "./publishModel.js";
import { withdrawOwed } from "./withdrawOwed.js";

const place = temporaryHome();
let chain: LocalChain;
let ledger: Ledger;
beforeAll(async () => {
	({ chain, ledger } = await openTestLedger(place.home));
	for (const step of steps.slice(0, 9)) await step(ledger);
	for (const { address } of [people.node, people.owner]) {
		await fundAccount(chain.client, localFaucet(), { to: address, atLeastWei: COIN });
	}
});
afterAll(async () => {
	await chain?.stop();
	place.remove();
});

/** Parts that sum to a million, each within its bound. */
const split = fc
	.tuple(
		fc.integer({ min: 0, max: 600_000 }),
		fc.integer({ min: 0, max: 600_000 }),
		fc.integer({ min: 0, max: 300_000 }),
		fc.integer({ min: 0, max: 200_000 }),
	)
	.filter(([owner, node, stakers, treasury]) => owner + node + stakers + treasury <= 800_000)
	.map(([ownerPpm, nodePpm, stakersPpm, treasuryPpm]) => ({
		contributorsPpm: 1_000_000 - ownerPpm - nodePpm - stakersPpm - treasuryPpm,
		ownerPpm,
		nodePpm,
		stakersPpm,
		treasuryPpm,
	}));
const rate = fc.bigInt({ min: 0n, max: 10n ** 16n });
const rates = fc.record({ platformWei: rate, inWeiPer1000: rate, outWeiPer1000: rate });
const tokens = fc.array(fc.tuple(fc.integer({ min: 0, max: 4096 }), fc.integer({ min: 0, max: 4096 })), {
	minLength: 1,
	maxLength: 9,
});

/** Every account of a case is its own, so that what it is owed is of this case alone. */
const account = (name: string): Address => privateKeyToAccount(digest(name)).address;
const total = (all: readonly FeeParts[], key: keyof FeeParts) => all.reduce((sum, parts) => sum + parts[key], 0n);

let cases = 0;
test("default: sums on chain are those of splitFee, whichever way they were collected", async () => {
	const datanetId = await idOf(ledger);
	const till = await readNodeTill(ledger, people.node.address);
	await fc.assert(
		fc.asyncProperty(split, rates, tokens, fc.boolean(), async (shares, prices, answers, summed) => {
			const name = `case ${cases++}`;
			const params = modelParams(datanetId, {
				name,
				rates: prices,
				split: shares,
				stakers: account(`${name} stakers`),
			});
			const { modelId } = await publishModel(ledger, people.owner, params);
			const fees = answers.map(([tokensIn, tokensOut]) => feeFor(tokensIn, tokensOut, prices));
			const expected = fees.map((fee) => splitFee(fee, prices.platformWei, shares));
			const sum = fees.reduce((a, b) => a + b, 0n);
			await fundOpen(ledger, people.treasury, { to: till, atLeastWei: sum });
			const owed = () =>
				Promise.all(
					[params.stakers, people.owner.address, people.node.address, people.treasury.address].map((who) =>
						readOwed(ledger, who),
					),
				);
			const [before, collected, held] = [await owed(), await readCollected(ledger), await readBalance(ledger, till)];

			const ids = fees.map((_, i): Hex => digest(`${name} receipt ${i}`));
			if (summed) {
				const receipts = fees.map((feeWei, i) => ({ receiptId: ids[i]!, feeWei }));
				await collectSumFromNode(ledger, people.node, { modelId, receipts });
			} else {
				const payments = fees.map((amountWei, i) => ({
					receiptId: ids[i]!,
					payer: people.payer.address,
					nonce: ids[i]!,
					amountWei,
				}));
				await collectFromNode(ledger, people.node, { modelId, payments });
			}

			const [after, now] = [await owed(), await readCollected(ledger)];
			expect(after.map((wei, i) => wei - before[i]!)).toEqual([
				total(expected, "stakers"),
				total(expected, "owner"),
				total(expected, "node"),
				total(expected, "platform") + total(expected, "treasury"),
			]);
			expect(now.contributorsWei - collected.contributorsWei).toBe(total(expected, "contributors"));
			expect(now.totalWei - collected.totalWei).toBe(sum);
			expect(held - (await readBalance(ledger, till))).toBe(sum);
			// Claimable by the role, to the wei.
			const { amountWei } = await withdrawOwed(ledger, people.node, { account: params.stakers });
			expect(await readBalance(ledger, params.stakers)).toBe(amountWei);
			expect(amountWei).toBe(total(expected, "stakers"));
		}),
		{ numRuns: 40, seed: 5 },
	);
});
