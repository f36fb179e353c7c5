// What a part of the attribution scoreboard takes and gives. Types alone: bench/attribution.ts runs the parts and writes what they give.

import type { BenchTarget, BenchValue } from "../run.js";

export interface PartOptions {
	/** A smaller version of every table; all parts together take at most ten minutes on two cores. */
	readonly quick: boolean;
	/** Progress, on stderr. */
	readonly log: (line: string) => void;
	/** A folder of the part's own for work that a killed run need not do again (see keep.ts); git ignores it. Quick and full runs have different ones. */
	readonly keep: string;
}

export interface PartTable {
	readonly name: string;
	/** What the columns mean, how many queries, over what the intervals are. */
	readonly caption: string;
	readonly rows: readonly Readonly<Record<string, BenchValue>>[];
}

export interface PartPlot {
	/** Part of a file name: letters, digits and hyphens. */
	readonly name: string;
	/** A whole SVG document. */
	readonly svg: string;
}

export interface PartResult {
	readonly tables: readonly PartTable[];
	readonly targets: readonly BenchTarget[];
	readonly plots: readonly PartPlot[];
}

/** Each bench/attribution/PART.ts exports `run` of this type. */
export type RunPart = (options: PartOptions) => Promise<PartResult>;
