// Strided copies: broadcast, transpose, slice and concatenate are all this one kernel.

/** One run of n elements with element strides s and t. */
// @ts-ignore: decorator
@inline
function copyRun(src: usize, dst: usize, n: i32, s: i32, t: i32): void {
	if (t == 1 && s == 1) {
		if (n >= 64) {
			memory.copy(dst, src, <usize>n << 2);
			return;
		}
		const end = src + (<usize>n << 2);
		for (; src + 16 <= end; src += 16, dst += 16) v128.store(dst, v128.load(src));
		for (; src < end; src += 4, dst += 4) store<u32>(dst, load<u32>(src));
		return;
	}
	if (t == 1 && s == 0) {
		const v = v128.load32_splat(src);
		const end = dst + (<usize>n << 2);
		for (; dst + 16 <= end; dst += 16) v128.store(dst, v);
		for (; dst < end; dst += 4) store<u32>(dst, load<u32>(src));
		return;
	}
	const sb = s << 2;
	const tb = t << 2;
	for (let i = 0; i < n; i++) {
		store<u32>(dst, load<u32>(src));
		src += sb;
		dst += tb;
	}
}

/** dst[i, j] = src[j, i] for an n × m result: source strides 1 (rows) and s (columns), destination t (rows) and 1. */
function transpose(src: usize, dst: usize, n: i32, m: i32, s: i32, t: i32): void {
	const sb = <usize>s << 2;
	const tb = <usize>t << 2;
	let i = 0;
	for (; i + 4 <= n; i += 4, src += 16, dst += tb << 2) {
		let p = src;
		let q = dst;
		let j = 0;
		for (; j + 4 <= m; j += 4, p += sb << 2, q += 16) {
			const a = v128.load(p);
			const b = v128.load(p + sb);
			const c = v128.load(p + sb * 2);
			const d = v128.load(p + sb * 3);
			const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
			const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
			const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
			const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
			v128.store(q, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5));
			v128.store(q + tb, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7));
			v128.store(q + tb * 2, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5));
			v128.store(q + tb * 3, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7));
		}
		for (; j < m; j++, p += sb, q += 4) {
			store<u32>(q, load<u32>(p));
			store<u32>(q + tb, load<u32>(p, 4));
			store<u32>(q + tb * 2, load<u32>(p, 8));
			store<u32>(q + tb * 3, load<u32>(p, 12));
		}
	}
	for (; i < n; i++, src += 4, dst += tb) copyRun(src, dst, m, s, 1);
}

/** i32 at params[index]. */
// @ts-ignore: decorator
@inline
function param(params: usize, index: i32): i32 {
	return load<i32>(params + (<usize>index << 2));
}

/**
 * dst[i·dstStrides] = src[i·srcStrides] over all indices; params = i32 dims[ndim], srcStrides[ndim], dstStrides[ndim],
 * strides in elements, source stride 0 repeats; ndim ≤ 6.
 */
export function copyStrided(src: usize, dst: usize, ndim: i32, params: usize): void {
	copyStridedPart(src, dst, ndim, params, -1, 0, 0);
}

/** copyStrided for indices first..last-1 of one axis only; axis -1: of none. */
export function copyStridedPart(src: usize, dst: usize, ndim: i32, params: usize, axis: i32, first: i32, last: i32): void {
	if (axis >= 0) {
		src += (first * param(params, ndim + axis)) << 2;
		dst += (first * param(params, ndim * 2 + axis)) << 2;
	}
	// Dimensions innermost first, sizes of one dropped and neighbours that continue each other merged.
	let n0 = 1, n1 = 1, n2 = 1, n3 = 1, n4 = 1, n5 = 1;
	let s0 = 1, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0;
	let t0 = 1, t1 = 0, t2 = 0, t3 = 0, t4 = 0, t5 = 0;
	let used = 0;
	for (let i = ndim - 1; i >= 0; i--) {
		const n = i == axis ? last - first : param(params, i);
		const s = param(params, ndim + i);
		const t = param(params, ndim * 2 + i);
		if (n == 0) return;
		if (n == 1) continue;
		if (used == 1 && s == n0 * s0 && t == n0 * t0) n0 *= n;
		else if (used == 2 && s == n1 * s1 && t == n1 * t1) n1 *= n;
		else if (used == 3 && s == n2 * s2 && t == n2 * t2) n2 *= n;
		else if (used == 4 && s == n3 * s3 && t == n3 * t3) n3 *= n;
		else if (used == 5 && s == n4 * s4 && t == n4 * t4) n4 *= n;
		else {
			if (used == 0) { n0 = n; s0 = s; t0 = t; }
			else if (used == 1) { n1 = n; s1 = s; t1 = t; }
			else if (used == 2) { n2 = n; s2 = s; t2 = t; }
			else if (used == 3) { n3 = n; s3 = s; t3 = t; }
			else if (used == 4) { n4 = n; s4 = s; t4 = t; }
			else { n5 = n; s5 = s; t5 = t; }
			used++;
		}
	}
	const swap = t0 == 1 && s1 == 1 && s0 > 1 && n1 >= 4;
	for (let i5 = 0; i5 < n5; i5++) {
		for (let i4 = 0; i4 < n4; i4++) {
			for (let i3 = 0; i3 < n3; i3++) {
				for (let i2 = 0; i2 < n2; i2++) {
					let p = src + ((i5 * s5 + i4 * s4 + i3 * s3 + i2 * s2) << 2);
					let q = dst + ((i5 * t5 + i4 * t4 + i3 * t3 + i2 * t2) << 2);
					if (swap) transpose(p, q, n1, n0, s0, t1);
					else {
						for (let i1 = 0; i1 < n1; i1++) {
							copyRun(p, q, n0, s0, t0);
							p += s1 << 2;
							q += t1 << 2;
						}
					}
				}
			}
		}
	}
}
