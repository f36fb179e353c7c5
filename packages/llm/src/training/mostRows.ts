// How large a batch may be, found by asking.

/** The most rows, fewer than `rows`, that fit; 0 where not even one does. */
export function mostRows(fits: (rows: number) => boolean, rows: number): number {
	let [low, high] = [0, rows];
	while (low + 1 < high) {
		const middle = (low + high) >> 1;
		if (fits(middle)) low = middle;
		else high = middle;
	}
	return low;
}
