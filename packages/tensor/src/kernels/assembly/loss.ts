// SiLU gate and softmax cross-entropy, each with its gradient.
import { exp1, exp4, log1 } from "./math";
import { maxRow } from "./reduce";
import { loadPartial, storePartial, sumTree } from "./vec";

/** 1/(1+exp(−g)) */
// @ts-ignore: decorator
@inline
function sigmoid(g: v128): v128 {
	const one = f32x4.splat(1);
	return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(g))));
}

/** out = (g·sigmoid(g))·u */
export function siluGate(g: usize, u: usize, out: usize, n: i32): void {
	const rest = n & 3;
	const end = out + (<usize>(n & ~3) << 2);
	for (; out < end; g += 16, u += 16, out += 16) {
		const x = v128.load(g);
		v128.store(out, f32x4.mul(f32x4.mul(x, sigmoid(x)), v128.load(u)));
	}
	if (rest) {
		const x = loadPartial(g, rest);
		storePartial(out, f32x4.mul(f32x4.mul(x, sigmoid(x)), loadPartial(u, rest)), rest);
	}
}

/** (dy·u)·(s·(1 + g·(1 − s))) */
// @ts-ignore: decorator
@inline
function gateSlope(g: v128, s: v128, u: v128, dy: v128): v128 {
	const one = f32x4.splat(1);
	const slope = f32x4.mul(s, f32x4.add(one, f32x4.mul(g, f32x4.sub(one, s))));
	return f32x4.mul(f32x4.mul(dy, u), slope);
}

/** dgu = dg then du: dg = (dy·u)·(s·(1+g·(1−s))), du = dy·(g·s), s = sigmoid(g). */
export function siluGateGrad(g: usize, u: usize, dy: usize, dgu: usize, n: i32): void {
	siluGateGradPart(g, u, dy, dgu, dgu + (<usize>n << 2), n);
}

/** siluGateGrad with dg and du in places of their own. */
export function siluGateGradPart(g: usize, u: usize, dy: usize, dgu: usize, du: usize, n: i32): void {
	const rest = n & 3;
	const end = g + (<usize>(n & ~3) << 2);
	for (; g < end; g += 16, u += 16, dy += 16, dgu += 16, du += 16) {
		const x = v128.load(g);
		const s = sigmoid(x);
		const d = v128.load(dy);
		v128.store(dgu, gateSlope(x, s, v128.load(u), d));
		v128.store(du, f32x4.mul(d, f32x4.mul(x, s)));
	}
	if (rest) {
		const x = loadPartial(g, rest);
		const s = sigmoid(x);
		const d = loadPartial(dy, rest);
		storePartial(dgu, gateSlope(x, s, loadPartial(u, rest), d), rest);
		storePartial(du, f32x4.mul(d, f32x4.mul(x, s)), rest);
	}
}

/** Strided-8 sum of exp(x − m) over n numbers; with `keeps`, each of them stays at out, which may be x. */
// @ts-ignore: decorator
@inline
function sumExp(x: usize, out: usize, n: i32, m: f32, keeps: bool): f32 {
	const ms = f32x4.splat(m);
	let low = f32x4.splat(0);
	let high = f32x4.splat(0);
	let i = 0;
	for (; i + 8 <= n; i += 8, x += 32, out += 32) {
		const first = exp4(f32x4.sub(v128.load(x), ms));
		const second = exp4(f32x4.sub(v128.load(x, 16), ms));
		low = f32x4.add(low, first);
		high = f32x4.add(high, second);
		if (keeps) {
			v128.store(out, first);
			v128.store(out, second, 16);
		}
	}
	const z: f32 = 0;
	let tailLow = f32x4.splat(z);
	let tailHigh = f32x4.splat(z);
	for (let j = 0; i + j < n; j++) {
		const e = exp1(load<f32>(x + (<usize>j << 2)) - m);
		if (keeps) store<f32>(out + (<usize>j << 2), e);
		if (j == 0) tailLow = f32x4.replace_lane(tailLow, 0, e);
		else if (j == 1) tailLow = f32x4.replace_lane(tailLow, 1, e);
		else if (j == 2) tailLow = f32x4.replace_lane(tailLow, 2, e);
		else if (j == 3) tailLow = f32x4.replace_lane(tailLow, 3, e);
		else if (j == 4) tailHigh = f32x4.replace_lane(tailHigh, 0, e);
		else if (j == 5) tailHigh = f32x4.replace_lane(tailHigh, 1, e);
		else tailHigh = f32x4.replace_lane(tailHigh, 2, e);
	}
	return sumTree(f32x4.add(low, tailLow), f32x4.add(high, tailHigh));
}

/** out[row] = log(Σ exp(x − max)) − (x_target − max); targets are i32 and in range. */
export function crossEntropy(logits: usize, targets: usize, out: usize, rows: i32, V: i32): void {
	for (let row = 0; row < rows; row++) {
		const m = maxRow(logits, V);
		const z = sumExp(logits, 0, V, m, false);
		const target = <usize>load<i32>(targets + (<usize>row << 2));
		const x = load<f32>(logits + (target << 2));
		store<f32>(out + (<usize>row << 2), log1(z) - (x - m));
		logits += <usize>V << 2;
	}
}

/** out[row, j] = (exp(x − max)/z − [j = target])·dl[row]; out may be logits. */
export function crossEntropyGrad(logits: usize, targets: usize, dl: usize, out: usize, rows: i32, V: i32): void {
	const rest = V & 3;
	const main = <usize>(V & ~3) << 2;
	for (let row = 0; row < rows; row++) {
		const z = sumExp(logits, out, V, maxRow(logits, V), true);
		const d: f32 = load<f32>(dl + (<usize>row << 2));
		const target = <usize>load<i32>(targets + (<usize>row << 2)) << 2;
		const p: f32 = load<f32>(out + target) / z;
		const zs = f32x4.splat(z);
		const ds = f32x4.splat(d);
		for (let j: usize = 0; j < main; j += 16) v128.store(out + j, f32x4.mul(f32x4.div(v128.load(out + j), zs), ds));
		if (rest) storePartial(out + main, f32x4.mul(f32x4.div(loadPartial(out + main, rest), zs), ds), rest);
		store<f32>(out + target, (p - <f32>1) * d);
		logits += <usize>V << 2;
		out += <usize>V << 2;
	}
}
