// Prepaid keys at a node: paid for by a wallet, and what is left on them. It must not know where keys are kept.

import { createPayingFetch } from "@openledger/sdk";
import type { Hex } from "viem";
import type { LocalAccount } from "viem/accounts";
import { refusal } from "../chat/askModel.js";
import type { Api } from "./api.js";
import type { Status } from "./records.js";

/** In wei, as decimal strings; of the balance, what is held waits for answers under way. */
export type KeyState = {
	readonly id: string;
	readonly balanceWei: string;
	readonly heldWei: string;
	readonly spentWei: string;
};

export type BuyKey = {
	readonly api: Api;
	readonly account: LocalAccount;
	readonly hash: Hex;
	readonly amountWei: bigint;
};

/** Adds to the key's balance, or creates it. Only the key's hash leaves this machine. */
export async function buyKey({ api, account, hash, amountWei }: BuyKey): Promise<KeyState> {
	const { chainId, addresses } = await api.get<Status>("/status");
	const token = addresses.openToken!;
	const pay = createPayingFetch({ account, chainId, token, maxWeiPerRequest: amountWei });
	const response = await pay(`${api.url}/v1/openledger/keys`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ keyHash: hash, amountWei: amountWei.toString() }),
	});
	return await read(response);
}

export async function readKey({ url }: Api, key: string): Promise<KeyState> {
	return await read(await fetch(`${url}/v1/openledger/keys/self`, { headers: { authorization: `Bearer ${key}` } }));
}

async function read(response: Response): Promise<KeyState> {
	const text = await response.text();
	if (!response.ok) throw refusal(response.status, text);
	return JSON.parse(text) as KeyState;
}
