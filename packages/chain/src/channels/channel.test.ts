// Channels on a real chain with x402's own audited contract: deposit, vouchers, claim, settle, refund, withdrawal, what
// is refused, and that it all ends in the parts of splitFee. Outside witnesses: the contract's own hashes and @x402/evm.
import { createRequire } from "node:module";
import { paymentNonceOf, splitFee } from "@openledger/protocol";
import { encodeAbiParameters, type Hex, hashTypedData, zeroAddress } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localFaucet } from "../anvil/genesis.js";
import { CANONICAL_ADDRESSES } from "../canonical/canonicalContracts.js";
import { type Ledger, writeContract } from "../client/ledger.js";
import { openTokenAbi } from "../generated/index.js";
import type { LocalChain } from "../openLocalChain.js";
import { readChannel, readReceiver } from "../reads/readChannel.js";
import { readTill } from "../reads/readModel.js";
import { readBalance, readCollected, readOwed } from "../reads/readMoney.js";
import { readIsCollected, readNodeTill } from "../reads/readNodeTill.js";
import { authorizeDeposit, channelTo, voucher } from "../testing/channels.js";
import { COIN, openTestLedger, people, temporaryHome } from "../testing/testLedger.js";
import { digest, modelIdOf, RATES, SPLIT, steps } from "../testing/walkTheWay.js";
import { claimChannels } from "../verbs/claimChannels.js";
import { collectFromNode, collectSumFromNode, receiptSetRoot } from "../verbs/collectFromNode.js";
import { deployCanonical } from "../verbs/deployCanonical.js";
import { depositChannel } from "../verbs/depositChannel.js";
import { fundAccount } from "../verbs/fundAccount.js";
import { fundOpen } from "../verbs/fundOpen.js";
import { refundChannel } from "../verbs/refundChannel.js";
import { settleChannels } from "../verbs/settleChannels.js";
import { finishWithdrawal, startWithdrawal } from "../verbs/withdrawChannel.js";
import { batchSettlementAbi } from "./batchSettlementAbi.js";
import { type ChannelConfig, channelIdOf, claimArguments, claimBatchTypedData, refundTypedData } from "./channel.js";

/** As Permit2 and the collector want them signed. */
const batchPermit2WitnessTypes = {
	PermitWitnessTransferFrom: [
		{ name: "permitted", type: "TokenPermissions" },
		{ name: "spender", type: "address" },
		{ name: "nonce", type: "uint256" },
		{ name: "deadline", type: "uint256" },
		{ name: "witness", type: "DepositWitness" },
	],
	TokenPermissions: [
		{ name: "token", type: "address" },
		{ name: "amount", type: "uint256" },
	],
	DepositWitness: [{ name: "channelId", type: "bytes32" }],
} as const;

const place = temporaryHome();
let chain: LocalChain;
let ledger: Ledger;
let modelId: Hex;
const { payer, node, ada, grace, treasury } = people;
const chainId = () => ledger.client.chainId;
const contract = { address: CANONICAL_ADDRESSES.batchSettlement, abi: batchSettlementAbi } as const;
let salts = 0;

/** A channel of its own with money in it. */
async function opened(amountWei: bigint, changes: Partial<ChannelConfig> = {}): Promise<ChannelConfig> {
	const config = await channelTo(ledger, { payer, node, salt: digest(`channel ${salts++}`) }, changes);
	const before = await readBalance(ledger, payer.address);
	await fundOpen(ledger, treasury, { to: payer.address, atLeastWei: before + amountWei });
	const authorization = await authorizeDeposit(ledger, payer, { config, amountWei });
	await depositChannel(ledger, node, { config, amountWei, authorization });
	return config;
}
const state = (config: ChannelConfig) => readChannel(ledger, channelIdOf(chainId(), config));
const code = (act: Promise<unknown>) => act.then(() => "done").catch((error: { code?: string }) => error.code);

beforeAll(async () => {
	({ chain, ledger } = await openTestLedger(place.home));
	await deployCanonical(chain.client, localFaucet());
	for (const step of steps) await step(ledger);
	for (const { address } of [node, payer, ada]) {
		await fundAccount(chain.client, localFaucet(), { to: address, atLeastWei: COIN });
	}
	modelId = await modelIdOf(ledger);
});
afterAll(async () => {
	await chain?.stop();
	place.remove();
});

describe("what is signed", () => {
	test("default: ids and digests are the contract's own, and @x402/evm's", async () => {
		const config = await channelTo(ledger, { payer, node });
		const channelId = channelIdOf(chainId(), config);
		const { publicClient } = ledger.client;
		expect(await publicClient.readContract({ ...contract, functionName: "getChannelId", args: [config] })).toBe(
			channelId,
		);
		const { computeChannelId } = createRequire(import.meta.url)("@x402/evm/batch-settlement/client");
		expect(computeChannelId(config, `eip155:${chainId()}`)).toBe(channelId);

		const claim = await voucher(ledger, payer, { config, maxClaimableWei: 7n, claimedWei: 5n });
		const digestOfBatch = await publicClient.readContract({
			...contract,
			functionName: "getClaimBatchDigest",
			args: [claimArguments([claim, claim])],
		});
		expect(hashTypedData(claimBatchTypedData(chainId(), [claim, claim]))).toBe(digestOfBatch);
		const refund = { channelId, nonce: 3n, amount: 9n };
		expect(hashTypedData(refundTypedData(chainId(), refund))).toBe(
			await publicClient.readContract({ ...contract, functionName: "getRefundDigest", args: [channelId, 3n, 9n] }),
		);
	});

	test("behavior: another chain, another salt, another receiver is another channel", async () => {
		const config = await channelTo(ledger, { payer, node });
		const ids = [
			channelIdOf(chainId(), config),
			channelIdOf(1, config),
			channelIdOf(chainId(), { ...config, salt: digest("other") }),
			channelIdOf(chainId(), { ...config, receiver: ada.address }),
		];
		expect(new Set(ids).size).toBe(4);
	});
});

describe("a channel", () => {
	test("default: deposit, vouchers, claim, settle, and the parts are those of splitFee to the wei", async () => {
		const config = await opened(10n * COIN);
		expect(await state(config)).toEqual({ balanceWei: 10n * COIN, claimedWei: 0n, refundNonce: 0n });
		const fees = [1n, 2n, 3n].map((n) => RATES.platformWei + n * 333_333_333_333_333_333n);
		const spent = fees.reduce((sum, fee) => sum + fee, 0n);
		const last = await voucher(ledger, payer, { config, maxClaimableWei: spent + 5n, claimedWei: spent });
		const till = await readNodeTill(ledger, node.address);
		const [tillBefore, owedBefore, collectedBefore] = await Promise.all([
			readBalance(ledger, till),
			readOwed(ledger, node.address),
			readCollected(ledger),
		]);

		expect(await claimChannels(ledger, node, { claims: [last] })).toMatchObject({ claimed: 1, alreadyClaimed: 0 });
		expect(await settleChannels(ledger, ada, { receiver: till })).toMatchObject({ amountWei: spent });
		expect((await readBalance(ledger, till)) - tillBefore).toBe(spent);

		const receipts = fees.map((feeWei, i) => ({ receiptId: digest(`channel receipt ${i}`), feeWei }));
		const { amountWei } = await collectSumFromNode(ledger, node, { modelId, receipts });
		expect(amountWei).toBe(spent);
		expect(await readBalance(ledger, till)).toBe(tillBefore);
		const parts = fees.map((fee) => splitFee(fee, RATES.platformWei, SPLIT));
		const after = await readCollected(ledger);
		expect((await readOwed(ledger, node.address)) - owedBefore).toBe(parts.reduce((sum, p) => sum + p.node, 0n));
		expect(after.contributorsWei - collectedBefore.contributorsWei).toBe(
			parts.reduce((sum, p) => sum + p.contributors, 0n),
		);
		expect(after.totalWei - collectedBefore.totalWei).toBe(spent);
	});

	test("behavior: every verb again sends nothing", async () => {
		const config = await opened(COIN);
		const amountWei = COIN;
		const claim = await voucher(ledger, payer, { config, maxClaimableWei: 1000n });
		await claimChannels(ledger, node, { claims: [claim] });
		await settleChannels(ledger, node, { receiver: config.receiver });
		await refundChannel(ledger, node, { config });
		const block = await ledger.client.publicClient.getBlockNumber();
		const authorization = await authorizeDeposit(ledger, payer, { config, amountWei });
		await depositChannel(ledger, node, { config, amountWei, authorization });
		expect(await claimChannels(ledger, node, { claims: [claim] })).toEqual({ claimed: 0, alreadyClaimed: 1, sent: [] });
		expect(await settleChannels(ledger, node, { receiver: config.receiver })).toEqual({ amountWei: 0n });
		expect(await refundChannel(ledger, node, { config })).toEqual({ amountWei: 0n });
		expect(await ledger.client.publicClient.getBlockNumber()).toBe(block);
	});

	test("behavior: claims go in batches of channels, also sent by another with the authoriser's signature", async () => {
		const configs = [await opened(100n), await opened(100n), await opened(100n)];
		const claims = await Promise.all(
			configs.map((config, i) => voucher(ledger, payer, { config, maxClaimableWei: BigInt(10 + i) })),
		);
		const { sent } = await claimChannels(ledger, ada, { claims, authorizer: node });
		expect(sent).toHaveLength(1);
		expect(await Promise.all(configs.map(async (c) => (await state(c)).claimedWei))).toEqual([10n, 11n, 12n]);
	});

	test("behavior: a voucher lower than the last is no step back, a higher one goes on from there", async () => {
		const config = await opened(100n);
		await claimChannels(ledger, node, { claims: [await voucher(ledger, payer, { config, maxClaimableWei: 60n })] });
		const lower = await voucher(ledger, payer, { config, maxClaimableWei: 40n });
		expect(await claimChannels(ledger, node, { claims: [lower] })).toMatchObject({ claimed: 0, alreadyClaimed: 1 });
		await claimChannels(ledger, node, { claims: [await voucher(ledger, payer, { config, maxClaimableWei: 75n })] });
		expect((await state(config)).claimedWei).toBe(75n);
	});

	test("behavior: what a voucher, a channel or a stranger does not allow is refused by name", async () => {
		const config = await opened(100n);
		const good = await voucher(ledger, payer, { config, maxClaimableWei: 50n });
		const claim = (changes: Partial<typeof good>) =>
			code(claimChannels(ledger, node, { claims: [{ ...good, ...changes }] }));
		expect(await claim({ claimedWei: 51n })).toBe("contract/ClaimExceedsCeiling");
		expect(await claim({ maxClaimableWei: 60n, claimedWei: 60n })).toBe("contract/InvalidSignature");
		const above = await voucher(ledger, payer, { config, maxClaimableWei: 101n });
		expect(await code(claimChannels(ledger, node, { claims: [above] }))).toBe("contract/ClaimExceedsBalance");
		const forged = await voucher(ledger, grace, { config, maxClaimableWei: 50n });
		expect(await code(claimChannels(ledger, node, { claims: [forged] }))).toBe("contract/InvalidSignature");
		expect(await code(claimChannels(ledger, ada, { claims: [good] }))).toBe("contract/NotAuthorizedToClaim");
		expect(await code(claimChannels(ledger, node, { claims: [good], authorizer: ada }))).toBe(
			"contract/InvalidSignature",
		);
		expect(await code(refundChannel(ledger, ada, { config }))).toBe("contract/NotAuthorizedToRefund");
		expect(await code(startWithdrawal(ledger, ada, { config, amountWei: 1n }))).toBe("contract/InvalidChannel");
		expect(await state(config)).toMatchObject({ balanceWei: 100n, claimedWei: 0n });
	});

	test("behavior: a voucher counts in its own channel, contract and chain only", async () => {
		const [one, two] = [await opened(100n), await opened(100n)];
		const good = await voucher(ledger, payer, { config: one, maxClaimableWei: 50n });
		const moved = { ...good, config: two };
		expect(await code(claimChannels(ledger, node, { claims: [moved] }))).toBe("contract/InvalidSignature");
		const elsewhere = { ...ledger, client: { ...ledger.client, chainId: 1 } };
		const foreign = await voucher(elsewhere, payer, { config: two, maxClaimableWei: 50n });
		expect(await code(claimChannels(ledger, node, { claims: [foreign] }))).toBe("contract/InvalidSignature");
	});

	test("behavior: a session key may sign, and then the payer's own key may not", async () => {
		const config = await opened(100n, { payerAuthorizer: grace.address });
		const own = await voucher(ledger, payer, { config, maxClaimableWei: 50n });
		expect(await code(claimChannels(ledger, node, { claims: [own] }))).toBe("contract/InvalidSignature");
		const session = await voucher(ledger, grace, { config, maxClaimableWei: 50n });
		await claimChannels(ledger, node, { claims: [session] });
		expect((await state(config)).claimedWei).toBe(50n);
	});

	test("behavior: a deposit's signature cannot be used for another channel, amount or twice", async () => {
		const config = await opened(100n);
		const other = await channelTo(ledger, { payer, node, salt: digest("thief") });
		await fundOpen(ledger, treasury, { to: payer.address, atLeastWei: COIN });
		const authorization = await authorizeDeposit(ledger, payer, { config, amountWei: 40n, salt: 2n });
		const put = (changes: object) =>
			code(depositChannel(ledger, ada, { config, amountWei: 40n, authorization, ...changes }));
		expect(await put({ config: other })).toBe("contract/ERC3009InvalidSignature");
		expect(await put({ amountWei: 41n })).toBe("contract/ERC3009InvalidSignature");
		expect(await put({})).toBe("done");
		expect((await depositChannel(ledger, ada, { config, amountWei: 40n, authorization })).sent).toBeUndefined();
		expect((await state(config)).balanceWei).toBe(140n);
		const none = await authorizeDeposit(ledger, payer, { config, amountWei: 0n, salt: 3n });
		expect(await put({ amountWei: 0n, authorization: none })).toBe("contract/ZeroDeposit");
		expect(await put({ config: { ...other, withdrawDelay: 899 } })).toBe("contract/WithdrawDelayOutOfRange");
		expect(await put({ config: { ...other, receiver: zeroAddress } })).toBe("contract/InvalidChannel");
	});

	test("behavior: a deposit by Permit2, which needs one approval and no ERC-3009", async () => {
		const config = await channelTo(ledger, { payer, node, salt: digest("permit2") });
		const channelId = channelIdOf(chainId(), config);
		const { permit2, permit2DepositCollector: collector } = CANONICAL_ADDRESSES;
		await fundOpen(ledger, treasury, { to: payer.address, atLeastWei: COIN });
		const { openToken } = ledger.addresses;
		const approve = { address: openToken, abi: openTokenAbi, functionName: "approve", args: [permit2, 500n] } as const;
		await writeContract(ledger, payer, approve);
		const deadline = 4_000_000_000n;
		const sign = (amount: bigint) =>
			payer.signTypedData({
				domain: { name: "Permit2", chainId: chainId(), verifyingContract: permit2 },
				types: batchPermit2WitnessTypes,
				primaryType: "PermitWitnessTransferFrom",
				message: {
					permitted: { token: openToken, amount },
					spender: collector,
					nonce: 7n,
					deadline,
					witness: { channelId },
				},
			});
		const put = async (amount: bigint, signed: bigint) => {
			const words = [{ type: "uint256" }, { type: "uint256" }, { type: "bytes" }, { type: "bytes" }] as const;
			const data = encodeAbiParameters(words, [7n, deadline, await sign(signed), "0x"]);
			const args = [config, amount, collector, data] as const;
			return code(writeContract(ledger, node, { ...contract, functionName: "deposit", args }));
		};
		expect(await put(301n, 300n)).not.toBe("done");
		expect(await put(300n, 300n)).toBe("done");
		expect(await put(300n, 300n)).not.toBe("done");
		expect((await state(config)).balanceWei).toBe(300n);
	});

	test("behavior: the payer's way out waits out the delay, and a claim in between comes first", async () => {
		const config = await opened(100n);
		const { finishAfter } = await startWithdrawal(ledger, payer, { config, amountWei: 100n });
		expect((await startWithdrawal(ledger, payer, { config, amountWei: 100n })).sent).toBeUndefined();
		expect(await code(finishWithdrawal(ledger, payer, { config }))).toBe("contract/WithdrawDelayNotElapsed");
		await claimChannels(ledger, node, { claims: [await voucher(ledger, payer, { config, maxClaimableWei: 30n })] });
		const request = ledger.client.publicClient.request as (args: object) => Promise<unknown>;
		await request({ method: "evm_setTime", params: [finishAfter] });
		expect(await code(finishWithdrawal(ledger, ada, { config }))).toBe("contract/NotAuthorizedToFinalizeWithdraw");
		expect(await finishWithdrawal(ledger, payer, { config })).toMatchObject({ amountWei: 70n });
		expect(await code(finishWithdrawal(ledger, payer, { config }))).toBe("contract/WithdrawalNotPending");
		const late = await voucher(ledger, payer, { config, maxClaimableWei: 31n });
		expect(await code(claimChannels(ledger, node, { claims: [late] }))).toBe("contract/ClaimExceedsBalance");
	});

	test("behavior: a refund gives back what is unclaimed, signed or not, and its signature counts once", async () => {
		const config = await opened(100n);
		await claimChannels(ledger, node, { claims: [await voucher(ledger, payer, { config, maxClaimableWei: 30n })] });
		const before = await readBalance(ledger, payer.address);
		expect(await refundChannel(ledger, ada, { config, amountWei: 20n, authorizer: node })).toMatchObject({
			amountWei: 20n,
		});
		expect(await refundChannel(ledger, node, { config, amountWei: 1000n })).toMatchObject({ amountWei: 50n });
		expect((await readBalance(ledger, payer.address)) - before).toBe(70n);
		expect(await state(config)).toMatchObject({ balanceWei: 30n, claimedWei: 30n, refundNonce: 2n });
	});
});

describe("the node's till", () => {
	const tillOf = () => readNodeTill(ledger, node.address);
	const fill = async (amountWei: bigint) => fundOpen(ledger, treasury, { to: await tillOf(), atLeastWei: amountWei });
	const paid = (name: string, amountWei: bigint) => ({
		receiptId: digest(`receipt ${name}`),
		payer: payer.address,
		nonce: paymentNonceOf(digest("key"), digest(name)),
		amountWei,
	});

	test("default: answer by answer, each once, to the wei", async () => {
		await fill(3n * COIN);
		const payments = [paid("a", COIN), paid("b", COIN + 1n)];
		const before = await readCollected(ledger);
		expect(await collectFromNode(ledger, node, { modelId, payments })).toMatchObject({
			collected: 2,
			alreadyCollected: 0,
		});
		expect(await collectFromNode(ledger, node, { modelId, payments })).toEqual({
			collected: 0,
			alreadyCollected: 2,
			sent: [],
		});
		expect((await readCollected(ledger)).totalWei - before.totalWei).toBe(2n * COIN + 1n);
		expect(await readBalance(ledger, await tillOf())).toBe(COIN - 1n);
	});

	test("behavior: not more than it holds, not by another, not a receipt or set twice, not the model's own till", async () => {
		await fill(COIN);
		const much = [paid("c", 2n * COIN)];
		expect(await code(collectFromNode(ledger, node, { modelId, payments: much }))).toBe("contract/TillTooLow");
		const own = [paid("d", COIN)];
		expect(await code(collectFromNode(ledger, ada, { modelId, payments: own }))).toBe("contract/NotModelNode");
		const again = [{ ...paid("e", COIN), receiptId: digest("receipt a") }];
		expect(await code(collectFromNode(ledger, node, { modelId, payments: again }))).toBe(
			"contract/ReceiptAlreadyCollected",
		);
		const other = [{ ...paid("a", COIN), receiptId: digest("another") }];
		expect(await code(collectFromNode(ledger, node, { modelId, payments: other }))).toBe("chain/differs");
		const small = [{ receiptId: digest("f"), feeWei: RATES.platformWei - 1n }];
		expect(await code(collectSumFromNode(ledger, node, { modelId, receipts: small }))).toBe(
			"protocol/fee-below-platform",
		);
		expect(await tillOf()).not.toBe(await readTill(ledger, modelId));
	});

	test("behavior: a set is named by its members in any order, and collected once", async () => {
		await fill(COIN);
		const receipts = [1, 2, 3].map((n) => ({ receiptId: digest(`set ${n}`), feeWei: RATES.platformWei + BigInt(n) }));
		const { receiptsRoot, sent } = await collectSumFromNode(ledger, node, { modelId, receipts });
		expect(sent).toBeDefined();
		expect(receiptSetRoot([...receipts].reverse())).toBe(receiptsRoot);
		expect(await readIsCollected(ledger, modelId, receiptsRoot)).toBe(true);
		const again = await collectSumFromNode(ledger, node, { modelId, receipts: [...receipts].reverse() });
		expect(again.sent).toBeUndefined();
		expect(await code(collectSumFromNode(ledger, node, { modelId, receipts: [] }))).toBe("chain/bad-set");
		const twice = [receipts[0]!, receipts[0]!];
		expect(await code(collectSumFromNode(ledger, node, { modelId, receipts: twice }))).toBe("chain/bad-set");
	});

	test("behavior: claims and settlements at once, again and again: all arrives, none fails", async () => {
		const till = await tillOf();
		await settleChannels(ledger, ada, { receiver: till });
		const before = await readBalance(ledger, till);
		for (let round = 0; round < 8; round++) {
			const config = await opened(100n);
			const claims = [await voucher(ledger, payer, { config, maxClaimableWei: 40n })];
			// A settlement sent before its claim is mined sweeps what there is; rehearsed as nothing, it must not run out of gas.
			await Promise.all([
				settleChannels(ledger, ada, { receiver: till }),
				claimChannels(ledger, node, { claims }),
				settleChannels(ledger, payer, { receiver: till }),
				settleChannels(ledger, node, { receiver: till }),
			]);
		}
		await settleChannels(ledger, ada, { receiver: till });
		expect((await readBalance(ledger, till)) - before).toBe(8n * 40n);
		const { claimedWei, settledWei } = await readReceiver(ledger, till);
		expect(settledWei).toBe(claimedWei);
	});
});
