// Square roots that are the same everywhere.

/** ⌊√x⌋ for x ≥ 0, by Newton's steps from above. */
export function squareRoot(x: bigint): bigint {
	if (x < 2n) return x;
	let root = 1n << BigInt(Math.ceil(x.toString(2).length / 2));
	for (;;) {
		const next = (root + x / root) >> 1n;
		if (next >= root) return root;
		root = next;
	}
}
