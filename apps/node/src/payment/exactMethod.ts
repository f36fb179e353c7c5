// Paying by a transfer of its own: one answer, the most it may cost, settled on chain before anything is answered.
// It must not know how the transfer is sent.

import { CallerError, type Hex } from "@openledger/protocol";
import { decodePaymentSignatureHeader } from "@x402/core/http";
import type { PaymentPayload, PaymentRequirements } from "@x402/core/types";
import { authorizationTypes } from "@x402/evm";
import { isAddressEqual, recoverTypedDataAddress } from "viem";
import type { Database } from "../database/openDatabase.js";
import type { OrderedPaymentStore } from "../inference/openPaymentStore.js";
import type { Turns } from "../turns.js";
import type { Payments } from "./createPayments.js";
import { readIdentifier } from "./identifier.js";
import type { PaymentMethod, Sale, Taken } from "./method.js";
import { answer, pending, problem } from "./problems.js";
import { readPaymentHeader, type SignedPayment } from "./readPaymentHeader.js";
import { findIdentified } from "./requestRows.js";
import type { PaymentAnswer, QuoteRequest } from "./types.js";

export type ExactOptions = {
	readonly db: Database;
	readonly payments: Payments;
	readonly store: OrderedPaymentStore;
	readonly turns: Turns;
	/** The other methods' offers for a sale. */
	readonly others: (sale: Sale) => readonly PaymentRequirements[];
};

export function exactMethod(options: ExactOptions): PaymentMethod {
	const { payments } = options;
	return {
		name: "exact",
		offer: (sale) => (sale.lines.length === 1 ? payments.offer(asked(options, sale)) : undefined),
		reads: ({ paymentHeader }) => paymentHeader !== null && schemeOf(paymentHeader) !== "batch-settlement",
		take: (sale, { paymentHeader }) => take(options, sale, paymentHeader ?? ""),
		charge: async (_tx, _payment, answers) => answers.map(() => undefined),
		charged: () => {},
		headers: async () => ({}),
		release: async () => {},
		reconcile: () => payments.reconcile(),
	};
}

/** The scheme that a PAYMENT-SIGNATURE header names; undefined if it cannot be read. */
export function schemeOf(header: string): string | undefined {
	return payloadOf(header)?.accepted?.scheme;
}

/** What stands in `requests.payment` of a transfer. */
export function exactPayment(payer: string, nonce: string): string {
	return `${payer}:${nonce}`.toLowerCase();
}

function payloadOf(header: string): PaymentPayload | undefined {
	try {
		return header.length > 8192 ? undefined : decodePaymentSignatureHeader(header);
	} catch {
		return undefined;
	}
}

function asked({ others }: ExactOptions, sale: Sale): QuoteRequest {
	const { till, maxWei } = sale.lines[0]!;
	const { resource, description } = sale;
	return { resource, description, amountWei: maxWei, payTo: till, others: others(sale) };
}

async function take(options: ExactOptions, sale: Sale, paymentHeader: string): Promise<Taken> {
	const [line, another] = sale.lines;
	if (line === undefined || another !== undefined) {
		const message =
			"one transfer (scheme exact) pays for one answer; leave n out, or pay by scheme batch-settlement or with an API key";
		return rejected(answer(400, problem("one-answer", message)));
	}
	const payload = payloadOf(paymentHeader);
	const named = payload === undefined ? {} : readIdentifier(payload);
	if (typeof named === "string") return rejected(answer(400, problem("malformed", named)));
	const accept = () => acceptTransfer(options, sale, paymentHeader, named.id);
	if (named.id === undefined) return await accept();
	const signed = readPaymentHeader(paymentHeader);
	if (typeof signed === "string") return await accept();
	// Two payments of one name at once: the second waits, and finds the first.
	return await options.turns(`payment ${signed.payer} ${named.id}`, async () => {
		const before = await findIdentified(options.db, signed.payer, named.id!);
		if (before === undefined || before.nonce === signed.nonce) return await accept();
		if (!(await isGenuine(options.payments, signed))) return await accept();
		if (before.requestHash !== sale.requestHash) return rejected(answer(409, otherRequest()));
		// The first one may still arrive; only it says what becomes of it.
		if (before.status === "claimed") return rejected(pending(before.txHash ?? undefined));
		return { kind: "taken", method: before.method, payment: before.payment, tenant: before.payer, headers: {} };
	});
}

async function acceptTransfer(
	options: ExactOptions,
	sale: Sale,
	paymentHeader: string,
	identifier: string | undefined,
): Promise<Taken> {
	const { payments, store } = options;
	const { requestHash } = sale;
	const { order, modelId, tokensIn } = sale.lines[0]!;
	const acceptance = await store.expecting(requestHash, { order, modelId, tokensIn, identifier }, () =>
		payments.accept({ ...asked(options, sale), paymentHeader, requestHash }),
	);
	if (acceptance.kind === "rejected") return acceptance;
	const { payer, nonce, responseHeader } = acceptance;
	return {
		kind: "taken",
		method: "exact",
		payment: exactPayment(payer, nonce),
		tenant: payer,
		headers: { "PAYMENT-RESPONSE": responseHeader },
	};
}

export function otherRequest() {
	return problem("other-request", "this payment-identifier was used for another request; choose a fresh one");
}

/** Whether the payer signed it: only then may an answer that was paid before be given for it. */
async function isGenuine({ market }: Payments, { payload, payer }: SignedPayment): Promise<boolean> {
	const { signature, authorization } = payload.payload as {
		signature: Hex;
		authorization: Record<string, string>;
	};
	const { from, to, value, validAfter, validBefore, nonce } = authorization as Record<string, Hex>;
	const chainId = Number(market.network.split(":")[1]);
	if (!Number.isSafeInteger(chainId)) {
		throw new CallerError(`${market.network} is no chain of the eip155 kind`, { code: "payment/wrong-chain" });
	}
	try {
		const signer = await recoverTypedDataAddress({
			domain: {
				name: market.token.name,
				version: market.token.version,
				chainId,
				verifyingContract: market.token.address,
			},
			types: authorizationTypes,
			primaryType: "TransferWithAuthorization",
			message: {
				...{ from: from!, to: to!, nonce: nonce! },
				value: BigInt(value!),
				validAfter: BigInt(validAfter!),
				validBefore: BigInt(validBefore!),
			},
			signature,
		});
		return isAddressEqual(signer, payer);
	} catch {
		return false;
	}
}

function rejected(said: PaymentAnswer): Taken {
	return { kind: "rejected", ...said };
}
