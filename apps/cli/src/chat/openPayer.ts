// Who pays for the answers of a server: a prepaid key, a wallet, the node's own payer, or nobody where it is free.
// It must not know what is asked.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createPayingFetch } from "@openledger/sdk";
import type { LocalAccount } from "viem/accounts";
import { privateKeyToAccount } from "viem/accounts";
import type { Api } from "../client/api.js";
import { assertHolds } from "../client/holdings.js";
import type { Status } from "../client/records.js";
import { listWalletChannels } from "../client/walletChannels.js";
import type { CliConfig } from "../config.js";
import { usage } from "../errors.js";
import { lockChannelStore } from "../wallet/channelStore.js";
import { readPassword } from "../wallet/password.js";
import { hasWallet, openWallet, readPrivateKey, readSmall, walletPath } from "../wallet/walletFile.js";

export type Payer = {
	/** In a few words, for people; never a secret. */
	readonly name: string;
	/** The account that pays, if one does. */
	readonly address?: string;
	readonly carry: typeof fetch;
	/** Lets go of what only one process may use. */
	close(): void;
};

/** How a wallet pays: out of channels where it can, or each answer by itself. */
export type PayHow = "channel" | "exact";

export type PayerOptions = {
	readonly config: CliConfig;
	/** The node, if the server is one; else it is free or takes keys. */
	readonly node: { readonly api: Api; readonly status: Status } | undefined;
	readonly keyFile?: string | undefined;
	readonly how?: PayHow | undefined;
	readonly maxFeeWei: bigint;
};

export async function openPayer({ config, node, keyFile, how, maxFeeWei }: PayerOptions): Promise<Payer> {
	if (node === undefined) return { name: "nobody, it is free", carry: fetch, close() {} };
	const { account, name, isOwn } = await findAccount(node.api, config, keyFile);
	const channels = await listWalletChannels({ api: node.api, home: config.home, address: account.address });
	// A channel may pay though the wallet is empty.
	if (!channels.some(({ depositedWei, spentWei }) => depositedWei > spentWei))
		await assertHolds(node.api, account.address, 1n);
	const { chainId, addresses } = node.status;
	const pay = { account, chainId, token: addresses.openToken!, maxWeiPerRequest: maxFeeWei };
	// The node's own payer is for a look at it: no money of it should stand in channels.
	const wants = how ?? (isOwn ? "channel" : "exact");
	const locked = wants === "channel" ? lockChannelStore(config.home, account.address) : undefined;
	if (locked === undefined) {
		const why =
			wants === "channel" ? "each answer by itself, as another command uses its channels" : "each answer by itself";
		return { name: `${name}, ${why}`, address: account.address, carry: createPayingFetch(pay), close() {} };
	}
	const carry = createPayingFetch({ ...pay, channel: { store: locked.store } });
	return { name: `${name}, by a channel`, address: account.address, carry, close: locked.release };
}

/** The prepaid key that was named; undefined where there is none, or a private key was named instead. */
export function keyPayer(
	config: CliConfig,
	{ apiKeyFile, keyFile }: { readonly apiKeyFile?: string | undefined; readonly keyFile?: string | undefined },
): Payer | undefined {
	const apiKey = apiKeyFile === undefined ? config.apiKey : readSmall(apiKeyFile).trim();
	if (apiKey === undefined || keyFile !== undefined) return undefined;
	if (!/^[\x21-\x7e]{8,512}$/.test(apiKey)) throw usage("the API key is none; it is one word of 8 to 512 characters");
	const carry: typeof fetch = (input, init) => {
		const request = new Request(input, init);
		request.headers.set("authorization", `Bearer ${apiKey}`);
		return fetch(request);
	};
	return { name: `the prepaid key ${apiKey.slice(0, 6)}…`, carry, close() {} };
}

/** Who pays: a key file that is named, else the wallet, else the payer of a node on this machine, filled up from its treasury. */
export async function findAccount(
	api: Api,
	config: CliConfig,
	keyFile: string | undefined,
): Promise<{ readonly account: LocalAccount; readonly name: string; readonly isOwn: boolean }> {
	if (keyFile !== undefined) {
		const account = privateKeyToAccount(readPrivateKey(keyFile));
		return { account, name: account.address, isOwn: true };
	}
	const file = walletPath(config);
	if (hasWallet(file)) {
		const account = openWallet(file, await readPassword(config));
		return { account, name: `your wallet ${account.address}`, isOwn: true };
	}
	if (config.wallet !== undefined || !isHere(api)) {
		throw usage(`nobody pays yet: there is no wallet at ${file}; make one: openledger wallet create`);
	}
	const { payerAccount } = await import("@openledger/node");
	const account = payerAccount(api.home);
	await api.post("/wallets/payer/fund");
	return { account, name: `the node's own payer ${account.address}`, isOwn: false };
}

/** Whether the home is that of this node: then its keys are ours to use. */
function isHere({ home, url }: Api): boolean {
	try {
		return (JSON.parse(readFileSync(join(home, "node.json"), "utf8")) as { url?: unknown }).url === url;
	} catch {
		return false;
	}
}
