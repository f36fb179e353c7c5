// Paying from a channel: one deposit, then a signed total with each request and no transaction at all. A channel pays for one
// request at a time; the most it may cost is held, what it does cost is charged. It must not know how answers are made.

import type { Ledger } from "@openledger/chain";
import type { Hex } from "@openledger/protocol";
import { encodePaymentResponseHeader } from "@x402/core/http";
import type { PaymentRequirements } from "@x402/core/types";
import { and, eq } from "drizzle-orm";
import { encodeAbiParameters, isAddressEqual, keccak256, type LocalAccount, parseAbiParameters } from "viem";
import type { Database } from "../../database/openDatabase.js";
import { deposits, requests } from "../../database/schema.js";
import type { Turns } from "../../turns.js";
import type { Allowance } from "../allowance.js";
import { otherRequest, schemeOf } from "../exactMethod.js";
import { readIdentifier } from "../identifier.js";
import type { PaymentMethod, RequestRow, Sale, Taken } from "../method.js";
import { askFor } from "../offer.js";
import { answer, pending, problem } from "../problems.js";
import { deleteHeld, findIdentified, insertHeld, readPayment } from "../requestRows.js";
import type { PaymentAnswer, PaymentProblem } from "../types.js";
import { type ChannelRow, chargeChannel, findChannel, freeChannel, holdChannel, syncChannel } from "./channelRows.js";
import { type ChannelTerms, channelOffer, leastDeposit } from "./channelTerms.js";
import { type ChannelPayment, checkTerms, isSignedVoucher, readChannelPayment } from "./readChannelPayment.js";
import { sendDeposit } from "./sendDeposit.js";

export type ChannelOptions = {
	readonly db: Database;
	readonly ledger: Ledger;
	readonly terms: ChannelTerms;
	/** Pays the gas of deposits. */
	readonly facilitatorAccount: LocalAccount;
	readonly allowance: Allowance;
	readonly turns: Turns;
	/** The other methods' offers for a sale. */
	readonly others: (sale: Sale) => readonly PaymentRequirements[];
	/** Told when a payer takes the money back: what was charged must be claimed now. */
	readonly onWithdrawal: (id: Hex) => void;
	/** How old what is known of a channel on chain may be. */
	readonly freshMs?: number;
	/** How long a request waits for the one before it on the same channel. */
	readonly patienceMs?: number;
};

/** What x402's clients act on. */
const MISMATCH = "invalid_batch_settlement_evm_cumulative_amount_mismatch";
const EXCEEDS = "invalid_batch_settlement_evm_cumulative_exceeds_balance";
const UNKNOWN = "invalid_batch_settlement_evm_channel_not_found";
const PAYMENT = parseAbiParameters("bytes32 channelId, uint256 maxClaimableWei, bytes32 requestHash");
/** Requests that may wait for one channel. */
const MOST_WAITING = 16;

type Wait = { readonly ended: Promise<void>; readonly end: () => void; waiting: number };

export function channelMethod(options: ChannelOptions): PaymentMethod {
	const { db, patienceMs = 30_000, terms, turns } = options;
	/** Channels whose payment is being answered. */
	const busy = new Map<Hex, Wait>();
	const channelOf = new Map<string, Hex>();

	function begin(id: Hex, payment: string): void {
		let end = () => {};
		const ended = new Promise<void>((resolve) => {
			end = resolve;
		});
		busy.set(id, { ended, end, waiting: 0 });
		channelOf.set(payment, id);
	}

	function finish(payment: string): void {
		const id = channelOf.get(payment);
		if (id === undefined) return;
		channelOf.delete(payment);
		busy.get(id)?.end();
		busy.delete(id);
	}

	async function take(sale: Sale, header: string): Promise<Taken> {
		const payment = readChannelPayment(header, terms);
		if (typeof payment === "string") return rejected(answer(400, problem("malformed", payment)));
		if (payment.kind === "refund") {
			const message = "a refund is asked for at GET /v1/openledger/channels, not where answers are sold";
			return rejected(answer(400, problem("refund-elsewhere", message)));
		}
		const named = readIdentifier(payment.payload);
		if (typeof named === "string") return rejected(answer(400, problem("malformed", named)));
		const wrong = checkTerms(payment, terms) ?? checkAmount(payment, sale);
		if (wrong !== undefined) return refuse(options, sale, wrong);
		if (!(await isSignedVoucher(payment, terms))) {
			const message =
				"the voucher is not signed by the channel's authoriser over this total; sign 65 bytes r ‖ s ‖ v, s in the lower half";
			return refuse(options, sale, problem("forged", message));
		}
		// Two payments of one name at once, by whichever channels: the second waits, and finds the first.
		const name =
			named.id === undefined
				? `voucher ${payment.channelId} ${payment.maxClaimableWei}`
				: `payment ${payment.payer} ${named.id}`;
		return await turns(name, () => takeInTurn(sale, payment, named.id));
	}

	async function takeInTurn(sale: Sale, payment: ChannelPayment, identifier: string | undefined): Promise<Taken> {
		const deadline = Date.now() + patienceMs;
		for (;;) {
			const taken = await turns(`channel ${payment.channelId}`, () =>
				takeFree(options, sale, payment, identifier, (id) => begin(payment.channelId, id)),
			);
			if (taken !== "busy") return taken;
			const wait = busy.get(payment.channelId);
			if (wait === undefined) continue;
			const left = deadline - Date.now();
			if (left <= 0 || wait.waiting >= MOST_WAITING) return rejected(tooBusy());
			wait.waiting++;
			await Promise.race([wait.ended, sleep(left)]);
		}
	}

	return {
		name: "batch-settlement",
		offer: (sale) => channelOffer(terms, sale.maxWei),
		reads: ({ paymentHeader }) => paymentHeader !== null && schemeOf(paymentHeader) === "batch-settlement",
		take: (sale, { paymentHeader }) => take(sale, paymentHeader ?? ""),
		async charge(tx, payment, answers) {
			const id = answers[0]!.request.account!;
			const sum = answers.reduce((total, { amountWei }) => total + amountWei, 0n);
			let cumulative = await chargeChannel(tx, id, payment, sum);
			if (cumulative === undefined) throw new Error(`payment ${payment} does not hold channel ${id}`);
			const totals: bigint[] = [];
			for (const { amountWei } of [...answers].reverse()) {
				totals.unshift(cumulative);
				cumulative -= amountWei;
			}
			return totals;
		},
		charged: finish,
		headers: (answered) => responseHeaders(options, answered),
		async release(payment) {
			await db.transaction(async (tx) => {
				await deleteHeld(tx, payment);
				await freeChannel(tx, payment);
			});
			finish(payment);
		},
		async reconcile() {
			// Nothing of them was delivered: their payers are charged when they ask again.
			const held = and(eq(requests.method, "batch-settlement"), eq(requests.status, "settled"));
			const open = new Set((await db.select().from(requests).where(held)).map(({ payment }) => payment));
			for (const payment of open) await this.release(payment);
			return { settled: 0, released: open.size, open: 0 };
		},
	};
}

async function takeFree(
	options: ChannelOptions,
	sale: Sale,
	voucher: ChannelPayment,
	identifier: string | undefined,
	begin: (payment: string) => void,
): Promise<Taken | "busy"> {
	const { db, facilitatorAccount, freshMs = 30_000, ledger, terms } = options;
	const { channelId, config, maxClaimableWei, payer } = voucher;
	const payment = keccak256(encodeAbiParameters(PAYMENT, [channelId, maxClaimableWei, sale.requestHash]));
	const tenant = payer.toLowerCase();
	let row = await findChannel(db, channelId);
	if ((await readPayment(db, payment)).length > 0)
		return { kind: "taken", method: "batch-settlement", payment, tenant, headers: {} };
	if (identifier !== undefined) {
		const before = await findIdentified(db, payer, identifier);
		// The name is the payer's: who only signs for a channel of theirs may use it for that channel.
		const isTheirs = before?.account === channelId || isAddressEqual(config.payerAuthorizer, payer);
		if (before !== undefined && isTheirs) {
			if (before.requestHash !== sale.requestHash) return rejected(answer(409, otherRequest()));
			if (before.status === "claimed") return rejected(pending(before.txHash ?? undefined));
			return { kind: "taken", method: before.method, payment: before.payment, tenant, headers: {} };
		}
	}
	if (row?.heldBy) return "busy";
	row ??= await syncChannel(options, channelId, config);
	// Before a deposit is sent: a voucher that will be refused must not cost its payer a transfer.
	const wrong = checkTotal(row, sale, maxClaimableWei);
	if (wrong !== undefined) return corrective(options, sale, row, wrong);
	let txHash: Hex | undefined;
	if (voucher.kind === "deposit") {
		const least = leastDeposit(sale);
		const known = await knownDeposit(db, voucher);
		if (!known && voucher.deposit!.amountWei < least) {
			const message = `a deposit of ${voucher.deposit!.amountWei} wei is too small; deposit at least ${least}, three answers' worth`;
			return refuse(options, sale, problem("deposit-too-small", message));
		}
		const depositing = { db, ledger, account: facilitatorAccount, allowance: options.allowance };
		const deposited = await sendDeposit(depositing, voucher, channelOffer(terms, sale.maxWei));
		if (deposited.kind === "limited") return rejected(tooManyTransactions(deposited.retryAfter));
		if (deposited.kind === "unclear") return rejected(pending(deposited.txHash));
		if (deposited.kind === "refused") return refuse(options, sale, deposited.problem);
		txHash = deposited.txHash;
		row = await syncChannel(options, channelId, config);
	} else if (row !== undefined && Date.now() - row.syncedAt > freshMs) {
		row = await syncChannel(options, channelId, config);
	}
	if (row === undefined || row.balanceWei === 0n) {
		const message = "this channel holds nothing; send a deposit with the voucher";
		return refuse(options, sale, problem("unknown-channel", message), UNKNOWN);
	}
	if (row.withdrawRequestedAt !== 0) {
		options.onWithdrawal(channelId);
		const message = "the payer is taking this channel's money back; open another channel, or pay by scheme exact";
		return refuse(options, sale, problem("channel-withdrawing", message));
	}
	const { chargedWei } = row;
	if (chargedWei + sale.maxWei !== maxClaimableWei) return corrective(options, sale, row, mismatch(row, sale));
	if (row.published.includes(String(maxClaimableWei))) {
		const message =
			"a voucher of exactly this total stands on chain, where anybody can read it; ask with another max_tokens, or by another channel";
		return rejected(answer(409, problem("public-voucher", message)));
	}
	if (maxClaimableWei > row.balanceWei) {
		const message = `the channel holds ${row.balanceWei} wei and would have paid up to ${maxClaimableWei}; send a deposit with the voucher`;
		return refuse(options, sale, problem("channel-too-low", message), EXCEEDS);
	}
	const { signature } = voucher;
	const held = await db.transaction(async (tx) => {
		const hold = { id: channelId, payment, maxWei: sale.maxWei, signedWei: maxClaimableWei, signature, chargedWei };
		if (!(await holdChannel(tx, hold))) return false;
		const held = { method: "batch-settlement" as const, payment, payer, account: channelId, payTo: terms.receiver };
		await insertHeld(tx, sale, { ...held, identifier, txHash });
		return true;
	});
	if (!held) return "busy";
	begin(payment);
	return { kind: "taken", method: "batch-settlement", payment, tenant, headers: {} };
}

function checkAmount({ payload }: ChannelPayment, sale: Sale): PaymentProblem | undefined {
	if (payload.accepted.amount === String(sale.maxWei)) return undefined;
	return problem("wrong-amount", `the payment is of ${payload.accepted.amount} wei; allow exactly ${sale.maxWei} wei`);
}

function checkTotal(row: ChannelRow | undefined, sale: Sale, signedWei: bigint): PaymentProblem | undefined {
	if ((row?.chargedWei ?? 0n) + sale.maxWei === signedWei) return undefined;
	return mismatch(row, sale);
}

function mismatch(row: ChannelRow | undefined, sale: Sale): PaymentProblem {
	const charged = row?.chargedWei ?? 0n;
	const message = `the channel was charged ${charged} wei so far; sign a total of ${charged + sale.maxWei} wei`;
	return problem("wrong-total", message);
}

function refuse({ others, terms }: ChannelOptions, sale: Sale, wrong: PaymentProblem, error?: string): Taken {
	return rejected(askFor([channelOffer(terms, sale.maxWei), ...others(sale)], sale, wrong, error));
}

/** Tells the voucher's signer how the channel stands, with the last voucher as proof. */
function corrective(
	{ others, terms }: ChannelOptions,
	sale: Sale,
	row: ChannelRow | undefined,
	wrong: PaymentProblem,
): Taken {
	const offer = channelOffer(terms, sale.maxWei);
	const extra = row === undefined ? {} : { channelState: stateOf(row, row.chargedWei), ...proofOf(row) };
	const corrected = { ...offer, extra: { ...offer.extra, ...extra } };
	return rejected(askFor([corrected, ...others(sale)], sale, wrong, MISMATCH));
}

const proofOf = ({ signature, signedWei }: ChannelRow) =>
	signature === null ? {} : { voucherState: { signedMaxClaimable: String(signedWei), signature } };

function stateOf(row: ChannelRow, chargedWei: bigint) {
	return {
		channelId: row.id,
		balance: String(row.balanceWei),
		totalClaimed: String(row.claimedWei),
		withdrawRequestedAt: row.withdrawRequestedAt,
		refundNonce: String(row.refundNonce),
		chargedCumulativeAmount: String(chargedWei),
	};
}

async function responseHeaders(
	{ db, terms }: ChannelOptions,
	answered: readonly RequestRow[],
): Promise<Record<string, string>> {
	const last = answered.at(-1);
	const row = last?.account ? await findChannel(db, last.account) : undefined;
	if (last === undefined || row === undefined) return {};
	const charged = answered.reduce((sum, { chargedWei }) => sum + (chargedWei ?? 0n), 0n);
	return {
		"PAYMENT-RESPONSE": encodePaymentResponseHeader({
			success: true,
			// Of the deposit that came with the payment; a voucher alone has none.
			transaction: last.txHash ?? "",
			network: terms.network,
			payer: row.payer,
			amount: "",
			extra: { channelState: stateOf(row, last.cumulativeWei ?? row.chargedWei), chargedAmount: String(charged) },
		}),
	};
}

async function knownDeposit(db: Database, { deposit, payer }: ChannelPayment): Promise<boolean> {
	const here = and(eq(deposits.payer, payer.toLowerCase() as Hex), eq(deposits.nonce, deposit!.nonce));
	return (await db.select().from(deposits).where(here)).length > 0;
}

function tooBusy(): PaymentAnswer {
	const message =
		"this channel is paying for another answer; wait for it, or open further channels with other salts to ask side by side";
	return answer(409, problem("channel-busy", message), { "Retry-After": "1" });
}

export function tooManyTransactions(retryAfter: number): PaymentAnswer {
	const message =
		"this node has sent as many transactions for payers as it pays for; ask again later, or pay by scheme exact";
	return answer(429, problem("too-many-transactions", message), { "Retry-After": String(retryAfter) });
}

function rejected(said: PaymentAnswer): Taken {
	return { kind: "rejected", ...said };
}

function sleep(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
