// The prepaid key of this tab: made here, kept in sessionStorage, gone with the tab unless it was written down. The node learns it only
// when it is used. A key belongs to one chain: on another one it is worth nothing.

import { newKey } from "@openledger/sdk";

type Kept = { readonly key: string /** False until the node has taken the money for it. */; readonly paid: boolean };

const nameOf = (chain: string) => `openledger.key.${chain}`;

export function readKept(chain: string): Kept | undefined {
	try {
		const kept = JSON.parse(sessionStorage.getItem(nameOf(chain)) ?? "null") as Kept | null;
		return kept !== null && typeof kept.key === "string" ? kept : undefined;
	} catch {
		return undefined;
	}
}

/** The key that is paid for now: kept before the money moves, so that a lost answer loses nothing. */
export function keyToPay(chain: string): string {
	const key = readKept(chain)?.key ?? newKey();
	const paid = readKept(chain)?.paid ?? false;
	sessionStorage.setItem(nameOf(chain), JSON.stringify({ key, paid }));
	return key;
}

export function markPaid(chain: string, key: string): void {
	sessionStorage.setItem(nameOf(chain), JSON.stringify({ key, paid: true }));
}

export function forgetKey(chain: string): void {
	sessionStorage.removeItem(nameOf(chain));
}
