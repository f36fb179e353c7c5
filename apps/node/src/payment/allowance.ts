// How many transactions this node pays the gas of, for whom: deposits and refunds cost their payers nothing, so there is a limit.
// It must not know what the transactions do.

import type { Address } from "@openledger/protocol";

export type AllowanceLimits = {
	/** For one payer within an hour. */
	readonly perPayer: number;
	/** For all together within an hour. */
	readonly perHour: number;
};

export type Allowance = {
	/** Takes one transaction for a payer; false if there is none left, and for how many seconds. */
	take(payer: Address): { readonly granted: true } | { readonly granted: false; readonly retryAfter: number };
};

export const defaultAllowance: AllowanceLimits = { perPayer: 60, perHour: 5000 };
const HOUR_MS = 3_600_000;

/** Counts by the clock's hour, so that memory is bounded by the limit itself. */
export function createAllowance(limits: AllowanceLimits = defaultAllowance, now: () => number = Date.now): Allowance {
	let hour = -1;
	let all = 0;
	const taken = new Map<string, number>();
	return {
		take(payer) {
			const at = now();
			const current = Math.floor(at / HOUR_MS);
			if (current !== hour) {
				hour = current;
				all = 0;
				taken.clear();
			}
			const name = payer.toLowerCase();
			const mine = taken.get(name) ?? 0;
			if (all >= limits.perHour || mine >= limits.perPayer) {
				return { granted: false, retryAfter: Math.ceil(((current + 1) * HOUR_MS - at) / 1000) };
			}
			all++;
			taken.set(name, mine + 1);
			return { granted: true };
		},
	};
}
