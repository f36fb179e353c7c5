// Opening, listing and closing channels by hand. The node sends every transaction, so the payer needs no coins for gas.
// It must not know what channels pay for.

import { type Address, CallerError, type Hex, TransientError } from "@openledger/protocol";
import type { PayingAccount } from "../payingAccount.js";
import { type ChannelOffer, channelConfig, channelIdOf, readChannelOffer, readProof, wei } from "./channelOffer.js";
import type { ChannelState, ChannelStore } from "./channelStore.js";
import { signPayment, signRefund } from "./signPayment.js";

export type ManageChannels = {
	/** Origin of the node. */
	readonly url: string;
	readonly account: PayingAccount;
	readonly chainId: number;
	readonly token: Address;
	readonly store: ChannelStore;
	readonly fetch?: typeof fetch;
};

export type ShownChannel = {
	readonly channelId: Hex;
	readonly number: number;
	/** Deposited and not returned. */
	readonly depositedWei: bigint;
	readonly spentWei: bigint;
	readonly claimedWei: bigint;
	readonly withdrawing: boolean;
};

const PATH = "/v1/openledger/channels";

/** Puts `depositWei` into the payer's channel of a number, and remembers it; throws `sdk/no-channels`, `sdk/refused`. */
export async function openChannel(
	options: ManageChannels & { readonly depositWei: bigint; readonly number?: number },
): Promise<ShownChannel> {
	const { account, depositWei, fetch: carry = fetch, number = 0, store } = options;
	const offer = await askOffer(options);
	const { network } = offer.requirements;
	const config = channelConfig(account.address, offer, number);
	const channelId = channelIdOf(config, network);
	const before = (await store.get(channelId)) ?? (await stateOf(options, { channelId, config, network }));
	const totalWei = BigInt(before.chargedWei) + offer.amountWei;
	const header = await signPayment({ account, config, offer }, { totalWei, depositWei });
	const signedWei = BigInt(before.signedWei) > totalWei ? before.signedWei : String(totalWei);
	await store.set({ ...before, signedWei });
	const response = await carry(new URL(PATH, options.url), {
		method: "POST",
		headers: { "PAYMENT-SIGNATURE": header },
	});
	const said = await answerOf(response);
	await store.set({ ...before, signedWei, balanceWei: String(wei(said.balanceWei) ?? 0n) });
	return shown(said, number);
}

/** The payer's channels to this node that the store remembers, as the node sees them. */
export async function listChannels(
	options: Pick<ManageChannels, "url" | "account" | "store" | "fetch">,
): Promise<readonly ShownChannel[]> {
	const { account, fetch: carry = fetch, store } = options;
	const found: ShownChannel[] = [];
	for (const { channelId, config } of await store.list()) {
		if (config.payer.toLowerCase() !== account.address.toLowerCase()) continue;
		const response = await carry(new URL(`${PATH}/${channelId}`, options.url));
		if (response.status === 404) continue;
		found.push(shown(await answerOf(response), Number(BigInt(config.salt))));
	}
	return found;
}

/** Takes back what was not charged, at once; the channel may be filled again later. */
export async function closeChannel(
	options: ManageChannels & { readonly channelId: Hex },
): Promise<{ readonly returnedWei: bigint; readonly transaction: string }> {
	const { account, fetch: carry = fetch, store } = options;
	const channelId = options.channelId.toLowerCase() as Hex;
	const state = await store.get(channelId);
	if (state === undefined)
		throw new CallerError(`channel ${channelId} is not remembered here; list the channels`, {
			code: "sdk/no-channels",
		});
	const offer = await askOffer(options);
	let chargedWei = BigInt(state.chargedWei);
	for (let tries = 1; ; tries++) {
		const header = await signRefund({ account, config: state.config, offer }, chargedWei);
		const response = await carry(new URL(PATH, options.url), { headers: { "PAYMENT-SIGNATURE": header } });
		const { config, network } = state;
		const said = response.headers.get("PAYMENT-REQUIRED");
		const proof = response.status === 402 ? await readProof(said, { channelId, config, network }) : undefined;
		if (proof !== undefined && tries === 1) {
			chargedWei = proof.chargedWei;
			continue;
		}
		const done = await answerOf(response);
		const { open: _, ...rest } = state;
		await store.set({ ...rest, chargedWei: String(chargedWei), balanceWei: String(wei(done.balanceWei) ?? 0n) });
		return { returnedWei: wei(done.returnedWei) ?? 0n, transaction: String(done.transaction) };
	}
}

async function askOffer({ chainId, fetch: carry = fetch, token, url }: ManageChannels): Promise<ChannelOffer> {
	const response = await carry(new URL(PATH, url));
	const offer = readChannelOffer(response.headers.get("PAYMENT-REQUIRED"), { network: `eip155:${chainId}`, token });
	if (offer !== undefined) return offer;
	throw new CallerError(`${url} offers no channels in this token on chain ${chainId}; pay by scheme exact`, {
		code: "sdk/no-channels",
	});
}

async function stateOf(
	{ fetch: carry = fetch, url }: ManageChannels,
	channel: Pick<ChannelState, "channelId" | "config" | "network">,
): Promise<ChannelState> {
	const response = await carry(new URL(`${PATH}/${channel.channelId}`, url));
	const said = response.ok ? ((await response.json()) as Record<string, unknown>) : {};
	const { origin } = new URL(url);
	const [balanceWei, chargedWei] = [String(wei(said.balanceWei) ?? 0n), String(wei(said.chargedWei) ?? 0n)];
	return { ...channel, url: origin, balanceWei, chargedWei, signedWei: chargedWei };
}

async function answerOf(response: Response): Promise<Record<string, unknown>> {
	const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
	if (response.ok) return body;
	const { code, message } = (body.error ?? {}) as { code?: string; message?: string };
	const said = `the node answered ${response.status}: ${message ?? "nothing more"}`;
	if (response.status >= 500) throw new TransientError(said, { code: code ?? "sdk/unreachable" });
	throw new CallerError(said, { code: code ?? "sdk/refused" });
}

function shown(said: Record<string, unknown>, number: number): ShownChannel {
	return {
		channelId: said.channelId as Hex,
		number,
		depositedWei: wei(said.balanceWei) ?? 0n,
		spentWei: wei(said.chargedWei) ?? 0n,
		claimedWei: wei(said.claimedWei) ?? 0n,
		withdrawing: said.withdrawRequestedAt !== 0,
	};
}
