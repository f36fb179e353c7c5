// What ids and accounts are called, as far as this node knows. Names are what their makers wrote. Reads only.

import type { Address, Hex } from "@openledger/protocol";
import { datanets, models } from "../database/schema.js";
import { namesByAddress } from "../datanet/wallet.js";
import type { Role } from "../home/keystore.js";
import type { NodeParts } from "../parts.js";

const ROLES: readonly Role[] = ["treasury", "settler", "owner", "node", "stakers", "facilitator", "payer"];

/** Names by address in lower case, of contributors and this node's own accounts. */
export async function accountNames(parts: NodeParts): Promise<Map<Address, string>> {
	const roles = ROLES.map((role) => [parts.keys.address(role).toLowerCase() as Address, role] as const);
	return new Map([...(await namesByAddress(parts)), ...roles]);
}

/** Names by id, of datanets, and of models as they are served. */
export async function nounNames({ db }: NodeParts): Promise<Map<Hex, string>> {
	const nets = await db.select({ id: datanets.id, name: datanets.name }).from(datanets);
	const served = await db.select({ id: models.id, name: models.servedName }).from(models);
	return new Map([...nets, ...served].map(({ id, name }) => [id, name]));
}
