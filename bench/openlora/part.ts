// What a part of the OpenLoRA bench takes and gives. Types alone: bench/openlora.ts runs the parts.

import type { BenchTarget, BenchValue } from "../run.js";

export interface OpenLoraPartOptions {
	/** A smaller version of every table; all parts together take at most five minutes on two cores. */
	readonly quick: boolean;
	/** Progress, on stderr. */
	readonly log: (line: string) => void;
}

export interface OpenLoraPartResult {
	readonly rows: readonly Readonly<Record<string, BenchValue>>[];
	readonly targets: readonly BenchTarget[];
}

export type RunOpenLoraPart = (options: OpenLoraPartOptions) => Promise<OpenLoraPartResult>;
