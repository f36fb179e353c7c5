// Twins of assembly/elementwise.ts and assembly/layout.ts.
import { twinCos, twinExp, twinLog, twinSin } from "./math.js";

const f = Math.fround;

const binaryOps: readonly ((x: number, y: number) => number)[] = [
	(x, y) => f(x + y),
	(x, y) => f(x - y),
	(x, y) => f(x * y),
	(x, y) => f(x / y),
	(x, y) => (x > y ? 1 : 0),
];

const unaryOps: readonly ((x: number) => number)[] = [
	(x) => -x,
	twinExp,
	twinLog,
	(x) => f(Math.sqrt(x)),
	twinSin,
	twinCos,
	(x) => f(1 / x),
];

/** See Kernels.binary; an operand of one element is repeated. */
export function twinBinary(op: number, a: Float32Array, b: Float32Array): Float32Array {
	const apply = binaryOps[op]!;
	const n = Math.max(a.length, b.length);
	return Float32Array.from({ length: n }, (_, i) => apply(a[a.length === 1 ? 0 : i]!, b[b.length === 1 ? 0 : i]!));
}

/** See Kernels.unary. */
export function twinUnary(op: number, a: Float32Array): Float32Array {
	return a.map(unaryOps[op]!);
}

/** See Kernels.copyStrided; writes into dst. */
export function twinCopyStrided(
	src: Float32Array,
	dst: Float32Array,
	dims: readonly number[],
	srcStrides: readonly number[],
	dstStrides: readonly number[],
): void {
	const visit = (axis: number, from: number, to: number): void => {
		if (axis === dims.length) {
			dst[to] = src[from]!;
			return;
		}
		for (let i = 0; i < dims[axis]!; i++) visit(axis + 1, from + i * srcStrides[axis]!, to + i * dstStrides[axis]!);
	};
	visit(0, 0, 0);
}

/** See Kernels.firstNonFinite. */
export function twinFirstNonFinite(x: Float32Array): number {
	return x.findIndex((v) => !Number.isFinite(v));
}
