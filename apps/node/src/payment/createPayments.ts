// Paid requests: an offer, then a payment that is settled before anything is answered, once, whatever crashes.
// It must not know HTTP frameworks, databases or what is sold.
import { type Ledger, openTokenAbi } from "@openledger/chain";
import { CallerError, type Hex } from "@openledger/protocol";
import { encodePaymentResponseHeader } from "@x402/core/http";
import type { Network, PaymentRequirements } from "@x402/core/types";
import { isAddressEqual, type LocalAccount } from "viem";
import { findSettlement, isDead } from "./findSettlement.js";
import type { Reconciliation } from "./method.js";
import { askForPayment, type Market, requirementsFor } from "./offer.js";
import { answer, pending, problem } from "./problems.js";
import { readPaymentHeader, type SignedPayment } from "./readPaymentHeader.js";
import { type Facilitator, settlePayment } from "./settlePayment.js";
import type {
	Acceptance,
	AcceptRequest,
	PaidRequest,
	PaymentAnswer,
	PaymentProblem,
	PaymentRecord,
	PaymentStore,
	QuoteRequest,
} from "./types.js";

export type PaymentsOptions = {
	readonly ledger: Ledger;
	/** Pays the gas of settlements; needs native coin, never OPEN. */
	readonly facilitatorAccount: LocalAccount;
	readonly store: PaymentStore;
	/** Seconds a payer has from signing to settlement. */
	readonly maxTimeoutSeconds?: number;
};

export type Payments = {
	/** CAIP-2 name of the chain. */
	readonly network: Network;
	/** The token's own name and version, and how long a payer has. */
	readonly market: Market;
	/** What a 402 offers of it. */
	offer(request: QuoteRequest): PaymentRequirements;
	/** The 402 answer that asks for a payment. */
	quote(request: QuoteRequest): PaymentAnswer;
	/** Takes a payment. Throws `chain/unreachable` (nothing sent); everything else is an `Acceptance`. */
	accept(request: AcceptRequest): Promise<Acceptance>;
	/** Call after a restart, after `recoverChain` and before serving: looks up what a crash left open. */
	reconcile(): Promise<Reconciliation>;
};

/** Makes the payment functions; throws `payment/wrong-token` if the token does not sign under the name we would offer. */
export async function createPayments(options: PaymentsOptions): Promise<Payments> {
	const { ledger, facilitatorAccount, store, maxTimeoutSeconds = 300 } = options;
	const network: Network = `eip155:${ledger.client.chainId}`;
	const market: Market = { network, token: await readTokenDomain(ledger), maxTimeoutSeconds };
	const facilitator: Facilitator = { ledger, account: facilitatorAccount, store };
	const turns = new Map<string, Promise<unknown>>();

	return {
		network,
		market,
		offer: (request) => requirementsFor(market, request),
		quote: (request) =>
			askForPayment(
				market,
				request,
				problem("required", `this costs ${request.amountWei} wei of OPEN; pay by x402 v2, scheme exact, on ${network}`),
			),
		accept: async (request) => {
			const payment = readPaymentHeader(request.paymentHeader);
			if (typeof payment === "string") return { kind: "rejected", ...answer(400, problem("malformed", payment)) };
			// Two of the same payment at once: the second waits and finds it settled.
			return await inTurn(turns, `${payment.payer}:${payment.nonce}`, () =>
				acceptPayment(market, facilitator, request, payment),
			);
		},
		reconcile: () => reconcile(facilitator),
	};
}

async function acceptPayment(
	market: Market,
	facilitator: Facilitator,
	request: AcceptRequest,
	payment: SignedPayment,
): Promise<Acceptance> {
	const known = await facilitator.store.get(payment);
	if (known !== undefined) {
		const reused = checkSame(known, payment.authorizationHash, request.requestHash);
		if (reused !== undefined) return { kind: "rejected", ...answer(409, reused) };
		const txHash = known.state === "settled" ? known.txHash : await findSettlement(facilitator.ledger, known);
		if (txHash !== undefined) return await replay(market, facilitator, known, txHash);
	}
	const asked = known ?? request;
	const requirements = requirementsFor(market, asked);
	const mismatch = checkOffer(payment, requirements);
	if (mismatch !== undefined) return { kind: "rejected", ...askForPayment(market, request, mismatch) };

	const record: PaymentRecord = {
		payer: payment.payer,
		nonce: payment.nonce,
		state: "claimed",
		authorizationHash: payment.authorizationHash,
		requestHash: request.requestHash,
		resource: request.resource,
		payTo: asked.payTo,
		amountWei: asked.amountWei,
		validBefore: payment.validBefore,
	};
	const outcome = await settlePayment(facilitator, payment, requirements, record);
	switch (outcome.kind) {
		case "settled":
			return { kind: "settled", ...paid(market, record, outcome.txHash) };
		case "unclear":
			return { kind: "rejected", ...pending(outcome.txHash) };
		case "taken":
			return { kind: "rejected", ...answer(409, reusedNonce()) };
		case "refused":
			if (known !== undefined) {
				// An earlier attempt may have arrived meanwhile, or still be under way: no new payment is asked for before it is dead.
				const txHash = await findSettlement(facilitator.ledger, known);
				if (txHash === undefined && !(await isDead(facilitator.ledger, known))) {
					return { kind: "rejected", ...pending(known.txHash) };
				}
				if (txHash === undefined) await facilitator.store.release(known);
				else return await replay(market, facilitator, known, txHash);
			}
			if (outcome.problem.code === "payment/already-used") return { kind: "rejected", ...answer(409, outcome.problem) };
			return { kind: "rejected", ...askForPayment(market, request, outcome.problem) };
	}
}

async function replay(market: Market, { store }: Facilitator, known: PaymentRecord, txHash: Hex): Promise<Acceptance> {
	if (known.state !== "settled") await store.markSettled(known, txHash);
	return { kind: "replayed", ...paid(market, known, txHash) };
}

async function reconcile({ ledger, store }: Facilitator): Promise<Reconciliation> {
	let [settled, released, open] = [0, 0, 0];
	for (const record of await store.unsettled()) {
		const txHash = await findSettlement(ledger, record);
		if (txHash !== undefined) {
			await store.markSettled(record, txHash);
			settled++;
		} else if (await isDead(ledger, record)) {
			await store.release(record);
			released++;
		} else open++;
	}
	return { settled, released, open };
}

/** What the payer chose against what was offered; the signature is checked later, over the same values. */
function checkOffer(
	{ payload, to, amountWei }: SignedPayment,
	offered: PaymentRequirements,
): PaymentProblem | undefined {
	const { accepted } = payload;
	if (accepted.network !== offered.network) {
		return problem("wrong-chain", `the payment is for ${accepted.network}; pay on ${offered.network}`);
	}
	if (accepted.scheme !== offered.scheme) {
		return problem("wrong-scheme", `the payment is by scheme ${accepted.scheme}; pay by scheme ${offered.scheme}`);
	}
	if (accepted.asset.toLowerCase() !== offered.asset.toLowerCase()) {
		return problem("wrong-token", `the payment is in ${accepted.asset}; pay in OPEN, ${offered.asset}`);
	}
	if (!isAddressEqual(to, offered.payTo as Hex)) {
		return problem("wrong-recipient", `the payment goes to ${to}; pay to ${offered.payTo}`);
	}
	if (String(amountWei) !== offered.amount) {
		return problem("wrong-amount", `the payment is of ${amountWei} wei; pay exactly ${offered.amount} wei`);
	}
	return undefined;
}

function checkSame(known: PaymentRecord, authorizationHash: Hex, requestHash: Hex): PaymentProblem | undefined {
	if (known.authorizationHash !== authorizationHash) return reusedNonce();
	if (known.requestHash === requestHash) return undefined;
	return problem("other-request", "this payment was made for another request; sign a new one for this request");
}

function reusedNonce(): PaymentProblem {
	return problem("reused-nonce", "this nonce was used for another payment; sign with a fresh random nonce");
}

function paid({ network }: Market, { payer, nonce, amountWei }: PaymentRecord, txHash: Hex): PaidRequest {
	const settlement = { success: true, transaction: txHash, network, payer, amount: String(amountWei) };
	return { payer, nonce, txHash, amountWei, responseHeader: encodePaymentResponseHeader(settlement) };
}

async function readTokenDomain({ client, addresses }: Ledger): Promise<Market["token"]> {
	const address = addresses.openToken;
	const call = { address, abi: openTokenAbi, functionName: "eip712Domain" } as const;
	try {
		const [, name, version, chainId, verifyingContract] = await client.publicClient.readContract(call);
		if (chainId === BigInt(client.chainId) && isAddressEqual(verifyingContract, address))
			return { address, name, version };
	} catch (cause) {
		throw wrongToken(address, client.chainId, cause);
	}
	throw wrongToken(address, client.chainId);
}

function wrongToken(address: Hex, chainId: number, cause?: unknown): CallerError {
	return new CallerError(
		`${address} does not sign as a token of chain ${chainId}; name an ERC-3009 token whose eip712Domain() gives this chain and itself`,
		{ code: "payment/wrong-token", cause },
	);
}

async function inTurn<T>(turns: Map<string, Promise<unknown>>, key: string, act: () => Promise<T>): Promise<T> {
	const turn = (turns.get(key) ?? Promise.resolve()).then(act, act);
	turns.set(key, turn);
	try {
		return await turn;
	} finally {
		if (turns.get(key) === turn) turns.delete(key);
	}
}
