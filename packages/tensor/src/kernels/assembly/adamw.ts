// One AdamW step of one parameter, in place: the element-by-element composition in a single pass over memory.
import { loadPartial, storePartial } from "./vec";

/** m·β₁ + g·(1−β₁) */
// @ts-ignore: decorator
@inline
function firstMoment(m: v128, g: v128, s: usize): v128 {
	return f32x4.add(f32x4.mul(m, v128.load32_splat(s, 16)), f32x4.mul(g, v128.load32_splat(s, 20)));
}

/** v·β₂ + (g·g)·(1−β₂) */
// @ts-ignore: decorator
@inline
function secondMoment(v: v128, g: v128, s: usize): v128 {
	return f32x4.add(
		f32x4.mul(v, v128.load32_splat(s, 24)),
		f32x4.mul(f32x4.mul(g, g), v128.load32_splat(s, 28)),
	);
}

/** p − ((m·c₁)/(√(v·c₂ + εroot) + ε) [+ p·decay])·rate */
// @ts-ignore: decorator
@inline
function moved(p: v128, m: v128, v: v128, s: usize, decays: bool): v128 {
	const root = f32x4.sqrt(f32x4.add(f32x4.mul(v, v128.load32_splat(s, 8)), v128.load32_splat(s, 36)));
	const direction = f32x4.div(f32x4.mul(m, v128.load32_splat(s, 4)), f32x4.add(root, v128.load32_splat(s, 32)));
	const decayed = decays ? f32x4.add(direction, f32x4.mul(p, v128.load32_splat(s, 40))) : direction;
	return f32x4.sub(p, f32x4.mul(decayed, v128.load32_splat(s)));
}

/**
 * s: rate, correction1, correction2, factor, β₁, 1−β₁, β₂, 1−β₂, ε, εroot, decay. The gradient is g·factor. Without decay nothing is
 * added, so that a zero keeps its sign.
 */
export function adamw(p: usize, m: usize, v: usize, g: usize, n: i32, s: usize): void {
	const decays = load<f32>(s, 40) != 0;
	const factor = v128.load32_splat(s, 12);
	const rest = n & 3;
	const end = p + (<usize>(n & ~3) << 2);
	for (; p < end; p += 16, m += 16, v += 16, g += 16) {
		const d = f32x4.mul(v128.load(g), factor);
		const first = firstMoment(v128.load(m), d, s);
		const second = secondMoment(v128.load(v), d, s);
		v128.store(m, first);
		v128.store(v, second);
		v128.store(p, moved(v128.load(p), first, second, s, decays));
	}
	if (rest) {
		const d = f32x4.mul(loadPartial(g, rest), factor);
		const first = firstMoment(loadPartial(m, rest), d, s);
		const second = secondMoment(loadPartial(v, rest), d, s);
		storePartial(m, first, rest);
		storePartial(v, second, rest);
		storePartial(p, moved(loadPartial(p, rest), first, second, s, decays), rest);
	}
}
