// Gives the home's own payer OPEN to ask with, from the treasury of this local chain. It must not know what is asked.

import { fundOpen, readBalance } from "@openledger/chain";
import type { Address } from "@openledger/protocol";
import type { LocalAccount } from "viem";
import { openKeystore } from "../home/keystore.js";
import type { NodeParts } from "../parts.js";

/** 100 OPEN: tens of thousands of answers. */
const PURSE_WEI = 100n * 10n ** 18n;

/** Tops the payer up; returns what it has then, in wei. */
export async function fundPayer(parts: NodeParts): Promise<{ readonly address: Address; readonly balanceWei: bigint }> {
	const address = parts.keys.address("payer");
	await fundOpen(parts.ledger, parts.keys.account("treasury"), { to: address, atLeastWei: PURSE_WEI });
	return { address, balanceWei: await readBalance(parts.ledger, address) };
}

/** The account that pays for questions asked from this home, for commands that talk to its node. */
export function payerAccount(home: string): LocalAccount {
	return openKeystore(home).account("payer");
}
