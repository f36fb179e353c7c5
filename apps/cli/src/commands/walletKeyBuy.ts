// `openledger wallet key buy OPEN`: a prepaid key for programs without a wallet, or more on one that there is.

import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { CallerError } from "@openledger/protocol";
import { createPayingFetch, topUpKey } from "@openledger/sdk";
import { Option } from "commander";
import { findAccount } from "../chat/openPayer.js";
import { assertHolds } from "../client/holdings.js";
import type { Status } from "../client/records.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { usage } from "../errors.js";
import { open } from "../output/amounts.js";
import { openArgument } from "../output/parseOpen.js";
import { whileWaiting } from "../output/showWaiting.js";
import { facts } from "../output/table.js";
import { newApiKey, readApiKey } from "../wallet/apiKeyFile.js";
import { passwordOption, type WalletOptions, walletOption, withWallet } from "./walletOptions.js";

type Options = WalletOptions & { readonly out?: string; readonly apiKeyFile?: string };

export function walletKeyBuyCommand(cli: Cli) {
	const spec = {
		name: "buy",
		describe: "pay for a prepaid API key from the wallet; programs pay with it, until its balance is spent",
		args: [["<open>", "how much, in OPEN, 0.01 or more"]],
		options: [
			walletOption(),
			passwordOption(),
			new Option("--out <file>", "where to keep the new key (default: api-keys in the home)"),
			new Option("--api-key-file <file>", "add to this key instead of making a new one"),
		],
		examples: ["wallet key buy 1", "wallet key buy 0.5 --api-key-file key.txt"],
	} as const;
	return nodeCommand<Options>(cli, spec, async ({ api, args, config, options, terminal }) => {
		const { out, apiKeyFile } = options;
		if (out !== undefined && apiKeyFile !== undefined)
			throw usage("--out is for a new key, --api-key-file for an old one; give one");
		const amountWei = openArgument(args[0]!);
		const { account } = await findAccount(api, withWallet(config, options), undefined);
		const isNew = apiKeyFile === undefined;
		await assertHolds(api, account.address, amountWei);
		const { chainId, addresses } = await api.get<Status>("/status");
		const token = addresses.openToken!;
		const pay = createPayingFetch({ account, chainId, token, maxWeiPerRequest: amountWei });
		const { key, file } = isNew ? newApiKey(config.home, out && resolve(out)) : readApiKey(apiKeyFile);
		const paying = topUpKey({ url: api.url, fetch: pay, key, amountWei });
		const state = await whileWaiting(terminal, "the payment", paying).catch((error: unknown) => {
			// What was refused was not paid; of anything else the key may be worth money.
			if (isNew && error instanceof CallerError) rmSync(file, { force: true });
			else if (isNew)
				terminal.note(`The key is kept in ${file}; it may have been paid: openledger wallet key show says so.`);
			throw error;
		});
		const { bold, cyan, dim } = terminal.style;
		const text = [
			facts(terminal, [
				...(isNew ? [["Key", bold(key)] as const] : []),
				["Balance", `${open(state.balanceWei)} OPEN${dim(` (+${open(amountWei)})`)}`],
				["File", file],
			]),
			...(isNew
				? ["", dim("Who has the key can spend its balance. Point any OpenAI client at this node with it:")]
				: []),
			...(isNew ? [`  ${cyan(`export OPENAI_BASE_URL=${api.url}/v1 OPENAI_API_KEY="$(cat ${file})"`)}`] : []),
		].join("\n");
		return { json: { ...(isNew && { key }), file, ...state }, text };
	});
}
