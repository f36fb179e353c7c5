// What a player of a dispute over a run sees: what the two have agreed to, what was shown, and whose turn it is. Plain data; the referee is
// a contract or a test.

import type { DISPUTE_PHASES, Hex } from "@openledger/protocol";

/** Agreed at `low`, disputed at `high`; `midHash` is shown at their middle, rounded down, where an answer to it is due. */
export interface Span {
	readonly low: number;
	readonly high: number;
	readonly lowHash: Hex;
	readonly highHash: Hex;
	readonly midHash: Hex;
}

/** What a player has to see. Links are numbered from 0, the run's start, to N + 1, what the run gives; entries from 0, the link before. */
export interface Game {
	readonly phase: (typeof DISPUTE_PHASES)[number];
	readonly links: Span;
	/** Ops of the trace that was shown. */
	readonly opCount: number;
	readonly ops: Span;
}
