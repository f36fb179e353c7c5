// Which errors say nothing about a receipt, either way: node or chain did not answer, or answered with an error of their own, or this machine has
// no room. It must not know what was checked.

import { TransientError } from "@openledger/protocol";
import { isChainTrouble } from "@openledger/sdk/ledger";
import { Unavailable } from "./evidenceSource.js";

export function saysNothing(error: unknown): boolean {
	if (isChainTrouble(error)) return true;
	// What reads a contract wraps what went wrong on the way.
	for (let one = error; one instanceof Error; one = one.cause) {
		if (one instanceof Unavailable || one instanceof TransientError) return true;
		if (/\bout-of-memory$/.test(String((one as { readonly code?: unknown }).code))) return true;
		// Browsers' words for it.
		if (one instanceof RangeError && /allocation failed|out of memory|Memory\.grow/i.test(one.message)) return true;
	}
	return false;
}
