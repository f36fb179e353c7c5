// What a server asks for, read from its 402 before anything is signed. It must not pay.
import { type Address, CallerError } from "@openledger/protocol";
import { decodePaymentRequiredHeader } from "@x402/core/http";
import { isPaymentRequiredV2 as isPaymentRequired } from "@x402/core/schemas";

export type Offered = {
	/** CAIP-2 name of the chain. */
	readonly network: string;
	readonly asset: string;
	readonly scheme: string;
	/** Decimal. */
	readonly amount: string;
};

/** The offers of a PAYMENT-REQUIRED header; none where it is none of x402 v2. */
export function readOffers(header: string): readonly Offered[] {
	try {
		const offer = decodePaymentRequiredHeader(header);
		if (isPaymentRequired(offer)) return offer.accepts.filter(({ amount }) => /^\d{1,78}$/.test(amount));
	} catch {
		// Said by the caller: nothing that is known.
	}
	return [];
}

/**
 * The most, in wei of OPEN, that the request of this 402 can cost. Throws `sdk/foreign-payment` if it offers nothing in this token.
 *
 * @example offeredWei(await fetch(url, request), { chainId, token })
 */
export function offeredWei(
	response: Pick<Response, "headers">,
	{ chainId, token }: { readonly chainId: number; readonly token: Address },
): bigint {
	const ours = readOffers(response.headers.get("PAYMENT-REQUIRED") ?? "").filter(
		({ network, asset }) => network === `eip155:${chainId}` && asset.toLowerCase() === token.toLowerCase(),
	);
	const [least] = ours.map(({ amount }) => BigInt(amount)).sort((a, b) => (a < b ? -1 : Number(a > b)));
	if (least !== undefined) return least;
	throw new CallerError(`the server asks for no payment in ${token} on eip155:${chainId}`, {
		code: "sdk/foreign-payment",
	});
}
