// Pays for requests out of channels, several side by side, since a channel pays for one request at a time. What is signed is written
// down before it is sent, so that a request whose answer was lost is never paid twice. It must not know what is bought.

import { type Address, type Hex, keccak256, utf8 } from "@openledger/protocol";
import { decodePaymentResponseHeader } from "@x402/core/http";
import type { ChannelConfig } from "@x402/evm";
import type { PayingAccount } from "../payingAccount.js";
import {
	type ChannelOffer,
	channelConfig,
	channelIdOf,
	readChannelOffer,
	readProof,
	tooDear,
	wei,
} from "./channelOffer.js";
import { type ChannelState, type ChannelStore, memoryChannelStore } from "./channelStore.js";
import { createLanes, type Lane } from "./lanes.js";
import { signPayment } from "./signPayment.js";
import { whenRead } from "./whenRead.js";

export type ChannelOptions = {
	/** Where channels are remembered; by default in memory. */
	readonly store?: ChannelStore;
	/** What is deposited at a time; by default what the server asks for. */
	readonly depositWei?: bigint;
	/** No deposit is larger; by default 1,000 times `maxWeiPerRequest`. */
	readonly maxDepositWei?: bigint;
	/** How many channels at most, and so how many requests side by side: 1 to 64, by default 4. */
	readonly channels?: number;
};

export type PayByChannel = {
	readonly account: PayingAccount;
	readonly network: string;
	readonly token: Address;
	readonly maxWeiPerRequest: bigint;
	readonly fetch: typeof fetch;
	readonly channel: ChannelOptions;
};

const HEADER = "PAYMENT-SIGNATURE";
const PENDING_TRIES = 10;
const PENDING_MS = 5_000;
/** A 402 is answered by correcting the total, then by a deposit; a third one stands. */
const TRIES = 3;
/** Of them, those that may sign a deposit: one that the server corrects before it is sent, and the one that is. */
const MOST_DEPOSITS = 2;

/**
 * Makes a function that sends a request and pays for it by a channel; undefined if the server offers no channel. Throws
 * `sdk/over-limit`, and what `fetch` throws.
 */
export function payByChannel(options: PayByChannel): (request: Request) => Promise<Response | undefined> {
	const { account, channel, fetch: carry, maxWeiPerRequest, network, token } = options;
	const store = channel.store ?? memoryChannelStore();
	const lanes = createLanes(Math.min(64, Math.max(1, channel.channels ?? 4)));

	return async (request) => {
		const digest = await digestOf(request);
		const known = (await store.list()).find(
			({ config, open, network: on }) =>
				open?.some((it) => it.digest === digest) &&
				on === network &&
				config.payer.toLowerCase() === account.address.toLowerCase(),
		);
		if (known !== undefined) {
			const lane = await lanes.take(Number(BigInt(known.config.salt)));
			const state = (await store.get(known.channelId)) ?? known;
			const { header } = known.open!.find((it) => it.digest === digest)!;
			try {
				const response = await sendPaid(options, store, state, request, { digest, header }, lane);
				if (response.status !== 402) return response;
				// It was never taken: what is signed now is another payment.
				await store.set(without(state, digest));
			} catch (error) {
				lane.free();
				throw error;
			}
			lane.free();
		}
		const asked = await carry(request.clone());
		if (asked.status !== 402) return asked;
		const offer = readChannelOffer(asked.headers.get("PAYMENT-REQUIRED"), { network, token });
		if (offer === undefined) return undefined;
		if (offer.amountWei > maxWeiPerRequest) throw tooDear(offer.amountWei, maxWeiPerRequest);
		const lane = await lanes.take();
		try {
			return await payOnLane(options, store, offer, request, digest, lane);
		} catch (error) {
			lane.free();
			throw error;
		}
	};
}

async function payOnLane(
	options: PayByChannel,
	store: ChannelStore,
	offer: ChannelOffer,
	request: Request,
	digest: Hex,
	lane: Lane,
): Promise<Response> {
	const { account, network } = options;
	const config = channelConfig(account.address, offer, lane.number);
	const channelId = channelIdOf(config, network);
	let state = (await store.get(channelId)) ?? (await firstState(options, request, { channelId, config, network }));
	// The first proof is believed: another program of this wallet may have signed it. A higher one after it is made of what is signed
	// here, which a server that refuses it may not say it charged.
	let most: bigint | undefined;
	let deposits = 0;
	for (let tries = 1; ; tries++) {
		const totalWei = BigInt(state.chargedWei) + offer.amountWei;
		const depositWei = depositFor(options, offer, totalWei - BigInt(state.balanceWei));
		if (depositWei !== undefined && ++deposits > MOST_DEPOSITS) throw tooDear(depositWei, 0n);
		const header = await signPayment({ account, config, offer }, { totalWei, depositWei });
		const signedWei = BigInt(state.signedWei) > totalWei ? state.signedWei : String(totalWei);
		const paying: ChannelState = { ...state, signedWei, open: remember(state, digest, header) };
		await store.set(paying);
		const response = await sendPaid(options, store, paying, request, { digest, header }, lane, depositWei);
		if (response.status !== 402) return response;
		if (tries === TRIES) {
			await store.set(without(paying, digest));
			lane.free();
			return response;
		}
		const said = response.headers.get("PAYMENT-REQUIRED");
		const proof = await readProof(said, { channelId, config, network });
		const fresh = proof === undefined ? await remoteState(options, request, paying) : undefined;
		const rest = without(paying, digest);
		const isTooMuch = proof !== undefined && most !== undefined && proof.chargedWei > most;
		most ??= proof?.signedWei;
		if (isTooMuch || (proof === undefined && fresh === undefined)) {
			await store.set(rest);
			lane.free();
			return response;
		}
		state =
			proof === undefined
				? { ...rest, ...fresh }
				: {
						...rest,
						chargedWei: String(proof.chargedWei),
						balanceWei: String(proof.balanceWei),
						signedWei: max(rest.signedWei, proof.signedWei),
					};
		await store.set(state);
	}
}

/** Sends with this header until there is an answer; notes what it cost; frees the lane when the answer has been read. */
async function sendPaid(
	options: PayByChannel,
	store: ChannelStore,
	state: ChannelState,
	request: Request,
	{ digest, header }: { readonly digest: Hex; readonly header: string },
	lane: Lane,
	depositWei?: bigint,
): Promise<Response> {
	const headers = new Headers(request.headers);
	headers.set(HEADER, header);
	// Called by itself: a browser's fetch refuses to be the method of anything but its window.
	const { fetch: carry } = options;
	for (let tries = 1; ; tries++) {
		// What throws here leaves the payment open: the same request is sent with the same header again.
		const response = await carry(new Request(request.clone(), { headers }));
		if ((await isWaiting(response)) && tries < PENDING_TRIES) {
			const seconds = Number(response.headers.get("Retry-After") ?? "1");
			await new Promise((resolve) => setTimeout(resolve, Math.min(seconds * 1000 || 1000, PENDING_MS)));
			continue;
		}
		// The loop above decides what a 402 means; the lane stays its own.
		if (response.status === 402) return response;
		if (!response.ok) {
			if (response.status < 500) await store.set(without(state, digest));
			lane.free();
			return response;
		}
		const settled = response.headers.get("PAYMENT-RESPONSE");
		const after = settled === null ? undefined : chargedBy(without(state, digest), settled, depositWei);
		if (after !== undefined) {
			await store.set(after);
			lane.free();
			return response;
		}
		// A streamed answer costs what it costs in the end: the server is asked when it has been read.
		return whenRead(response, async () => {
			lane.ending();
			try {
				const fresh = await remoteState(options, request, state).catch(() => undefined);
				if (fresh !== undefined) await store.set({ ...without(state, digest), ...fresh });
			} finally {
				lane.free();
			}
		});
	}
}

/** Payments without an answer that a channel remembers. */
const MOST_OPEN = 16;

function remember({ open = [] }: ChannelState, digest: Hex, header: string): NonNullable<ChannelState["open"]> {
	return [...open.filter((it) => it.digest !== digest), { digest, header }].slice(-MOST_OPEN);
}

function without({ open = [], ...state }: ChannelState, digest: Hex): ChannelState {
	const left = open.filter((it) => it.digest !== digest);
	return left.length === 0 ? state : { ...state, open: left };
}

/** The state after a charge that the server states; undefined if it states more than was allowed. */
function chargedBy(state: ChannelState, header: string, depositWei = 0n): ChannelState | undefined {
	try {
		const { extra, success } = decodePaymentResponseHeader(header);
		const amount = wei(extra?.chargedAmount);
		const channelState = extra?.channelState as { chargedCumulativeAmount?: unknown; balance?: unknown } | undefined;
		const total = wei(channelState?.chargedCumulativeAmount);
		if (!success || amount === undefined || total === undefined) return undefined;
		if (total < BigInt(state.chargedWei) || total > BigInt(state.signedWei)) return undefined;
		const balance = wei(channelState?.balance) ?? BigInt(state.balanceWei) + depositWei;
		return { ...state, chargedWei: String(total), balanceWei: String(balance) };
	} catch {
		return undefined;
	}
}

/** What the server says of a channel, within what was signed; undefined if it says nothing or too much. */
async function remoteState(
	{ fetch: carry }: PayByChannel,
	request: Request,
	state: ChannelState,
): Promise<Pick<ChannelState, "chargedWei" | "balanceWei"> | undefined> {
	for (let tries = 1; tries <= 20; tries++) {
		const response = await carry(new URL(`/v1/openledger/channels/${state.channelId}`, request.url));
		if (response.status === 404) return { chargedWei: state.chargedWei, balanceWei: "0" };
		if (!response.ok) return undefined;
		const said = (await response.json()) as Record<string, unknown>;
		const [charged, balance, held] = [wei(said.chargedWei), wei(said.balanceWei), wei(said.heldWei)];
		if (charged === undefined || balance === undefined) return undefined;
		if (held !== 0n) {
			// It is still being charged for what was asked last.
			await new Promise((resolve) => setTimeout(resolve, 250));
			continue;
		}
		if (charged < BigInt(state.chargedWei) || charged > BigInt(state.signedWei)) return undefined;
		return { chargedWei: String(charged), balanceWei: String(balance) };
	}
	return undefined;
}

/** A channel that this payer does not remember: what is in it, the server says; what was charged, it must prove. */
async function firstState(
	{ fetch: carry }: PayByChannel,
	request: Request,
	{ channelId, config, network }: { readonly channelId: Hex; readonly config: ChannelConfig; readonly network: string },
): Promise<ChannelState> {
	const { origin } = new URL(request.url);
	const response = await carry(new URL(`/v1/openledger/channels/${channelId}`, origin));
	const said = response.ok ? ((await response.json()) as Record<string, unknown>) : {};
	const balanceWei = String(wei(said.balanceWei) ?? 0n);
	return { channelId, network, url: origin, config, balanceWei, chargedWei: "0", signedWei: "0" };
}

function depositFor(
	{ channel, maxWeiPerRequest }: PayByChannel,
	offer: ChannelOffer,
	missing: bigint,
): bigint | undefined {
	if (missing <= 0n) return undefined;
	const most = channel.maxDepositWei ?? maxWeiPerRequest * 1000n;
	const wanted = channel.depositWei ?? offer.minDepositWei;
	const deposit = wanted > missing ? wanted : missing;
	if (deposit <= most) return deposit;
	if (missing <= most) return most;
	throw tooDear(missing, most);
}

async function isWaiting(response: Response): Promise<boolean> {
	if (response.status !== 503 && response.status !== 409) return false;
	try {
		const { error } = (await response.clone().json()) as { error?: { code?: unknown } };
		return error?.code === "payment/pending" || error?.code === "payment/channel-busy";
	} catch {
		return false;
	}
}

const max = (a: string, b: bigint): string => (BigInt(a) > b ? a : String(b));

/** What makes two requests the same: method, address and body. */
export async function digestOf(request: Request): Promise<Hex> {
	return keccak256(utf8(`${request.method} ${request.url}\n${await request.clone().text()}`));
}
