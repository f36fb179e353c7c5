// The feature scan's module: exact integer scores of records, sums and the best of scores, and the hashes of leaves. It owns no memory:
// every address is the caller's, beyond the first 64 KiB, where constants lie. Written out in features/*.ts as plain TypeScript.
export { leafHashes, pairHash } from "./keccak";
export { bestOf, sumsOf } from "./summary";

/** Four sums of four lanes each, as lanes. */
// @ts-ignore: decorator
@inline
function across(a: v128, b: v128, c: v128, d: v128): v128 {
	const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
	const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
	return i32x4.add(v128.shuffle<i64>(ab, cd, 0, 2), v128.shuffle<i64>(ab, cd, 1, 3));
}

// @ts-ignore: decorator
@inline
function times(dot: i32, record: usize): f64 {
	return <f64>(<i64>dot * <i64><u32>bswap<u16>(load<u16>(record)));
}

/**
 * scores [rows] f64 = scale · Σ query·number. A record is a scale (u16, big-endian) and stride − 2 int8; the query is i16, ended by zeros up
 * to a multiple of 16. What stands behind a record is read, up to 15 bytes of it, and multiplied by those zeros.
 */
export function scan(records: usize, stride: usize, rows: i32, query: usize, scores: usize): void {
	const steps = (stride - 2 + 15) >> 4;
	const queryEnd = query + (steps << 5);
	let row = 0;
	let p0 = records;
	for (; row + 4 <= rows; row += 4) {
		const p1 = p0 + stride;
		const p2 = p1 + stride;
		const p3 = p2 + stride;
		let a = i32x4.splat(0), b = a, c = a, d = a;
		let o: usize = 2;
		for (let q = query; q < queryEnd; q += 32, o += 16) {
			const x = v128.load(q);
			const y = v128.load(q, 16);
			a = i32x4.add(a, i32x4.add(i32x4.dot_i16x8_s(v128.load8x8_s(p0 + o), x), i32x4.dot_i16x8_s(v128.load8x8_s(p0 + o, 8), y)));
			b = i32x4.add(b, i32x4.add(i32x4.dot_i16x8_s(v128.load8x8_s(p1 + o), x), i32x4.dot_i16x8_s(v128.load8x8_s(p1 + o, 8), y)));
			c = i32x4.add(c, i32x4.add(i32x4.dot_i16x8_s(v128.load8x8_s(p2 + o), x), i32x4.dot_i16x8_s(v128.load8x8_s(p2 + o, 8), y)));
			d = i32x4.add(d, i32x4.add(i32x4.dot_i16x8_s(v128.load8x8_s(p3 + o), x), i32x4.dot_i16x8_s(v128.load8x8_s(p3 + o, 8), y)));
		}
		const dots = across(a, b, c, d);
		store<f64>(scores, times(i32x4.extract_lane(dots, 0), p0));
		store<f64>(scores, times(i32x4.extract_lane(dots, 1), p1), 8);
		store<f64>(scores, times(i32x4.extract_lane(dots, 2), p2), 16);
		store<f64>(scores, times(i32x4.extract_lane(dots, 3), p3), 24);
		scores += 32;
		p0 = p3 + stride;
	}
	for (; row < rows; row++, p0 += stride, scores += 8) {
		let a = i32x4.splat(0);
		let o: usize = 2;
		for (let q = query; q < queryEnd; q += 32, o += 16) {
			a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load8x8_s(p0 + o), v128.load(q)));
			a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load8x8_s(p0 + o, 8), v128.load(q, 16)));
		}
		const dot = i32x4.extract_lane(a, 0) + i32x4.extract_lane(a, 1) + i32x4.extract_lane(a, 2) + i32x4.extract_lane(a, 3);
		store<f64>(scores, times(dot, p0));
	}
}

/** The first row that holds −128, or −1. */
export function firstLowest(records: usize, stride: usize, rows: i32): i32 {
	const lowest = i8x16.splat(-128);
	for (let row = 0; row < rows; row++, records += stride) {
		const end = records + stride;
		let p = records + 2;
		for (; p + 16 <= end; p += 16) if (v128.any_true(i8x16.eq(v128.load(p), lowest))) return row;
		for (; p < end; p++) if (load<i8>(p) == -128) return row;
	}
	return -1;
}
