// What tables of the scoreboard are made of: rank correlation, retrieval measures, means with their uncertainty. Numbers in, numbers out.

import { philox } from "@openledger/tensor";

function sameLength(a: ArrayLike<number>, b: ArrayLike<unknown>): void {
	if (a.length !== b.length) throw new RangeError(`${a.length} and ${b.length} values cannot be paired`);
}

/** Ranks from 1; equal values share the mean of their ranks. Throws RangeError at NaN, which has none. */
export function averageRanks(values: ArrayLike<number>): Float64Array {
	const n = values.length;
	const order = Uint32Array.from({ length: n }, (_, i) => i).sort((i, j) => values[i]! - values[j]!);
	const ranks = new Float64Array(n);
	for (let at = 0; at < n; ) {
		const value = values[order[at]!]!;
		if (Number.isNaN(value)) throw new RangeError(`value ${order[at]} is NaN and has no rank`);
		let end = at + 1;
		while (end < n && values[order[end]!] === value) end++;
		for (let i = at; i < end; i++) ranks[order[i]!] = (at + 1 + end) / 2;
		at = end;
	}
	return ranks;
}

/** Pearson's correlation; 0 where one side is constant and so predicts nothing. */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number {
	sameLength(a, b);
	const n = a.length;
	const mean = (values: ArrayLike<number>) => {
		let total = 0;
		for (let i = 0; i < n; i++) total += values[i]!;
		return total / n;
	};
	const [meanA, meanB] = [mean(a), mean(b)];
	let [ab, aa, bb] = [0, 0, 0];
	for (let i = 0; i < n; i++) {
		const [x, y] = [a[i]! - meanA, b[i]! - meanB];
		ab += x * y;
		aa += x * x;
		bb += y * y;
	}
	return aa === 0 || bb === 0 ? 0 : Math.max(-1, Math.min(1, ab / (Math.sqrt(aa) * Math.sqrt(bb))));
}

/** Spearman's correlation: Pearson's, of average ranks. */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number {
	return pearson(averageRanks(a), averageRanks(b));
}

export interface Summary {
	readonly n: number;
	readonly mean: number;
	/** 95% percentile bootstrap over the values. */
	readonly low: number;
	readonly high: number;
	/** mean ∓ 1.96 standard errors. */
	readonly normalLow: number;
	readonly normalHigh: number;
	readonly median: number;
	readonly min: number;
	readonly max: number;
}

export interface SummariseOptions {
	readonly seed?: number;
	readonly resamples?: number;
}

/** The value below which a share q of sorted values lies, linear between neighbours (numpy's default). */
export function quantile(sorted: ArrayLike<number>, q: number): number {
	const place = q * (sorted.length - 1);
	const below = Math.floor(place);
	const low = sorted[below]!;
	return low + (place - below) * (sorted[Math.min(below + 1, sorted.length - 1)]! - low);
}

const PURPOSE_BOOTSTRAP = 0xb007;

/** Means of resamples with replacement, sorted. Four draws come of one counter. */
function bootstrapMeans(values: ArrayLike<number>, seed: number, resamples: number): Float64Array {
	const n = values.length;
	const means = new Float64Array(resamples);
	for (let resample = 0; resample < resamples; resample++) {
		let total = 0;
		for (let i = 0; i < n; i += 4) {
			const words = philox([i, 0, resample, PURPOSE_BOOTSTRAP], [seed >>> 0, 0]);
			for (let w = 0; w < 4 && i + w < n; w++) total += values[Math.floor((words[w]! * n) / 2 ** 32)]!;
		}
		means[resample] = total / n;
	}
	return means.sort();
}

/** Mean of one value for each query, with its 95% intervals over queries. The same numbers give the same summary. */
export function summarise(values: ArrayLike<number>, { seed = 1, resamples = 10_000 }: SummariseOptions = {}): Summary {
	const n = values.length;
	if (n === 0) throw new RangeError("a summary needs at least one value");
	const sorted = Float64Array.from(values).sort();
	let mean = 0;
	for (let i = 0; i < n; i++) mean += values[i]! / n;
	let square = 0;
	for (let i = 0; i < n; i++) square += (values[i]! - mean) ** 2;
	const error = n === 1 ? 0 : Math.sqrt(square / (n - 1) / n);
	const means = bootstrapMeans(values, seed, resamples);
	return {
		n,
		mean,
		low: quantile(means, 0.025),
		high: quantile(means, 0.975),
		normalLow: mean - 1.96 * error,
		normalHigh: mean + 1.96 * error,
		median: quantile(sorted, 0.5),
		min: sorted[0]!,
		max: sorted[n - 1]!,
	};
}

/** Chance that a gold row stands above another one, ties counting half (Mann–Whitney); 0.5 where either kind is absent. */
export function auc(scores: ArrayLike<number>, isGold: ArrayLike<boolean>): number {
	sameLength(scores, isGold);
	const ranks = averageRanks(scores);
	let [gold, total] = [0, 0];
	for (let i = 0; i < ranks.length; i++) {
		if (!isGold[i]) continue;
		gold++;
		total += ranks[i]!;
	}
	const others = ranks.length - gold;
	return gold === 0 || others === 0 ? 0.5 : (total - (gold * (gold + 1)) / 2) / (gold * others);
}

/** Places from 1 of the gold rows, ascending; rows of equal score stand in the order of their ids. */
export function goldPlaces(scores: ArrayLike<number>, isGold: ArrayLike<boolean>): number[] {
	sameLength(scores, isGold);
	const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort(
		(i, j) => scores[j]! - scores[i]! || i - j,
	);
	const places: number[] = [];
	order.forEach((row, place) => {
		if (isGold[row]) places.push(place + 1);
	});
	return places;
}

/** 1 / place of the first gold row; 0 where there is none. */
export function reciprocalRank(scores: ArrayLike<number>, isGold: ArrayLike<boolean>): number {
	const [first] = goldPlaces(scores, isGold);
	return first === undefined ? 0 : 1 / first;
}

/** Share of the gold rows (of k, where they are more) among the first k; 0 where there are none. */
export function recallAt(scores: ArrayLike<number>, isGold: ArrayLike<boolean>, k: number): number {
	const places = goldPlaces(scores, isGold);
	return places.length === 0 ? 0 : places.filter((place) => place <= k).length / Math.min(k, places.length);
}
