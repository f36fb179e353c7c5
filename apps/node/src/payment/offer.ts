// What we ask for: the x402 v2 offer of one `exact` ERC-3009 payment in OPEN. It must not know the chain.
import type { Address } from "@openledger/protocol";
import { encodePaymentRequiredHeader } from "@x402/core/http";
import type { Network, PaymentRequired, PaymentRequirements } from "@x402/core/types";
import type { PaymentAnswer, PaymentProblem, QuoteRequest } from "./types.js";

/** The token as its own `eip712Domain()` names it. */
export type TokenDomain = { readonly address: Address; readonly name: string; readonly version: string };

export type Market = { readonly network: Network; readonly token: TokenDomain; readonly maxTimeoutSeconds: number };

export function requirementsFor(market: Market, { amountWei, payTo }: QuoteRequest): PaymentRequirements {
	const { network, token, maxTimeoutSeconds } = market;
	return {
		scheme: "exact",
		network,
		asset: token.address,
		amount: String(amountWei),
		payTo,
		maxTimeoutSeconds,
		extra: { name: token.name, version: token.version },
	};
}

/** The 402 answer, with or without something that was wrong about a payment. */
export function askForPayment(market: Market, request: QuoteRequest, problem: PaymentProblem): PaymentAnswer {
	const { resource, description } = request;
	const offer: PaymentRequired = {
		x402Version: 2,
		error: problem.code,
		resource: { url: resource, description, mimeType: "application/json" },
		accepts: [requirementsFor(market, request)],
	};
	return {
		status: 402,
		headers: { "PAYMENT-REQUIRED": encodePaymentRequiredHeader(offer), "Cache-Control": "no-store" },
		body: { error: problem },
	};
}
