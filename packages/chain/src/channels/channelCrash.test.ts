// A channel's life with the chain killed after each step, and every step taken again after each kill: the money arrives
// once. And many deposits at once from one account, which is how upstream loses them.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { localFaucet } from "../anvil/genesis.js";
import type { Ledger } from "../client/ledger.js";
import type { LocalChain } from "../openLocalChain.js";
import { readChannel, readReceiver } from "../reads/readChannel.js";
import { readBalance, readCollected } from "../reads/readMoney.js";
import { readIsCollected } from "../reads/readNodeTill.js";
import { authorizeDeposit, channelTo, voucher } from "../testing/channels.js";
import { COIN, openTestLedger, people, temporaryHome } from "../testing/testLedger.js";
import { digest, FEE, modelIdOf, steps } from "../testing/walkTheWay.js";
import { claimChannels } from "../verbs/claimChannels.js";
import { collectSumFromNode, receiptSetRoot } from "../verbs/collectFromNode.js";
import { deployCanonical } from "../verbs/deployCanonical.js";
import { depositChannel } from "../verbs/depositChannel.js";
import { fundAccount } from "../verbs/fundAccount.js";
import { fundOpen } from "../verbs/fundOpen.js";
import { settleChannels } from "../verbs/settleChannels.js";
import { channelIdOf } from "./channel.js";

const { payer, node, treasury } = people;
let place: ReturnType<typeof temporaryHome>;
let chain: LocalChain;
let ledger: Ledger;
const open = async () => {
	({ chain, ledger } = await openTestLedger(place.home));
	await deployCanonical(chain.client, localFaucet());
	await fundAccount(chain.client, localFaucet(), { to: node.address, atLeastWei: COIN });
};

beforeEach(async () => {
	place = temporaryHome();
	await open();
});
afterEach(async () => {
	await chain?.stop();
	place.remove();
});

describe("kill -9 of the chain", () => {
	test("default: after each step of a channel's life, then all steps again", async () => {
		for (const step of steps.slice(0, 10)) await step(ledger);
		const amountWei = 4n * FEE;
		const receipts = [1, 2, 3].map((n) => ({ receiptId: digest(`answer ${n}`), feeWei: FEE }));
		await fundOpen(ledger, treasury, { to: payer.address, atLeastWei: amountWei });
		const config = await channelTo(ledger, { payer, node });
		const life: readonly (() => Promise<unknown>)[] = [
			async () => {
				const authorization = await authorizeDeposit(ledger, payer, { config, amountWei });
				await depositChannel(ledger, node, { config, amountWei, authorization });
			},
			async () => {
				const claims = [await voucher(ledger, payer, { config, maxClaimableWei: amountWei, claimedWei: 3n * FEE })];
				await claimChannels(ledger, node, { claims });
			},
			() => settleChannels(ledger, node, { receiver: config.receiver }),
			async () => collectSumFromNode(ledger, node, { modelId: await modelIdOf(ledger), receipts }),
		];
		for (let done = 1; done <= life.length; done++) {
			for (const step of life.slice(0, done)) await step();
			process.kill(chain.anvil.pid, "SIGKILL");
			await chain.anvil.exited;
			chain.journal.close();
			await open();
			expect(chain.recovery.refused).toBe(0);
		}
		for (const step of life) await step();
		expect(await readChannel(ledger, channelIdOf(ledger.client.chainId, config))).toMatchObject({
			balanceWei: amountWei,
			claimedWei: 3n * FEE,
		});
		expect(await readReceiver(ledger, config.receiver)).toEqual({ claimedWei: 3n * FEE, settledWei: 3n * FEE });
		expect(await readBalance(ledger, config.receiver)).toBe(0n);
		expect((await readCollected(ledger)).totalWei).toBe(3n * FEE);
		expect(await readIsCollected(ledger, await modelIdOf(ledger), receiptSetRoot(receipts))).toBe(true);
	});
});

describe("many at once", () => {
	test("behavior: 400 deposits at once from one account: all arrive, no number is used twice", async () => {
		const many = 400;
		await fundOpen(ledger, treasury, { to: payer.address, atLeastWei: BigInt(many) });
		const config = await channelTo(ledger, { payer, node });
		const authorizations = await Promise.all(
			Array.from({ length: many }, (_, i) =>
				authorizeDeposit(ledger, payer, { config, amountWei: 1n, salt: BigInt(i + 1) }),
			),
		);
		const before = await ledger.client.publicClient.getTransactionCount({ address: node.address });
		const done = await Promise.all(
			authorizations.map((authorization) => depositChannel(ledger, node, { config, amountWei: 1n, authorization })),
		);
		expect(new Set(done.map(({ sent }) => sent?.hash)).size).toBe(many);
		const { balanceWei } = await readChannel(ledger, channelIdOf(ledger.client.chainId, config));
		expect(balanceWei).toBe(BigInt(many));
		expect(await ledger.client.publicClient.getTransactionCount({ address: node.address })).toBe(before + many);
	});
});
