// `openledger wallet channel close [ID]`: takes back what was not spent.

import { closeChannel } from "@openledger/sdk";
import { findAccount } from "../chat/openPayer.js";
import type { Status } from "../client/records.js";
import { chooseChannels, listWalletChannels } from "../client/walletChannels.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { open, short } from "../output/amounts.js";
import { whileWaiting } from "../output/showWaiting.js";
import { visibleText } from "../output/visibleText.js";
import { mustLockChannelStore } from "../wallet/channelStore.js";
import { readWalletAddress, walletPath } from "../wallet/walletFile.js";
import { passwordOption, type WalletOptions, walletOption, withWallet } from "./walletOptions.js";

export function walletChannelCloseCommand(cli: Cli) {
	const spec = {
		name: "close",
		describe: "take back what the wallet's channels have left; the node sends the transaction",
		args: [["[id]", "a channel's id, or the start of it (default: all that have something left)"]],
		options: [walletOption(), passwordOption()],
		examples: ["wallet channel close", "wallet channel close 0x1f3a"],
	} as const;
	return nodeCommand<WalletOptions>(cli, spec, async ({ api, args, config, options, terminal }) => {
		const own = withWallet(config, options);
		const address = readWalletAddress(walletPath(own));
		const meant = chooseChannels(await listWalletChannels({ api, home: config.home, address }), args[0]);
		if (meant.length === 0) return { json: [], text: "No channel has anything left; there is nothing to take back." };
		const { account } = await findAccount(api, own, undefined);
		const { chainId, addresses } = await api.get<Status>("/status");
		const { store, release } = mustLockChannelStore(config.home, address);
		try {
			const closed = [];
			for (const { channelId } of meant) {
				const token = addresses.openToken!;
				const closing = closeChannel({ url: api.url, account, chainId, token, store, channelId });
				closed.push({ channelId, ...(await whileWaiting(terminal, "the channel's money", closing)) });
			}
			const lines = closed.map(
				({ channelId, returnedWei }) => `${visibleText(short(channelId))} gave back ${open(returnedWei)} OPEN`,
			);
			return { json: closed, text: lines.join("\n") + terminal.style.dim(`\nto ${address}`) };
		} finally {
			release();
		}
	});
}
