// The channels of a wallet at a node, and which of them is meant. Looking needs no password: an address is enough.

import { listChannels, type ShownChannel } from "@openledger/sdk";
import type { LocalAccount } from "viem/accounts";
import { usage } from "../errors.js";
import { readChannelStore } from "../wallet/channelStore.js";
import type { Api } from "./api.js";

export type WalletChannels = { readonly api: Api; readonly home: string; readonly address: string };

export async function listWalletChannels({ api, home, address }: WalletChannels): Promise<readonly ShownChannel[]> {
	// Of the account, only the address is read.
	const account = { address } as LocalAccount;
	return await listChannels({ url: api.url, account, store: readChannelStore(home, address) });
}

/** Those that have something left, or the one whose id begins so; throws `cli/usage`. */
export function chooseChannels(channels: readonly ShownChannel[], typed: string | undefined): readonly ShownChannel[] {
	if (typed === undefined) return channels.filter(({ depositedWei, spentWei }) => depositedWei > spentWei);
	const found = channels.filter(({ channelId }) => channelId.startsWith(typed.toLowerCase()));
	if (/^0x[0-9a-fA-F]{4,64}$/.test(typed) && found.length === 1) return found;
	throw usage(
		found.length > 1
			? `${found.length} channels begin with ${typed}; type more of it`
			: `no channel begins with ${JSON.stringify(typed)}; see openledger wallet channel list`,
	);
}
