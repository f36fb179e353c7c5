// Whole numbers in proportion to weights, none lost: the method of largest remainders. It must not know what is shared.
import { checkAmount } from "./checks.js";

/** One million: shares are parts of it. */
export const PPM = 1_000_000;

/**
 * Divides `total` in proportion to `weights`: everybody gets the floor, what is left goes by ones to the largest
 * remainders, ties to the lower index. Sums to `total`; all zero if all weights are. Throws `protocol/bad-amount`.
 */
export function allocate(total: bigint, weights: readonly bigint[]): bigint[] {
	checkAmount(total, "total");
	const sum = weights.reduce((running, weight, index) => running + checkAmount(weight, `weight ${index}`), 0n);
	if (sum === 0n) return weights.map(() => 0n);
	const parts = weights.map((weight) => (total * weight) / sum);
	const remainders = weights.map((weight) => (total * weight) % sum);
	const byRemainder = weights
		.map((_, index) => index)
		.sort((a, b) => (remainders[a] === remainders[b] ? a - b : remainders[a]! > remainders[b]! ? -1 : 1));
	const left = Number(parts.reduce((rest, part) => rest - part, total));
	for (const index of byRemainder.slice(0, left)) parts[index]! += 1n;
	return parts;
}

/** Shares in parts per million that sum to 1,000,000, or all zero if all weights are. */
export function toPpm(weights: readonly bigint[]): number[] {
	return allocate(BigInt(PPM), weights).map(Number);
}
