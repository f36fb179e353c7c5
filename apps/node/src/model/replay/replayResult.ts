// What a run taken again is told of, while it goes on and at its end. It must not know how it is taken.

import type { Hex } from "@openledger/protocol";

/** A commitment made again. */
export type ReplayedLink = {
	readonly step: number;
	/** As the run committed it, and the chain has it beneath the run's history root. */
	readonly committed: Hex;
	/** As it came now. */
	readonly found: Hex;
	readonly same: boolean;
	/** That the steps to it took now. */
	readonly seconds: number;
};

/** Something else that was held against what is committed or written down. */
export type ReplayedThing = {
	readonly what: string;
	readonly committed: string;
	readonly found: string;
	readonly same: boolean;
};

export type FirstDifference = ReplayedThing & { readonly step: number | null };

export type ReplayResult = {
	/** All that was compared is the same. */
	readonly identical: boolean;
	readonly steps: number;
	/** Steps whose loss came out with the same bits. */
	readonly sameLosses: number;
	readonly links: readonly ReplayedLink[];
	/** How many links were compared; `links` may be thinned. */
	readonly linksCompared: number;
	readonly things: readonly ReplayedThing[];
	readonly firstDifference: FirstDifference | null;
	readonly seconds: number;
};

export type ReplayProgress = {
	readonly stage: "train" | "features";
	readonly done: number;
	readonly total: number;
	readonly secondsLeft: number | null;
	readonly sameLosses: number;
	readonly links: readonly ReplayedLink[];
	readonly linksCompared: number;
};

const MOST_LINKS = 500;

/** Links as they are kept: the latest, and before them every so many; one that differs always stays. */
export function thinned(links: readonly ReplayedLink[]): readonly ReplayedLink[] {
	const every = Math.ceil(links.length / MOST_LINKS);
	return links.filter(({ same }, i) => !same || i % every === 0 || i === links.length - 1);
}
