// All ways to pay this node, put together: what a 402 offers, who takes what a request brings, what a start clears up, and how
// the money of channels gets home. It must not know how answers are made.

import { CANONICAL_ADDRESSES, type Ledger, readNodeTill } from "@openledger/chain";
import type { Address, Hex } from "@openledger/protocol";
import type { LocalAccount } from "viem";
import type { Database } from "../database/openDatabase.js";
import type { MethodName } from "../database/schema.js";
import { errorText } from "../errors.js";
import { type OrderedPaymentStore, openPaymentStore } from "../inference/openPaymentStore.js";
import type { Turns } from "../turns.js";
import { type AllowanceLimits, createAllowance } from "./allowance.js";
import { channelMethod } from "./channel/channelMethod.js";
import type { ChannelRow } from "./channel/channelRows.js";
import { type ChannelTerms, channelOffer, WITHDRAW_DELAY } from "./channel/channelTerms.js";
import { type Claimed, claimChannels } from "./channel/claimChannels.js";
import { fillChannel } from "./channel/fillChannel.js";
import { type Refunded, refundChannel } from "./channel/refundChannel.js";
import { watchWithdrawals } from "./channel/watchWithdrawals.js";
import { createPayments, type Payments } from "./createPayments.js";
import { exactMethod } from "./exactMethod.js";
import { keyMethod } from "./key/keyMethod.js";
import { openTopUpStore } from "./key/openTopUpStore.js";
import { type KeyState, readKey, type ToppedUp, topUpKey } from "./key/topUpKey.js";
import type { Carrier, PaymentMethod, Reconciliation, Sale, Taken } from "./method.js";
import { askFor } from "./offer.js";
import { problem } from "./problems.js";
import type { PaymentAnswer } from "./types.js";

export type PaymentMethodsOptions = {
	readonly db: Database;
	readonly ledger: Ledger;
	/** Pays the gas of transfers and deposits. */
	readonly facilitatorAccount: LocalAccount;
	/** Claims, refunds and collects; its till receives what does not go to a model's. */
	readonly nodeAccount: LocalAccount;
	readonly turns: Turns;
	readonly log: (line: string) => void;
	readonly maxTimeoutSeconds?: number;
	readonly allowance?: AllowanceLimits;
	/** Seconds; see `ChannelTerms`. */
	readonly withdrawDelay?: number;
	/** Charged and not claimed in all channels together: above it, it is claimed. */
	readonly claimAboveWei?: bigint;
	/** How old what is known of a channel on chain may be. */
	readonly freshMs?: number;
};

export type PaymentMethods = {
	readonly terms: ChannelTerms;
	/** The 402 that offers all ways to pay. */
	quote(sale: Sale): PaymentAnswer;
	/** Takes what a request brings; undefined if it brings nothing. */
	take(sale: Sale, carrier: Carrier): Promise<Taken> | undefined;
	method(name: MethodName): PaymentMethod;
	reconcile(): Promise<Reconciliation>;
	/** Claims what channels were charged, and sweeps it into the till. */
	claim(): Promise<Claimed>;
	/** Answers `GET /v1/openledger/channels`: a 402 with the offer, or the refund that a voucher asks for. */
	refund(resource: string, paymentHeader: string | null): Promise<Refunded | PaymentAnswer>;
	/** Puts a deposit into a channel; gives the channel as it is then. */
	fill(resource: string, paymentHeader: string): Promise<ChannelRow | PaymentAnswer>;
	topUp(asked: Parameters<typeof topUpKey>[1]): Promise<ToppedUp | PaymentAnswer>;
	key(id: Hex): Promise<KeyState | undefined>;
	/** Looks after channels every so often; stop it before the database closes. */
	watch(everyMs?: number): { stop(): Promise<void> };
};

/** 5 OPEN. */
const CLAIM_ABOVE_WEI = 5n * 10n ** 18n;

export async function openPaymentMethods(options: PaymentMethodsOptions): Promise<PaymentMethods> {
	const { db, facilitatorAccount, ledger, log, maxTimeoutSeconds, nodeAccount, turns } = options;
	const store: OrderedPaymentStore = openPaymentStore(db);
	const transfers = await createPayments({
		ledger,
		facilitatorAccount,
		store,
		...(maxTimeoutSeconds && { maxTimeoutSeconds }),
	});
	const topUpStore = openTopUpStore(db);
	const topUps: Payments = await createPayments({
		...{ ledger, facilitatorAccount, store: topUpStore },
		...(maxTimeoutSeconds && { maxTimeoutSeconds }),
	});
	const receiver = await readNodeTill(ledger, nodeAccount.address);
	const terms: ChannelTerms = {
		network: transfers.network,
		chainId: ledger.client.chainId,
		market: transfers.market,
		receiver,
		receiverAuthorizer: nodeAccount.address,
		withdrawDelay: options.withdrawDelay ?? WITHDRAW_DELAY,
	};
	const code = await ledger.client.publicClient.getCode({ address: CANONICAL_ADDRESSES.batchSettlement });
	const hasChannels = code !== undefined && code !== "0x";
	if (!hasChannels) {
		const address = CANONICAL_ADDRESSES.batchSettlement;
		log(`scheme batch-settlement is not offered on ${terms.network}: there is no contract at ${address}`);
	}
	const allowance = createAllowance(options.allowance);
	const claiming = { db, ledger, terms, nodeAccount, log };
	const nothing: Claimed = { channels: 0, claimedWei: 0n, settledWei: 0n, failed: [] };
	const claim = async (only?: readonly Hex[]) =>
		hasChannels ? await turns("claims", () => claimChannels(claiming, only)) : nothing;
	const onWithdrawal = (id: Hex) => {
		claim([id]).catch((error) => log(`a channel whose payer withdraws could not be claimed: ${errorText(error)}`));
	};
	const exact = exactMethod({
		db,
		payments: transfers,
		store,
		turns,
		others: (sale) => (hasChannels ? [channel.offer(sale)!] : []),
	});
	const channel: PaymentMethod = channelMethod({
		...{ db, ledger, terms, facilitatorAccount, allowance, turns, onWithdrawal },
		...(options.freshMs !== undefined && { freshMs: options.freshMs }),
		others: (sale) => [exact.offer(sale)].filter((offer) => offer !== undefined),
	});
	const key = keyMethod({ db, turns, payTo: receiver as Address });
	const offered = hasChannels ? [channel, exact] : [exact];
	const methods = [key, ...offered];

	return {
		terms,
		quote(sale) {
			const accepts = offered.map((method) => method.offer(sale)).filter((offer) => offer !== undefined);
			const message = `this costs at most ${sale.maxWei} wei of OPEN; pay by x402 v2 on ${terms.network}, scheme ${accepts.map(({ scheme }) => scheme).join(" or ")}, or with an API key`;
			return askFor(accepts, sale, problem("required", message));
		},
		take: (sale, carrier) => methods.find((method) => method.reads(carrier))?.take(sale, carrier),
		method: (name) => methods.find((method) => method.name === name)!,
		async reconcile() {
			const all = [await topUps.reconcile(), ...(await inOrder(methods))];
			return all.reduce((sum, one) => ({
				settled: sum.settled + one.settled,
				released: sum.released + one.released,
				open: sum.open + one.open,
			}));
		},
		claim: () => claim(),
		refund(resource, paymentHeader) {
			if (paymentHeader !== null) return refundChannel({ ...claiming, turns, allowance }, resource, paymentHeader);
			const message = "channels to this node are of these terms; deposit with the first request that is paid";
			return Promise.resolve(askFor([channelOffer(terms, 1n)], { resource }, problem("required", message)));
		},
		fill: (resource, paymentHeader) =>
			fillChannel({ db, ledger, terms, facilitatorAccount, allowance, turns }, resource, paymentHeader),
		topUp: (asked) => topUpKey({ db, payments: topUps, store: topUpStore, payTo: receiver }, asked),
		key: (id) => readKey(db, id),
		watch: (everyMs = 30_000) =>
			watchWithdrawals({ ...claiming, claim, claimAboveWei: options.claimAboveWei ?? CLAIM_ABOVE_WEI }, everyMs),
	};
}

async function inOrder(methods: readonly PaymentMethod[]): Promise<Reconciliation[]> {
	const done: Reconciliation[] = [];
	for (const method of methods) done.push(await method.reconcile());
	return done;
}
