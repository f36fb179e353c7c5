// The self-test on several engines of one machine: numbers of threads, kernels. It must not know where kernels come from.

import { engineSelftest, type SelftestOptions, type SelftestPartName, type SelftestResult } from "./engineSelftest.js";

export interface EngineVariant extends SelftestOptions {
	readonly name: string;
}

export interface ComparedVariant {
	readonly name: string;
	/** Threads that were asked for, and that took part. */
	readonly wanted: number;
	readonly threads: number;
	readonly hash: SelftestResult["hash"];
	readonly ok: boolean;
	/** Parts whose hash is not golden. */
	readonly differs: readonly SelftestPartName[];
}

export interface EngineComparison extends Omit<SelftestResult, "threads"> {
	readonly variants: readonly ComparedVariant[];
}

/** Runs the self-test on each variant; hash and parts are the first one's, `ok` is everybody's. */
export async function compareEngines(
	variants: readonly [EngineVariant, ...EngineVariant[]],
): Promise<EngineComparison> {
	const found: (ComparedVariant & { readonly result: SelftestResult })[] = [];
	for (const { name, ...options } of variants) {
		const result = await engineSelftest(options);
		const differs = result.parts.filter((part) => !part.ok).map((part) => part.name);
		const { threads, hash, ok } = result;
		found.push({ name, wanted: options.threads ?? 1, threads, hash, ok, differs, result });
	}
	const { threads: _, ...first } = found[0]!.result;
	return {
		...first,
		ok: found.every((variant) => variant.ok),
		variants: found.map(({ result, ...variant }) => variant),
	};
}
