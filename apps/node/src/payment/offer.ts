// What we ask for: the 402 answer with its offers, and the offer of one `exact` ERC-3009 payment in OPEN.
// It must not know the chain.
import type { Address } from "@openledger/protocol";
import { encodePaymentRequiredHeader } from "@x402/core/http";
import type { Network, PaymentRequired, PaymentRequirements } from "@x402/core/types";
import { identifierExtension } from "./identifier.js";
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
		// A transfer cannot be taken back in part: it pays the most that the answer may cost.
		extra: { name: token.name, version: token.version, charges: "maximum" },
	};
}

/** The 402 answer, with or without something that was wrong about a payment. */
export function askForPayment(market: Market, request: QuoteRequest, problem: PaymentProblem): PaymentAnswer {
	return askFor([...(request.others ?? []), requirementsFor(market, request)], request, problem);
}

/** A 402 answer with these offers; `error` is the scheme's own word where its clients act on it. */
export function askFor(
	accepts: readonly PaymentRequirements[],
	{ resource, description }: Pick<QuoteRequest, "resource" | "description">,
	problem: PaymentProblem,
	error: string = problem.code,
): PaymentAnswer {
	const offer: PaymentRequired = {
		x402Version: 2,
		error,
		resource: { url: resource, description, mimeType: "application/json" },
		accepts: [...accepts],
		extensions: identifierExtension,
	};
	return {
		status: 402,
		headers: { "PAYMENT-REQUIRED": encodePaymentRequiredHeader(offer), "Cache-Control": "no-store" },
		body: { error: problem },
	};
}
