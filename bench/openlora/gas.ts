// What a request costs in gas, paid through a channel or by one transaction each, on a real local chain with x402's own
// contract. Gas is exact and the same on every run, so no time is measured here. It must not know prompts or answers.

import { feeFor } from "@openledger/protocol";
import { type Hex, keccak256, toHex } from "viem";
import { localFaucet } from "../../packages/chain/src/anvil/genesis.js";
import type { Ledger } from "../../packages/chain/src/client/ledger.js";
import { readNodeTill } from "../../packages/chain/src/reads/readNodeTill.js";
import { authorizeDeposit, channelTo, voucher } from "../../packages/chain/src/testing/channels.js";
import { COIN, openTestLedger, people, temporaryHome } from "../../packages/chain/src/testing/testLedger.js";
import { FEE, modelIdOf, pay, RATES, steps } from "../../packages/chain/src/testing/walkTheWay.js";
import { claimChannels } from "../../packages/chain/src/verbs/claimChannels.js";
import { collectFees } from "../../packages/chain/src/verbs/collectFees.js";
import { collectFromNode, collectSumFromNode } from "../../packages/chain/src/verbs/collectFromNode.js";
import { deployCanonical } from "../../packages/chain/src/verbs/deployCanonical.js";
import { depositChannel } from "../../packages/chain/src/verbs/depositChannel.js";
import { fundAccount } from "../../packages/chain/src/verbs/fundAccount.js";
import { fundOpen, transferOpen } from "../../packages/chain/src/verbs/fundOpen.js";
import { settleChannels } from "../../packages/chain/src/verbs/settleChannels.js";

/** Gas of one channel's life of `requests` answers of one model: whole transactions, in units of gas. */
export interface ChannelGas {
	readonly requests: number;
	/** The payer's ERC-3009 deposit, sent by the node. */
	readonly deposit: number;
	/** One voucher claimed by itself; 64 channels claimed together cost about a third less each. */
	readonly claim: number;
	/** The sweep to the node's till; it serves all channels of the node, and is charged to this one alone here. */
	readonly settle: number;
	/** All answers collected and split as one sum. */
	readonly collectSum: number;
	/** The same answers collected one by one, 64 a transaction: dear, but the chain sees each receipt. */
	readonly collectEach: number;
	/** (deposit + claim + settle + collectSum) / requests. */
	readonly perRequest: number;
	/** (deposit + claim + settle + collectEach) / requests. */
	readonly perRequestEach: number;
	/** A request paid by `exact`: its own transfer, and its part of a collection of 64. */
	readonly exactPerRequest: number;
}

export interface GasLedger {
	readonly ledger: Ledger;
	close(): Promise<void>;
}

const digest = (text: string): Hex => keccak256(toHex(text));
const total = (sent: readonly { readonly gasUsed: bigint }[]) =>
	Number(sent.reduce((sum, { gasUsed }) => sum + gasUsed, 0n));

/** A chain of its own with a published model, the canonical contracts and tills that were used before. */
export async function openGasLedger(): Promise<GasLedger> {
	const place = temporaryHome();
	const { chain, ledger } = await openTestLedger(place.home);
	await deployCanonical(chain.client, localFaucet());
	for (const step of steps) await step(ledger);
	for (const { address } of Object.values(people)) {
		await fundAccount(chain.client, localFaucet(), { to: address, atLeastWei: COIN });
	}
	// Nobody's first time is measured: balances, tills and accruals exist.
	await measureChannelGas(ledger, 1);
	return {
		ledger,
		async close() {
			await chain.stop();
			place.remove();
		},
	};
}

let measured = 0;

/** Pays `requests` answers through a new channel, and through `exact` for comparison; 1 to 100,000. */
export async function measureChannelGas(ledger: Ledger, requests: number): Promise<ChannelGas> {
	const run = `gas run ${++measured}`;
	const { payer, node, treasury } = people;
	const modelId = await modelIdOf(ledger);
	const feeWei = feeFor(20, 24, RATES);
	const amountWei = feeWei * BigInt(requests);
	const config = await channelTo(ledger, { payer, node, salt: digest(run) });
	await transferOpen(ledger, treasury, { to: payer.address, amountWei });

	const authorization = await authorizeDeposit(ledger, payer, { config, amountWei });
	const deposit = (await depositChannel(ledger, node, { config, amountWei, authorization })).sent!;
	const claims = [await voucher(ledger, payer, { config, maxClaimableWei: amountWei })];
	const claim = (await claimChannels(ledger, node, { claims })).sent;
	const settle = (await settleChannels(ledger, node, { receiver: config.receiver })).sent!;
	const receipts = Array.from({ length: requests }, (_, i) => ({ receiptId: digest(`${run} ${i}`), feeWei }));
	const sum = (await collectSumFromNode(ledger, node, { modelId, receipts })).sent!;

	await fundOpen(ledger, treasury, { to: await readNodeTill(ledger, node.address), atLeastWei: amountWei });
	const payments = receipts.map(({ receiptId }, i) => ({
		receiptId: digest(`${receiptId} each`),
		payer: payer.address,
		nonce: digest(`${run} nonce ${i}`),
		amountWei: feeWei,
	}));
	const each = (await collectFromNode(ledger, node, { modelId, payments })).sent;

	const fixed = total([deposit, ...claim, settle]);
	return {
		requests,
		deposit: total([deposit]),
		claim: total(claim),
		settle: total([settle]),
		collectSum: total([sum]),
		collectEach: total(each),
		perRequest: Math.round((fixed + total([sum])) / requests),
		perRequestEach: Math.round((fixed + total(each)) / requests),
		exactPerRequest: await exactGas(ledger, run),
	};
}

/** 64 requests paid by a transaction each and collected together. */
async function exactGas(ledger: Ledger, run: string): Promise<number> {
	const { publicClient } = ledger.client;
	const from = await publicClient.getBlockNumber();
	const nonces = Array.from({ length: 64 }, (_, i) => digest(`${run} exact ${i}`));
	for (const nonce of nonces) await pay(ledger, nonce);
	const logs = await publicClient.getLogs({ address: ledger.addresses.openToken, fromBlock: from + 1n });
	const hashes = [...new Set(logs.map(({ transactionHash }) => transactionHash))];
	const sends = await Promise.all(hashes.map((hash) => publicClient.getTransactionReceipt({ hash })));
	// Topping the payer up stands between; the transfers by authorisation are those that the node sent.
	const paid = sends.filter(({ from: sender }) => sender === people.node.address.toLowerCase());
	const payments = nonces.map((nonce) => ({
		receiptId: digest(`${nonce} receipt`),
		payer: people.payer.address,
		nonce,
		amountWei: FEE,
	}));
	const modelId = await modelIdOf(ledger);
	const { sent } = await collectFees(ledger, people.node, { modelId, payments });
	return Math.round((total(paid) + total(sent)) / nonces.length);
}
