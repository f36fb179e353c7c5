// Twins of assembly/reduce.ts.

const f = Math.fround;

/** Strided-8 sum of term(0..n-1): p_j = Σ term(8i+j) from +0, then ((p0+p4)+(p2+p6)) + ((p1+p5)+(p3+p7)). */
export function strided8(n: number, term: (i: number) => number): number {
	const p = new Float32Array(8);
	for (let i = 0; i < n; i++) p[i & 7] = p[i & 7]! + term(i);
	const even = f(f(p[0]! + p[4]!) + f(p[2]! + p[6]!));
	return f(even + f(f(p[1]! + p[5]!) + f(p[3]! + p[7]!)));
}

/** Greatest of value(0..n-1); a zero is +0. */
export function greatest(n: number, value: (i: number) => number): number {
	let best = value(0);
	for (let i = 1; i < n; i++) {
		const v = value(i);
		if (v > best) best = v;
	}
	return best + 0;
}

/** See Kernels.reduceSum. */
export function twinReduceSum(x: Float32Array, outer: number, n: number, inner: number): Float32Array {
	const out = new Float32Array(outer * inner);
	for (let o = 0; o < outer; o++) {
		if (inner === 1) {
			out[o] = strided8(n, (i) => x[o * n + i]!);
			continue;
		}
		for (let j = 0; j < inner; j++) {
			let sum = 0;
			for (let i = 0; i < n; i++) sum = f(sum + x[(o * n + i) * inner + j]!);
			out[o * inner + j] = sum;
		}
	}
	return out;
}

/** See Kernels.reduceMax. */
export function twinReduceMax(x: Float32Array, outer: number, n: number, inner: number): Float32Array {
	const out = new Float32Array(outer * inner);
	for (let o = 0; o < outer; o++) {
		for (let j = 0; j < inner; j++) out[o * inner + j] = greatest(n, (i) => x[(o * n + i) * inner + j]!);
	}
	return out;
}

/** See Kernels.gatherRows. */
export function twinGatherRows(table: Float32Array, ids: Int32Array, width: number): Float32Array {
	const out = new Float32Array(ids.length * width);
	for (const [i, id] of ids.entries()) out.set(table.subarray(id * width, (id + 1) * width), i * width);
	return out;
}

/** See Kernels.scatterAddRows; adds into out. */
export function twinScatterAddRows(ids: Int32Array, dy: Float32Array, out: Float32Array, width: number): void {
	for (const [i, id] of ids.entries()) {
		for (let j = 0; j < width; j++) out[id * width + j] = out[id * width + j]! + dy[i * width + j]!;
	}
}
