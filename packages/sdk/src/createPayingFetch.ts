// A fetch that pays for answers: x402 v2 in OPEN, never more than allowed, and never twice for one request.
// It must not know what is bought.
import { type Address, CallerError, type Hex } from "@openledger/protocol";
import { x402Client } from "@x402/core/client";
import type { Network } from "@x402/core/types";
import { ExactEvmScheme } from "@x402/evm/exact/client";
import { wrapFetchWithPayment } from "@x402/fetch";
import { type ChannelOptions, digestOf, payByChannel } from "./channel/payByChannel.js";
import { whenRead } from "./channel/whenRead.js";
import { readOffers } from "./offeredWei.js";
import { noticeRefusals, type PayingAccount } from "./payingAccount.js";

export type PayingFetchOptions = {
	/** Signs payments; needs OPEN, and no coins for gas. A key of viem, or a wallet by `walletAccount`. */
	readonly account: PayingAccount;
	/** No request pays more, in wei of OPEN. */
	readonly maxWeiPerRequest: bigint;
	readonly chainId: number;
	/** Address of the OPEN token on that chain. */
	readonly token: Address;
	/** What carries the requests; by default the platform's fetch. */
	readonly fetch?: typeof fetch;
	/** Pay by channels where the server offers them: one deposit for many answers, each charged what it costs. */
	readonly channel?: ChannelOptions;
};

const HEADER = "PAYMENT-SIGNATURE";
/** How often, and how long at most, a payment that is under way is asked after with the same signature. */
const PENDING_TRIES = 10;
const PENDING_MS = 5_000;
/** Payments without a final answer that are remembered. */
const MAX_OPEN = 1000;

/**
 * Makes a fetch that answers 402 by paying and asking again; works as the `fetch` option of the official `openai` client.
 * What it will not pay comes back as status 402 with an `error.code` of `sdk/over-limit` or `sdk/foreign-payment`; a payment that the
 * wallet does not sign throws `sdk/not-signed`.
 * If an answer is lost after the payment, the same request again is sent with the same payment, so it is charged once.
 */
export function createPayingFetch(options: PayingFetchOptions): typeof fetch {
	const { maxWeiPerRequest, chainId, token, fetch: carry = globalThis.fetch } = options;
	if (maxWeiPerRequest < 1n) {
		throw new CallerError("maxWeiPerRequest must be at least 1 wei", { code: "sdk/bad-limit" });
	}
	const { account, behind } = noticeRefusals(options.account);
	const network: Network = `eip155:${chainId}`;
	const client = new x402Client().register(network, new ExactEvmScheme(account)).setSpendControls({
		allowedAssets: [{ network, asset: token, maxAmountPerPayment: String(maxWeiPerRequest) }],
	});
	/** Payments that were sent and got no final answer, by what they were sent for. */
	const open = new Map<Hex, string>();

	const send: typeof fetch = async (input, init) => {
		const request = new Request(input, init);
		const payment = request.headers.get(HEADER);
		if (payment !== null) return await sendPaid(carry, open, request, payment);
		const response = await carry(request);
		if (response.status === 402)
			assertPayable(response.headers.get("PAYMENT-REQUIRED"), network, token, maxWeiPerRequest);
		return response;
	};
	const pay = wrapFetchWithPayment(send, client);
	const { channel } = options;
	const byChannel =
		channel === undefined
			? undefined
			: payByChannel({ account, network, token, maxWeiPerRequest, fetch: carry, channel });

	return async (input, init) => {
		const request = new Request(input, init);
		const payment = open.get(await digestOf(request));
		if (payment !== undefined) {
			const again = new Request(request.clone(), { headers: withPayment(request, payment) });
			const response = await sendPaid(carry, open, again, payment);
			// Asked to pay again: the old payment is void.
			if (response.status !== 402) return response;
		}
		try {
			return (await byChannel?.(request)) ?? (await pay(request));
		} catch (thrown) {
			const error = behind(thrown);
			if (error instanceof NotPayable) return error.toResponse();
			if (error instanceof CallerError && error.code === "sdk/over-limit")
				return new NotPayable(error.code, error.message).toResponse();
			throw error;
		}
	};
}

async function sendPaid(
	carry: typeof fetch,
	open: Map<Hex, string>,
	request: Request,
	payment: string,
): Promise<Response> {
	const digest = await digestOf(request);
	const keep = () => remember(open, digest, payment);
	for (let tries = 1; ; tries++) {
		let response: Response;
		try {
			response = await carry(request.clone());
		} catch (error) {
			keep();
			throw error;
		}
		if (response.status < 500) {
			if (open.get(digest) === payment) open.delete(digest);
			// An answer that breaks off midway has not arrived: the same request again gets it, for the same payment.
			return response.ok ? whenRead(response, async (whole) => (whole ? undefined : keep())) : response;
		}
		if (tries === PENDING_TRIES || !(await isPending(response))) {
			keep();
			return response;
		}
		const seconds = Number(response.headers.get("Retry-After") ?? "1");
		await new Promise((resolve) => setTimeout(resolve, Math.min(seconds * 1000 || 1000, PENDING_MS)));
	}
}

function remember(open: Map<Hex, string>, digest: Hex, payment: string): void {
	open.set(digest, payment);
	const [oldest] = open.keys();
	if (open.size > MAX_OPEN && oldest !== undefined) open.delete(oldest);
}

async function isPending(response: Response): Promise<boolean> {
	if (response.status !== 503) return false;
	try {
		const body = (await response.clone().json()) as { error?: { code?: unknown } };
		return body.error?.code === "payment/pending";
	} catch {
		return false;
	}
}

/** Throws what is wrong with an offer, before the x402 client would say so in words only. */
function assertPayable(header: string | null, network: Network, token: Address, limit: bigint): void {
	if (header === null) throw new NotPayable("sdk/foreign-payment", "the server asks for a payment, but not by x402 v2");
	const offers = readOffers(header);
	const ours = offers.filter((offer) => offer.network === network && offer.asset.toLowerCase() === token.toLowerCase());
	if (ours.length > 0 && ours.every(({ scheme }) => scheme !== "exact")) {
		const message =
			"the server takes no single transfer for this; give createPayingFetch a channel, or ask for one answer";
		throw new NotPayable("sdk/needs-channel", message);
	}
	if (ours.length === 0) {
		const theirs = offers.map((offer) => `${offer.asset} on ${offer.network}`).join(", ");
		const message = `the server wants ${theirs || "nothing that is known"}; this client pays in OPEN, ${token} on ${network}`;
		throw new NotPayable("sdk/foreign-payment", message);
	}
	if (ours.some((offer) => BigInt(offer.amount) <= limit)) return;
	const message = `this costs ${ours[0]!.amount} wei of OPEN, and the limit is ${limit}; raise maxWeiPerRequest or ask for less`;
	throw new NotPayable("sdk/over-limit", message);
}

/** Travels through the x402 client and becomes an HTTP answer: clients retry thrown errors, but not a 402. */
class NotPayable extends CallerError {
	constructor(code: string, message: string) {
		super(message, { code });
	}

	toResponse(): Response {
		const { code, message } = this;
		return Response.json({ error: { code, message, type: "payment_error" } }, { status: 402 });
	}
}

function withPayment(request: Request, payment: string): Headers {
	const headers = new Headers(request.headers);
	headers.set(HEADER, payment);
	return headers;
}
