// Element by element: binary and unary operations, fill, and the first non-finite element.
import { cos4, exp4, log4, sin4 } from "./math";
import { loadPartial, storePartial } from "./vec";

// @ts-ignore: decorator
@inline
function binary4(op: i32, x: v128, y: v128): v128 {
	if (op == 0) return f32x4.add(x, y);
	if (op == 1) return f32x4.sub(x, y);
	if (op == 2) return f32x4.mul(x, y);
	if (op == 3) return f32x4.div(x, y);
	return v128.and(f32x4.gt(x, y), f32x4.splat(1));
}

// @ts-ignore: decorator
@inline
function binaryLoop(op: i32, a: usize, b: usize, out: usize, n: i32, mode: i32): void {
	const main = n & ~3;
	const rest = n & 3;
	const end = out + (<usize>main << 2);
	if (mode == 1) {
		const y = v128.load32_splat(b);
		for (; out < end; a += 16, out += 16) v128.store(out, binary4(op, v128.load(a), y));
		if (rest) storePartial(out, binary4(op, loadPartial(a, rest), y), rest);
	} else if (mode == 2) {
		const x = v128.load32_splat(a);
		for (; out < end; b += 16, out += 16) v128.store(out, binary4(op, x, v128.load(b)));
		if (rest) storePartial(out, binary4(op, x, loadPartial(b, rest)), rest);
	} else {
		for (; out < end; a += 16, b += 16, out += 16) v128.store(out, binary4(op, v128.load(a), v128.load(b)));
		if (rest) storePartial(out, binary4(op, loadPartial(a, rest), loadPartial(b, rest)), rest);
	}
}

/** op 0 add, 1 sub, 2 mul, 3 div, 4 greater; mode 0 same shape, 1 b is one element, 2 a is one element. */
export function binary(op: i32, a: usize, b: usize, out: usize, n: i32, mode: i32): void {
	if (op == 0) binaryLoop(0, a, b, out, n, mode);
	else if (op == 1) binaryLoop(1, a, b, out, n, mode);
	else if (op == 2) binaryLoop(2, a, b, out, n, mode);
	else if (op == 3) binaryLoop(3, a, b, out, n, mode);
	else binaryLoop(4, a, b, out, n, mode);
}

// @ts-ignore: decorator
@inline
function unary4(op: i32, x: v128): v128 {
	if (op == 0) return f32x4.neg(x);
	if (op == 1) return exp4(x);
	if (op == 2) return log4(x);
	if (op == 3) return f32x4.sqrt(x);
	if (op == 4) return sin4(x);
	if (op == 5) return cos4(x);
	return f32x4.div(f32x4.splat(1), x);
}

// @ts-ignore: decorator
@inline
function unaryLoop(op: i32, a: usize, out: usize, n: i32): void {
	const rest = n & 3;
	const end = out + (<usize>(n & ~3) << 2);
	for (; out < end; a += 16, out += 16) v128.store(out, unary4(op, v128.load(a)));
	if (rest) storePartial(out, unary4(op, loadPartial(a, rest)), rest);
}

/** op 0 neg, 1 exp, 2 log, 3 sqrt, 4 sin, 5 cos, 6 reciprocal. */
export function unary(op: i32, a: usize, out: usize, n: i32): void {
	if (op == 0) unaryLoop(0, a, out, n);
	else if (op == 1) unaryLoop(1, a, out, n);
	else if (op == 2) unaryLoop(2, a, out, n);
	else if (op == 3) unaryLoop(3, a, out, n);
	else if (op == 4) unaryLoop(4, a, out, n);
	else if (op == 5) unaryLoop(5, a, out, n);
	else unaryLoop(6, a, out, n);
}

export function fill(dst: usize, value: f32, n: i32): void {
	const v = f32x4.splat(value);
	const rest = n & 3;
	const end = dst + (<usize>(n & ~3) << 2);
	for (; dst < end; dst += 16) v128.store(dst, v);
	if (rest) storePartial(dst, v, rest);
}

/** Index of the first NaN or infinity, or -1. */
export function firstNonFinite(x: usize, n: i32): i32 {
	const mask = i32x4.splat(0x7f800000);
	let i = 0;
	// x − x is 0 for finite numbers only; the bit pattern test says the same without a float exception.
	for (; i + 4 <= n; i += 4) {
		const v = v128.load(x + (<usize>i << 2));
		if (v128.any_true(i32x4.eq(v128.and(v, mask), mask))) break;
	}
	for (; i < n; i++) {
		if ((load<u32>(x + (<usize>i << 2)) & 0x7f800000) == 0x7f800000) return i;
	}
	return -1;
}
