// `openledger wallet fund`: OPEN and coins from the faucet of a local chain.

import type { Api } from "../client/api.js";
import type { Holdings } from "../client/records.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { usage } from "../errors.js";
import { open } from "../output/amounts.js";
import { whileWaiting } from "../output/showWaiting.js";
import { facts } from "../output/table.js";
import { readWalletAddress, walletPath } from "../wallet/walletFile.js";
import { type WalletOptions, walletOption, withWallet } from "./walletOptions.js";

type Funded = Holdings & { readonly addedOpenWei: string; readonly addedCoinWei: string };

export function walletFundCommand(cli: Cli) {
	const spec = {
		name: "fund",
		describe: "fill the wallet up from the faucet of a local chain, to 100 OPEN and 1 coin",
		options: [walletOption()],
		examples: ["wallet fund", "wallet fund --wallet work.json"],
	};
	return nodeCommand<WalletOptions>(cli, spec, async ({ api, config, options, terminal }) => {
		const address = readWalletAddress(walletPath(withWallet(config, options)));
		const funded = await whileWaiting(terminal, "the faucet", fund(api, address));
		const { dim, cyan } = terminal.style;
		const added = (wei: string) => (BigInt(wei) === 0n ? dim(" (was full)") : dim(` (+${open(wei)})`));
		const text = [
			facts(terminal, [
				["Address", address],
				["OPEN", `${open(funded.openWei)}${added(funded.addedOpenWei)}`],
				["Coins", `${open(funded.coinWei)}${added(funded.addedCoinWei)}`],
			]),
			"",
			`Next: ${cyan('openledger chat "What is the capital of Uganda?"')}`,
		].join("\n");
		return { json: { ...funded, address }, text };
	});
}

/** Only a node with a chain of its own has a faucet. */
async function fund(api: Api, address: string): Promise<Funded> {
	try {
		return await api.post<Funded>("/wallets/fund", { address });
	} catch (error) {
		if ((error as { readonly code?: unknown }).code !== "api/not-found") throw error;
		throw usage(`the chain of ${api.url} has no faucet; send OPEN to ${address} from a wallet that has some`);
	}
}
