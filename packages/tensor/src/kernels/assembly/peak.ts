// The register-only loop that gemm is measured against.

/**
 * Roofline: `iterations` × 4 × 7 pairs of a multiplication and an addition, four lanes each = 224 FLOPs, in registers only.
 * Seven pairs fill the sixteen vector registers of x86 and cover both latencies.
 */
export function peak(iterations: i32): f32 {
	// Exactly 1 at run time, but not known to the compiler; the products neither grow nor become subnormal.
	const one = f32x4.splat(<f32>1 + <f32>iterations * <f32>1e-20);
	let m0 = f32x4.splat(1), a0 = f32x4.splat(0);
	let m1 = f32x4.splat(2), a1 = f32x4.splat(0);
	let m2 = f32x4.splat(3), a2 = f32x4.splat(0);
	let m3 = f32x4.splat(4), a3 = f32x4.splat(0);
	let m4 = f32x4.splat(5), a4 = f32x4.splat(0);
	let m5 = f32x4.splat(6), a5 = f32x4.splat(0);
	let m6 = f32x4.splat(7), a6 = f32x4.splat(0);
	for (let i = 0; i < iterations; i++) {
		a0 = f32x4.add(a0, m0);
		a1 = f32x4.add(a1, m1);
		a2 = f32x4.add(a2, m2);
		a3 = f32x4.add(a3, m3);
		a4 = f32x4.add(a4, m4);
		a5 = f32x4.add(a5, m5);
		a6 = f32x4.add(a6, m6);
		m0 = f32x4.mul(m0, one);
		m1 = f32x4.mul(m1, one);
		m2 = f32x4.mul(m2, one);
		m3 = f32x4.mul(m3, one);
		m4 = f32x4.mul(m4, one);
		m5 = f32x4.mul(m5, one);
		m6 = f32x4.mul(m6, one);
		a0 = f32x4.add(a0, m0);
		a1 = f32x4.add(a1, m1);
		a2 = f32x4.add(a2, m2);
		a3 = f32x4.add(a3, m3);
		a4 = f32x4.add(a4, m4);
		a5 = f32x4.add(a5, m5);
		a6 = f32x4.add(a6, m6);
		m0 = f32x4.mul(m0, one);
		m1 = f32x4.mul(m1, one);
		m2 = f32x4.mul(m2, one);
		m3 = f32x4.mul(m3, one);
		m4 = f32x4.mul(m4, one);
		m5 = f32x4.mul(m5, one);
		m6 = f32x4.mul(m6, one);
		a0 = f32x4.add(a0, m0);
		a1 = f32x4.add(a1, m1);
		a2 = f32x4.add(a2, m2);
		a3 = f32x4.add(a3, m3);
		a4 = f32x4.add(a4, m4);
		a5 = f32x4.add(a5, m5);
		a6 = f32x4.add(a6, m6);
		m0 = f32x4.mul(m0, one);
		m1 = f32x4.mul(m1, one);
		m2 = f32x4.mul(m2, one);
		m3 = f32x4.mul(m3, one);
		m4 = f32x4.mul(m4, one);
		m5 = f32x4.mul(m5, one);
		m6 = f32x4.mul(m6, one);
		a0 = f32x4.add(a0, m0);
		a1 = f32x4.add(a1, m1);
		a2 = f32x4.add(a2, m2);
		a3 = f32x4.add(a3, m3);
		a4 = f32x4.add(a4, m4);
		a5 = f32x4.add(a5, m5);
		a6 = f32x4.add(a6, m6);
		m0 = f32x4.mul(m0, one);
		m1 = f32x4.mul(m1, one);
		m2 = f32x4.mul(m2, one);
		m3 = f32x4.mul(m3, one);
		m4 = f32x4.mul(m4, one);
		m5 = f32x4.mul(m5, one);
		m6 = f32x4.mul(m6, one);
	}
	a0 = f32x4.add(f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3)), f32x4.add(f32x4.add(a4, a5), a6));
	return f32x4.extract_lane(a0, 0);
}
