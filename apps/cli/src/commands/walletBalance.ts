// `openledger wallet balance`: what the wallet holds, and what of it stands in channels.

import { type Address, getAddress, isAddress } from "viem";
import { readHoldings } from "../client/holdings.js";
import { listWalletChannels } from "../client/walletChannels.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { usage } from "../errors.js";
import { counted, open } from "../output/amounts.js";
import { facts } from "../output/table.js";
import { readWalletAddress, walletPath } from "../wallet/walletFile.js";
import { type WalletOptions, walletOption, withWallet } from "./walletOptions.js";

export function walletBalanceCommand(cli: Cli) {
	const spec = {
		name: "balance",
		describe: "show what the wallet, or another address, holds: OPEN, coins for gas, and OPEN in channels",
		args: [["[address]", "another address than the wallet's"]],
		options: [walletOption()],
		examples: ["wallet balance", "wallet balance 0x70997970C51812dc3A010C7d01b50e0d17dc79C8"],
	} as const;
	return nodeCommand<WalletOptions>(cli, spec, async ({ api, args, config, options, terminal }) => {
		const address = addressOf(args[0]) ?? readWalletAddress(walletPath(withWallet(config, options)));
		const held = await readHoldings(api, address);
		const channels = await listWalletChannels({ api, home: config.home, address });
		const channelsWei = channels.reduce((sum, { depositedWei, spentWei }) => sum + depositedWei - spentWei, 0n);
		const { dim, cyan } = terminal.style;
		const isEmpty = BigInt(held.openWei) === 0n && channelsWei === 0n;
		const filled = channels.filter(({ depositedWei, spentWei }) => depositedWei > spentWei).length;
		const where = filled === 0 ? "" : dim(` in ${counted(filled, "channel")}`);
		const text = [
			facts(terminal, [
				["Address", address],
				["OPEN", open(held.openWei)],
				["Channels", `${open(channelsWei)}${where}`],
				["Coins", `${open(held.coinWei)}${dim(" for gas; answers need none")}`],
			]),
			...(isEmpty ? ["", `Nothing here yet. On a local chain: ${cyan("openledger wallet fund")}`] : []),
		].join("\n");
		return { json: { ...held, address, channelsWei, channels }, text };
	});
}

function addressOf(text: string | undefined): Address | undefined {
	if (text === undefined) return undefined;
	if (isAddress(text, { strict: false })) {
		const address = getAddress(text.toLowerCase());
		// Mixed letters are a checksum (EIP-55): one that does not fit is a mistyped address.
		if (/[A-F]/.test(text.slice(2)) && /[a-f]/.test(text.slice(2)) && text !== address)
			throw usage(`${text} is mistyped: its checksum does not fit; copy the address again`);
		return address;
	}
	throw usage(`${JSON.stringify(text)} is no address; it is 0x and 40 hex digits`);
}
