// How far two divisions of the same million lie apart. It must not know which of them is the truth.

/** Rank correlation (Spearman, ties at their mean rank), −1 to 1; undefined where one side has no order. */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number | undefined {
	const [x, y] = [ranks(a), ranks(b)];
	const mean = (x.length + 1) / 2;
	let [xy, xx, yy] = [0, 0, 0];
	x.forEach((rank, i) => {
		const [dx, dy] = [rank - mean, y[i]! - mean];
		xy += dx * dy;
		xx += dx * dx;
		yy += dy * dy;
	});
	return xx === 0 || yy === 0 ? undefined : xy / Math.sqrt(xx * yy);
}

/** Σ|aᵢ − bᵢ|, from 0 (the same) to two million (nothing in common). */
export function distancePpm(a: readonly number[], b: readonly number[]): number {
	return a.reduce((sum, share, i) => sum + Math.abs(share - b[i]!), 0);
}

/** From 1; equal values share the mean of their ranks. */
function ranks(values: readonly number[]): number[] {
	const order = values.map((_, i) => i).sort((i, j) => values[i]! - values[j]!);
	const out = new Array<number>(values.length);
	for (let first = 0; first < order.length; ) {
		let end = first + 1;
		while (end < order.length && values[order[end]!] === values[order[first]!]) end++;
		for (let place = first; place < end; place++) out[order[place]!] = (first + 1 + end) / 2;
		first = end;
	}
	return out;
}
