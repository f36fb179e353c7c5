// Commands that act on chain with the user's own wallet: through the node they talk to, signed here. The key stays in this process.

import type { Ledger } from "@openledger/sdk/ledger";
import type { LocalAccount } from "viem/accounts";
import { passwordOption, type WalletOptions, walletOption, withWallet } from "../commands/walletOptions.js";
import { type Cli, type Given, nodeCommand, type Outcome, type Spec } from "../defineCommand.js";
import { readPassword } from "../wallet/password.js";
import { openWallet, readWalletAddress, walletPath } from "../wallet/walletFile.js";
import type { Api } from "./api.js";
import type { Status } from "./records.js";

/** The verbs and reads of the chain; loaded by the commands that need them, as they bring all contracts' interfaces along. */
export type Chain = typeof import("@openledger/sdk/ledger");

export type LedgerGiven<Options> = Given<Options> & {
	readonly api: Api;
	readonly chain: Chain;
	readonly ledger: Ledger;
	/** The wallet's address, without its password. */
	address(): `0x${string}`;
	/** The wallet, opened with its password: asked for once, and only by what signs. */
	signer(): Promise<LocalAccount>;
};

/** A command with a connected ledger and the wallet's options; `signs: false` leaves the password option out. */
export function ledgerCommand<Options>(
	cli: Cli,
	spec: Spec & { readonly signs?: boolean },
	run: (given: LedgerGiven<Options>) => Promise<Outcome>,
) {
	const { signs = true, ...rest } = spec;
	const options = [...(rest.options ?? []), walletOption(), ...(signs ? [passwordOption()] : [])];
	return nodeCommand<Options & WalletOptions>(cli, { ...rest, options }, async (given) => {
		const config = withWallet(given.config, given.options);
		const [chain, status] = await Promise.all([import("@openledger/sdk/ledger"), given.api.get<Status>("/status")]);
		const ledger = await chain.openLedger(status);
		let opened: Promise<LocalAccount> | undefined;
		const open = async () => openWallet(walletPath(config), await readPassword(config));
		return await run({
			...{ ...given, config, chain, ledger },
			address: () => readWalletAddress(walletPath(config)),
			signer() {
				opened ??= open();
				return opened;
			},
		});
	});
}
