// `openledger wallet create`: a new key under a password, or one that exists already.

import { Option } from "commander";
import { type Cli, homeOption, localCommand } from "../defineCommand.js";
import { facts } from "../output/table.js";
import { choosePassword } from "../wallet/password.js";
import { assertNoWallet, newPrivateKey, readPrivateKey, walletPath, writeWallet } from "../wallet/walletFile.js";
import { passwordOption, type WalletOptions, walletOption, withWallet } from "./walletOptions.js";

type Options = WalletOptions & { readonly fromKeyFile?: string };

export function walletCreateCommand(cli: Cli) {
	const spec = {
		name: "create",
		describe: "make a wallet: a key sealed with a password, in a file that other Ethereum wallets read too",
		options: [
			homeOption(),
			walletOption(),
			passwordOption(),
			new Option("--from-key-file <file>", "seal this private key (64 hex digits) instead of a new one"),
		],
		examples: ["wallet create", "wallet create --wallet work.json --password-file password.txt"],
	};
	return localCommand<Options>(cli, spec, async ({ config, options, terminal }) => {
		const own = withWallet(config, options);
		const file = walletPath(own);
		assertNoWallet(file);
		const privateKey = options.fromKeyFile === undefined ? newPrivateKey() : readPrivateKey(options.fromKeyFile);
		const password = await choosePassword(own);
		const address = writeWallet(file, privateKey, password);
		const { bold, cyan, dim } = terminal.style;
		const text = [
			facts(terminal, [
				["Address", bold(address)],
				["File", file],
			]),
			"",
			dim("Keep a copy of the file and do not forget the password: without both, what the wallet holds is lost."),
			`Next: ${cyan("openledger wallet fund")}`,
		].join("\n");
		return { json: { address, file }, text };
	});
}
