// The product of two features.

/** Σ aᵢ·bᵢ, exact. */
export function integerDot(a: Int8Array, b: Int8Array): number {
	let sum = 0;
	for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
	return sum;
}
