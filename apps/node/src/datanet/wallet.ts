// The wallets of people this node knows: an account by name, derived from the node's seed. It must not know what they do.

import { fundAccount, localFaucet } from "@openledger/chain";
import { type Address, CallerError } from "@openledger/protocol";
import type { LocalAccount } from "viem";
import { wallets } from "../database/schema.js";
import type { NodeParts } from "../parts.js";

/** Gas for a few thousand transactions. */
const GAS_WEI = 10n ** 18n;

/** The wallet of a contributor, made and given gas if need be. Throws `wallet/bad-name`. */
export async function contributorWallet(parts: NodeParts, name: string): Promise<LocalAccount> {
	if (name.length > 40 || !/^[a-z0-9._-]+(?: [a-z0-9._-]+)*$/.test(name)) {
		throw new CallerError(
			`${JSON.stringify(name)} is no contributor's name; use 1 to 40 of a-z, 0-9, dots, dashes, underscores and single spaces`,
			{ code: "wallet/bad-name" },
		);
	}
	const account = parts.keys.account("contributor", name);
	const address = account.address.toLowerCase() as Address;
	await parts.db.insert(wallets).values({ name, address }).onConflictDoNothing();
	await fundAccount(parts.ledger.client, localFaucet(), { to: account.address, atLeastWei: GAS_WEI / 2n });
	return account;
}

/** Names by address, of all contributors this node has wallets for. */
export async function namesByAddress(parts: NodeParts): Promise<Map<Address, string>> {
	const known = await parts.db.select().from(wallets);
	return new Map(known.map(({ name, address }) => [address, name]));
}
