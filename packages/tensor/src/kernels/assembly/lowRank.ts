// Low-rank terms of many adapters added to a product: every group of rows has a pair of matrices of its own, of any rank.
//
// A row's product with A is one accumulator for each of its numbers, so a single row would wait for its own additions; the kernel takes four
// pieces of eight numbers at once, of whatever rows, groups and ranks come next. A lies as [K][rank] with ranks that are multiples of four, B in
// panels [⌈N/16⌉][rank][16]; see twin/lowRank.ts.

/** Words of a group in the table: first row, rows, rank, places of A and B in the pool, the scale. */
const GROUP: usize = 24;
/** Words of a piece: x, A from its column on, bytes between A's rows, where its numbers go, how many of them, the scale. */
const PIECE: usize = 24;
/** Greatest rank. */
const MOST_RANK: i32 = 1024;
/** Rows whose numbers are kept between the two products. */
const ROWS: i32 = 8;

/** Bytes of scratch. */
export function lowRankScratchBytes(): i32 {
	return ROWS * MOST_RANK * 4 + 4 * <i32>PIECE + 64;
}

/** Stores eight or four sums times the scale of the piece at p. */
// @ts-ignore: decorator
@inline
function storePiece(p: usize, s: v128, t: v128): void {
	const to = load<u32>(p, 12);
	const scale = v128.load32_splat(p, 20);
	v128.store(to, f32x4.mul(s, scale));
	if (load<i32>(p, 16) > 4) v128.store(to, f32x4.mul(t, scale), 16);
}

/** The first `count` of four pieces; the sums of eight are made in any case, and what lies behind a piece of four is left out. */
export function multiplyPieces(p: usize, count: i32, K: i32): void {
	let x0 = <usize>load<u32>(p), a0 = <usize>load<u32>(p, 4);
	let x1 = x0, a1 = a0, x2 = x0, a2 = a0, x3 = x0, a3 = a0;
	const l0 = <usize>load<u32>(p, 8);
	let l1 = l0, l2 = l0, l3 = l0;
	if (count > 1) {
		x1 = load<u32>(p + PIECE);
		a1 = load<u32>(p + PIECE, 4);
		l1 = load<u32>(p + PIECE, 8);
	}
	if (count > 2) {
		x2 = load<u32>(p + 2 * PIECE);
		a2 = load<u32>(p + 2 * PIECE, 4);
		l2 = load<u32>(p + 2 * PIECE, 8);
	}
	if (count > 3) {
		x3 = load<u32>(p + 3 * PIECE);
		a3 = load<u32>(p + 3 * PIECE, 4);
		l3 = load<u32>(p + 3 * PIECE, 8);
	}
	let s0 = f32x4.splat(0), t0 = s0, s1 = s0, t1 = s0, s2 = s0, t2 = s0, s3 = s0, t3 = s0;
	if (count > 2) {
		for (let k: usize = 0; k < <usize>K << 2; k += 4) {
			let y = v128.load32_splat(x0 + k);
			s0 = f32x4.add(s0, f32x4.mul(y, v128.load(a0)));
			t0 = f32x4.add(t0, f32x4.mul(y, v128.load(a0, 16)));
			y = v128.load32_splat(x1 + k);
			s1 = f32x4.add(s1, f32x4.mul(y, v128.load(a1)));
			t1 = f32x4.add(t1, f32x4.mul(y, v128.load(a1, 16)));
			y = v128.load32_splat(x2 + k);
			s2 = f32x4.add(s2, f32x4.mul(y, v128.load(a2)));
			t2 = f32x4.add(t2, f32x4.mul(y, v128.load(a2, 16)));
			y = v128.load32_splat(x3 + k);
			s3 = f32x4.add(s3, f32x4.mul(y, v128.load(a3)));
			t3 = f32x4.add(t3, f32x4.mul(y, v128.load(a3, 16)));
			a0 += l0;
			a1 += l1;
			a2 += l2;
			a3 += l3;
		}
	} else {
		for (let k: usize = 0; k < <usize>K << 2; k += 4) {
			let y = v128.load32_splat(x0 + k);
			s0 = f32x4.add(s0, f32x4.mul(y, v128.load(a0)));
			t0 = f32x4.add(t0, f32x4.mul(y, v128.load(a0, 16)));
			y = v128.load32_splat(x1 + k);
			s1 = f32x4.add(s1, f32x4.mul(y, v128.load(a1)));
			t1 = f32x4.add(t1, f32x4.mul(y, v128.load(a1, 16)));
			a0 += l0;
			a1 += l1;
		}
	}
	storePiece(p, s0, t0);
	if (count > 1) storePiece(p + PIECE, s1, t1);
	if (count > 2) storePiece(p + 2 * PIECE, s2, t2);
	if (count > 3) storePiece(p + 3 * PIECE, s3, t3);
}

/** out[0..N-1] += low[0..r-1] · B. */
function addRow(low: usize, panel: usize, out: usize, r: i32, N: i32): void {
	const end = low + (<usize>r << 2);
	for (let n = 0; n < N; n += 16, out += 64) {
		let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
		for (let x = low; x < end; x += 8, panel += 128) {
			const k = v128.load32_splat(x);
			const l = v128.load32_splat(x, 4);
			s0 = f32x4.add(f32x4.add(s0, f32x4.mul(k, v128.load(panel))), f32x4.mul(l, v128.load(panel, 64)));
			s1 = f32x4.add(f32x4.add(s1, f32x4.mul(k, v128.load(panel, 16))), f32x4.mul(l, v128.load(panel, 80)));
			s2 = f32x4.add(f32x4.add(s2, f32x4.mul(k, v128.load(panel, 32))), f32x4.mul(l, v128.load(panel, 96)));
			s3 = f32x4.add(f32x4.add(s3, f32x4.mul(k, v128.load(panel, 48))), f32x4.mul(l, v128.load(panel, 112)));
		}
		addColumns(out, s0, s1, s2, s3, N - n);
	}
}

/** The same for two rows of one group. */
function addTwoRows(low: usize, panel: usize, out: usize, ldo: usize, r: i32, N: i32): void {
	const ldl = <usize>r << 2;
	const end = low + ldl;
	for (let n = 0; n < N; n += 16, out += 64) {
		let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
		for (let x = low; x < end; x += 4, panel += 64) {
			const w0 = v128.load(panel);
			const w1 = v128.load(panel, 16);
			const w2 = v128.load(panel, 32);
			const w3 = v128.load(panel, 48);
			let k = v128.load32_splat(x);
			a0 = f32x4.add(a0, f32x4.mul(k, w0));
			a1 = f32x4.add(a1, f32x4.mul(k, w1));
			a2 = f32x4.add(a2, f32x4.mul(k, w2));
			a3 = f32x4.add(a3, f32x4.mul(k, w3));
			k = v128.load32_splat(x + ldl);
			b0 = f32x4.add(b0, f32x4.mul(k, w0));
			b1 = f32x4.add(b1, f32x4.mul(k, w1));
			b2 = f32x4.add(b2, f32x4.mul(k, w2));
			b3 = f32x4.add(b3, f32x4.mul(k, w3));
		}
		addColumns(out, a0, a1, a2, a3, N - n);
		addColumns(out + ldo, b0, b1, b2, b3, N - n);
	}
}

/** out += the first cols of 16 numbers. */
// @ts-ignore: decorator
@inline
function addColumns(out: usize, s0: v128, s1: v128, s2: v128, s3: v128, cols: i32): void {
	if (cols >= 16) {
		v128.store(out, f32x4.add(v128.load(out), s0));
		v128.store(out, f32x4.add(v128.load(out, 16), s1), 16);
		v128.store(out, f32x4.add(v128.load(out, 32), s2), 32);
		v128.store(out, f32x4.add(v128.load(out, 48), s3), 48);
		return;
	}
	addFour(out, s0, cols);
	addFour(out + 16, s1, cols - 4);
	addFour(out + 32, s2, cols - 8);
	addFour(out + 48, s3, cols - 12);
}

/** out += the first cols of four numbers, if there are any. */
function addFour(out: usize, s: v128, cols: i32): void {
	if (cols >= 4) v128.store(out, f32x4.add(v128.load(out), s));
	else {
		if (cols > 0) store<f32>(out, load<f32>(out) + f32x4.extract_lane(s, 0));
		if (cols > 1) store<f32>(out, load<f32>(out, 4) + f32x4.extract_lane(s, 1), 4);
		if (cols > 2) store<f32>(out, load<f32>(out, 8) + f32x4.extract_lane(s, 2), 8);
	}
}

/**
 * Rows from..to-1 of lowRankAdd: y [rows, N] in place plus, for each row of a group, scale·(x·A)·B in this order; x [rows, K]. Groups stand in the
 * order of their rows; those of no rows or of rank 0 add nothing.
 */
export function lowRankRows(
	y: usize, x: usize, pool: usize, table: usize, groups: i32, N: i32, K: i32, from: i32, to: i32, scratch: usize,
): void {
	const ldx = <usize>K << 2;
	const ldy = <usize>N << 2;
	const pieces = scratch;
	const lows = scratch + 4 * PIECE;
	const end = table + <usize>groups * GROUP;
	// Where the walk over the groups stands: `done` are rows whose numbers lie in lows, waiting for the second product.
	let group = table;
	let row = -1;
	while (group < end) {
		// First products of up to ROWS rows, of this group and the next ones.
		let low = lows;
		let count = 0;
		let rows = 0;
		const firstGroup = group;
		const firstRow = row;
		while (group < end && rows < ROWS) {
			const begin = load<i32>(group);
			const rank = load<i32>(group, 8);
			let last = begin + load<i32>(group, 4);
			if (last > to) last = to;
			if (row < begin) row = begin;
			if (row < from) row = from;
			if (rank == 0 || row >= last) {
				group += GROUP;
				row = -1;
				continue;
			}
			const some = last - row < ROWS - rows ? last - row : ROWS - rows;
			const a = pool + ((<usize>load<u32>(group, 12)) << 2);
			// Column by column: neighbours in the list then read the same numbers of A.
			for (let j = 0; j < rank; j += 8) {
				for (let i = 0; i < some; i++) {
					const p = pieces + <usize>count * PIECE;
					store<u32>(p, <u32>(x + <usize>(row + i) * ldx));
					store<u32>(p, <u32>(a + (<usize>j << 2)), 4);
					store<u32>(p, <u32>rank << 2, 8);
					store<u32>(p, <u32>(low + ((<usize>(i * rank + j)) << 2)), 12);
					store<i32>(p, rank - j, 16);
					store<f32>(p, load<f32>(group, 20), 20);
					if (++count == 4) {
						multiplyPieces(pieces, 4, K);
						count = 0;
					}
				}
			}
			low += (<usize>(some * rank)) << 2;
			rows += some;
			row += some;
		}
		if (count > 0) multiplyPieces(pieces, count, K);
		// Second products of the same rows, by the same walk.
		low = lows;
		let again = firstGroup;
		let at = firstRow;
		while (rows > 0) {
			const begin = load<i32>(again);
			const rank = load<i32>(again, 8);
			let last = begin + load<i32>(again, 4);
			if (last > to) last = to;
			if (at < begin) at = begin;
			if (at < from) at = from;
			if (rank == 0 || at >= last) {
				again += GROUP;
				at = -1;
				continue;
			}
			const some = last - at < rows ? last - at : rows;
			const b = pool + ((<usize>load<u32>(again, 16)) << 2);
			let i = 0;
			for (; i + 2 <= some; i += 2, low += <usize>rank << 3) addTwoRows(low, b, y + <usize>(at + i) * ldy, ldy, rank, N);
			if (i < some) {
				addRow(low, b, y + <usize>(at + i) * ldy, rank, N);
				low += <usize>rank << 2;
			}
			rows -= some;
			at += some;
		}
	}
}

/** y [M, N] in place. */
export function lowRankAdd(
	y: usize, x: usize, pool: usize, table: usize, groups: i32, M: i32, N: i32, K: i32, scratch: usize,
): void {
	lowRankRows(y, x, pool, table, groups, N, K, 0, M, scratch);
}
