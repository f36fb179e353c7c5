// The flags of commands that use a wallet, and the configuration they make. It must not know what is paid.

import { resolve } from "node:path";
import { Option } from "commander";
import type { CliConfig } from "../config.js";

export type WalletOptions = { readonly wallet?: string; readonly passwordFile?: string };

export const walletOption = () =>
	new Option("--wallet <file>", "the wallet's file (default: $OPENLEDGER_WALLET or wallet.json in the home)");
export const passwordOption = () =>
	new Option(
		"--password-file <file>",
		"file with the wallet's password (default: $OPENLEDGER_PASSWORD_FILE, or asked)",
	);

/** Flags win over the environment. */
export function withWallet(config: CliConfig, { wallet, passwordFile }: WalletOptions): CliConfig {
	return {
		...config,
		...(wallet !== undefined && { wallet: resolve(wallet) }),
		...(passwordFile !== undefined && { passwordFile }),
	};
}
