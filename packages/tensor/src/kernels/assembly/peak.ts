// The register-only loop that gemm is measured against.

/**
 * Roofline: each iteration is seven products of registers into seven accumulators, four lanes each = 56 FLOPs: what a perfect gemm would do if
 * loads, addresses and packing cost nothing. The five factors change places after every other iteration, so that no product can be moved out of
 * the loop; the moves are renamed away by the processor. Two iterations a turn and one exit after each: V8 then neither unrolls nor spills.
 */
export function peak(iterations: i32): f32 {
	// Unknown to the compiler; the products neither grow nor become subnormal.
	const small = <f32>iterations * <f32>1e-20;
	let x0 = f32x4.splat(<f32>1 + small);
	let x1 = f32x4.splat(small - <f32>1);
	let x2 = f32x4.splat(<f32>2 + small);
	let x3 = f32x4.splat(small - <f32>2);
	let x4 = f32x4.splat(<f32>3 + small);
	let a0 = f32x4.splat(0), a1 = f32x4.splat(0), a2 = f32x4.splat(0), a3 = f32x4.splat(0);
	let a4 = f32x4.splat(0), a5 = f32x4.splat(0), a6 = f32x4.splat(0);
	for (;;) {
		a0 = f32x4.add(a0, f32x4.mul(x0, x0));
		a1 = f32x4.add(a1, f32x4.mul(x0, x1));
		a2 = f32x4.add(a2, f32x4.mul(x0, x2));
		a3 = f32x4.add(a3, f32x4.mul(x0, x3));
		a4 = f32x4.add(a4, f32x4.mul(x0, x4));
		a5 = f32x4.add(a5, f32x4.mul(x1, x1));
		a6 = f32x4.add(a6, f32x4.mul(x1, x2));
		if (--iterations <= 0) break;
		a0 = f32x4.add(a0, f32x4.mul(x1, x3));
		a1 = f32x4.add(a1, f32x4.mul(x1, x4));
		a2 = f32x4.add(a2, f32x4.mul(x2, x2));
		a3 = f32x4.add(a3, f32x4.mul(x2, x3));
		a4 = f32x4.add(a4, f32x4.mul(x2, x4));
		a5 = f32x4.add(a5, f32x4.mul(x3, x3));
		a6 = f32x4.add(a6, f32x4.mul(x3, x4));
		if (--iterations <= 0) break;
		const first = x0;
		x0 = x1;
		x1 = x2;
		x2 = x3;
		x3 = x4;
		x4 = first;
	}
	a0 = f32x4.add(f32x4.add(f32x4.add(f32x4.add(a0, a1), a2), a3), a4);
	return f32x4.extract_lane(f32x4.add(f32x4.add(a0, a5), a6), 0);
}
