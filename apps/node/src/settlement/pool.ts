// The pool: who gets the part of the contributors' money that no row earned. It must not know what was earned.

import type { Address } from "@openledger/protocol";
import { namesByAddress } from "../datanet/wallet.js";
import type { NodeParts } from "../parts.js";

/** How lists name the pool's account; no contributor's name may hold brackets. */
export const POOL_NAME = "treasury (unattributed)";

/**
 * The treasury, which every model's split names and which has no hand in an answer. Neither the node nor the owner may have it: the one computes
 * the shares, the other chooses how a model is trained, and both would earn by leaving contributors out.
 */
export function poolAccount({ keys }: NodeParts): Address {
	return keys.address("treasury").toLowerCase() as Address;
}

/** Names by address, of contributors and the pool. */
export async function namesOfEarners(parts: NodeParts): Promise<Map<Address, string>> {
	return new Map([...(await namesByAddress(parts)), [poolAccount(parts), POOL_NAME]]);
}
