// `openledger wallet channel list`: the wallet's channels to a node, as the node sees them.

import { listWalletChannels } from "../client/walletChannels.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { open, short } from "../output/amounts.js";
import { table } from "../output/table.js";
import { visibleText } from "../output/visibleText.js";
import { readWalletAddress, walletPath } from "../wallet/walletFile.js";
import { type WalletOptions, walletOption, withWallet } from "./walletOptions.js";

const COLUMNS = [
	{ head: "Channel" },
	{ head: "Deposited", align: "right" },
	{ head: "Spent", align: "right" },
	{ head: "Left", align: "right" },
	{ head: "State" },
] as const;

export function walletChannelListCommand(cli: Cli) {
	const spec = {
		name: "list",
		describe: "list the wallet's channels to this node",
		options: [walletOption()],
		examples: ["wallet channel list"],
	};
	return nodeCommand<WalletOptions>(cli, spec, async ({ api, config, options, terminal }) => {
		const address = readWalletAddress(walletPath(withWallet(config, options)));
		const channels = await listWalletChannels({ api, home: config.home, address });
		const rows = channels.map(({ channelId, depositedWei, spentWei, withdrawing }) => [
			visibleText(short(channelId)),
			open(depositedWei),
			open(spentWei),
			open(depositedWei - spentWei),
			withdrawing ? "withdrawing" : depositedWei === spentWei ? "empty" : "open",
		]);
		const none =
			"There is no channel yet. The first paid chat opens one, and so does: openledger wallet channel open 1";
		return { json: channels, text: rows.length === 0 ? none : table(terminal, COLUMNS, rows) };
	});
}
