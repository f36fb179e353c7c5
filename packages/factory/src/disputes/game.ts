// The words of a dispute over a run: what the two have agreed to, what was shown, and the moves that follow. Plain data; the referee is a
// contract or a test.

import type { Hex } from "@openledger/protocol";

/** Agreed at `low`, disputed at `high`; `midHash` is shown at their middle, rounded down, where an answer to it is due. */
export interface Span {
	readonly low: number;
	readonly high: number;
	readonly lowHash: Hex;
	readonly highHash: Hex;
	readonly midHash: Hex;
}

export const PHASES = ["showLink", "answerLink", "showTrace", "showEntry", "answerEntry", "claimEntry"] as const;

/** What a player has to see. Links are numbered from 0, the run's start, to N + 1, what the run gives; entries from 0, the link before. */
export interface Game {
	readonly phase: (typeof PHASES)[number];
	readonly links: Span;
	/** Ops of the trace that was shown. */
	readonly opCount: number;
	readonly ops: Span;
}

export interface TraceClaim {
	readonly opCount: number;
	readonly root: Hex;
	readonly firstProof: readonly Hex[];
	/** The entry before the last, from which the last follows with the disputed link. */
	readonly beforeLast: Hex;
	readonly beforeLastProof: readonly Hex[];
	readonly lastProof: readonly Hex[];
}

export type Move =
	| { readonly kind: "showLink"; readonly index: number; readonly link: Hex; readonly proof: readonly Hex[] }
	| { readonly kind: "answerLink"; readonly index: number; readonly agrees: boolean }
	| { readonly kind: "showTrace"; readonly claim: TraceClaim }
	| { readonly kind: "showEntry"; readonly index: number; readonly entry: Hex; readonly proof: readonly Hex[] }
	| { readonly kind: "answerEntry"; readonly index: number; readonly agrees: boolean }
	| { readonly kind: "claimEntry"; readonly entry: Hex };
