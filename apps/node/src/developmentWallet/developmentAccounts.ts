// Who may act through the page's development account: roles that a person takes, whose keys this node keeps because its chain is a local one.
// Not among them: the treasury, which everybody is funded from; the settler and the facilitator, whose bond and whose payments stand
// behind what the node does by itself; and the node, whose signature is what makes a receipt one.

import { isLocalChain } from "@openledger/chain";
import { type Address, CallerError } from "@openledger/protocol";
import { eq } from "drizzle-orm";
import type { LocalAccount } from "viem";
import { wallets } from "../database/schema.js";
import type { Role } from "../home/keystore.js";
import type { NodeParts } from "../parts.js";

export const ACTING_ROLES: readonly Role[] = ["payer", "owner"];

/** Whether there is a development account at all: on a chain with real money there is none, whatever keys the node has. */
export function hasDevelopmentAccounts({ ledger }: NodeParts): Promise<boolean> {
	return isLocalChain(ledger.client);
}

/** The account of an address; throws `wallet/not-local` and `wallet/not-found`. */
export async function developmentAccount(parts: NodeParts, address: Address): Promise<LocalAccount> {
	if (!(await hasDevelopmentAccounts(parts))) {
		throw new CallerError("there is no development account on this chain; connect a wallet of your own", {
			code: "wallet/not-local",
		});
	}
	const role = ACTING_ROLES.find((role) => parts.keys.address(role) === address);
	if (role !== undefined) return parts.keys.account(role);
	const [person] = await parts.db.select().from(wallets).where(eq(wallets.address, address));
	if (person !== undefined) return parts.keys.account("contributor", person.name);
	throw new CallerError(`${address} is no development account; GET /api/wallets lists them, as those that may act`, {
		code: "wallet/not-found",
	});
}
