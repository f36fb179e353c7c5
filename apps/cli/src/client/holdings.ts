// What an account holds at a node, and whether that is enough for what is meant. It must not know whose account it is.

import { CallerError } from "@openledger/protocol";
import { open } from "../output/amounts.js";
import type { Api } from "./api.js";
import type { Holdings } from "./records.js";

export async function readHoldings(api: Api, address: string): Promise<Holdings> {
	return await api.get<Holdings>(`/wallets/${address}`);
}

/** Throws `wallet/too-little`, with the way to more, before a payment that would fail is signed. */
export async function assertHolds(api: Api, address: string, neededWei: bigint): Promise<void> {
	const heldWei = BigInt((await readHoldings(api, address)).openWei);
	if (heldWei >= neededWei) return;
	const held = heldWei === 0n ? "holds no OPEN" : `holds ${open(heldWei)} OPEN, and this needs ${open(neededWei)}`;
	const message = `${address} ${held}; on a local chain, fill it: openledger wallet fund`;
	throw new CallerError(message, { code: "wallet/too-little" });
}
