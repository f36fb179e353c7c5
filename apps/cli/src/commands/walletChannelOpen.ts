// `openledger wallet channel open OPEN`: a deposit that pays for many answers, of all models of a node.

import { openChannel } from "@openledger/sdk";
import { findAccount } from "../chat/openPayer.js";
import { assertHolds } from "../client/holdings.js";
import type { Status } from "../client/records.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { open } from "../output/amounts.js";
import { openArgument } from "../output/parseOpen.js";
import { whileWaiting } from "../output/showWaiting.js";
import { facts } from "../output/table.js";
import { visibleText } from "../output/visibleText.js";
import { mustLockChannelStore } from "../wallet/channelStore.js";
import { passwordOption, type WalletOptions, walletOption, withWallet } from "./walletOptions.js";

export function walletChannelOpenCommand(cli: Cli) {
	const spec = {
		name: "open",
		describe: "put OPEN into the wallet's channel to this node; answers are paid out of it by signature alone",
		args: [["<open>", "how much, in OPEN"]],
		options: [walletOption(), passwordOption()],
		examples: ["wallet channel open 5"],
	} as const;
	return nodeCommand<WalletOptions>(cli, spec, async ({ api, args, config, options, terminal }) => {
		const depositWei = openArgument(args[0]!);
		const { account } = await findAccount(api, withWallet(config, options), undefined);
		await assertHolds(api, account.address, depositWei);
		const { chainId, addresses } = await api.get<Status>("/status");
		const { store, release } = mustLockChannelStore(config.home, account.address);
		try {
			const token = addresses.openToken!;
			const opening = openChannel({ url: api.url, account, chainId, token, depositWei, store });
			const channel = await whileWaiting(terminal, "the deposit", opening);
			const { bold, cyan, dim } = terminal.style;
			const text = [
				facts(terminal, [
					["Channel", bold(visibleText(channel.channelId))],
					["In it", `${open(channel.depositedWei - channel.spentWei)} OPEN${dim(` (+${open(depositWei)})`)}`],
				]),
				"",
				`openledger chat pays from it. What is left comes back with: ${cyan("openledger wallet channel close")}`,
			].join("\n");
			return { json: channel, text };
		} finally {
			release();
		}
	});
}
