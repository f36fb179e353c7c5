// Partial vector loads and stores, and the strided-8 sum tree. Knows nothing of any operation.

/** Lanes 0..r-1 from memory, zeros above (r = 1..3); reads nothing past them. */
// @ts-ignore: decorator
@inline
export function loadPartial(p: usize, r: i32): v128 {
	let v = v128.load32_zero(p);
	if (r > 1) v = f32x4.replace_lane(v, 1, load<f32>(p, 4));
	if (r > 2) v = f32x4.replace_lane(v, 2, load<f32>(p, 8));
	return v;
}

/** Stores lanes 0..r-1 (r = 1..3). */
// @ts-ignore: decorator
@inline
export function storePartial(p: usize, v: v128, r: i32): void {
	store<f32>(p, f32x4.extract_lane(v, 0));
	if (r > 1) store<f32>(p, f32x4.extract_lane(v, 1), 4);
	if (r > 2) store<f32>(p, f32x4.extract_lane(v, 2), 8);
}

/** ((p0+p4)+(p2+p6)) + ((p1+p5)+(p3+p7)) for low = p0..p3, high = p4..p7. */
// @ts-ignore: decorator
@inline
export function sumTree(low: v128, high: v128): f32 {
	const s = f32x4.add(low, high);
	const a: f32 = f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 2);
	const b: f32 = f32x4.extract_lane(s, 1) + f32x4.extract_lane(s, 3);
	return a + b;
}

/** Writes n zeros. */
// @ts-ignore: decorator
@inline
export function zero(p: usize, n: i32): void {
	memory.fill(p, 0, <usize>n << 2);
}

/** n rounded up to a multiple of 8. */
// @ts-ignore: decorator
@inline
export function ceil8(n: i32): i32 {
	return (n + 7) & ~7;
}
