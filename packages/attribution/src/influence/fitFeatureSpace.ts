// Fits the space of features to a run: the directions in which its rows' gradients vary most.
// Kronecker-factored eigenbases as in EK-FAC (George et al. 2018, arXiv 1806.03884), found from rows' gradients rather than tokens'.

import { type AdapterConfig, type Batch, type Engine, makeBatch, paddedLength, type TokenRow } from "@openledger/llm";
import { drawPermutation, matmul, reshape, transpose } from "@openledger/tensor";
import { openAdapterGradients, type Reduction } from "./adapterGradients.js";
import type { Checkpoint } from "./checkpoint.js";
import { FEATURE_WIDTH, type FeatureSpace, type MatrixRotation } from "./featureSpace.js";
import { createLeadingVectors } from "./leadingVectors.js";
import { rotationConstants, rotationReduction } from "./rotate.js";

/** Rows that the space is fitted to, at most. */
export const FITTED_ROWS = 64;
/** Vectors of a side, at most. */
const MOST_VECTORS = 48;
const PURPOSE_ROWS = 0x9e2;
/** Fixed, since sums over the rows of a batch are part of the result: so many rows, and no more padded positions, but one row always. */
const ROWS_AT_ONCE = 8;
const POSITIONS_AT_ONCE = 1024;

export interface FitOptions {
	readonly seed: number;
	readonly onRow?: (done: number, total: number) => void;
	readonly pause?: () => Promise<void>;
}

/** Which of the rows the space is fitted to: drawn by the seed, at most FITTED_ROWS, in ascending order. */
export function fittedRows(usable: readonly number[], seed: number): number[] {
	return [...drawPermutation({ seed, purpose: PURPOSE_ROWS, step: 0 }, usable.length)]
		.slice(0, FITTED_ROWS)
		.map((place) => usable[place]!)
		.sort((a, b) => a - b);
}

/** Fits a space to these rows' gradients at a checkpoint; the rows are those of `fittedRows`. Throws OutOfMemoryError where none fits. */
export async function fitFeatureSpace(
	engine: Engine,
	adapter: AdapterConfig,
	checkpoint: Checkpoint,
	rows: readonly TokenRow[],
	{ seed, onRow, pause }: FitOptions,
): Promise<FeatureSpace> {
	const batches = batchesOf(rows, engine.base.padding);
	const total = 2 * rows.length;
	let done = 0;
	const each = async (gradients: ReturnType<typeof openAdapterGradients>, use: (o: Outputs, batch: Batch) => void) => {
		try {
			for (const batch of batches) {
				use(gradients.reduce(batch), batch);
				done += batch.shape.rows;
				onRow?.(done, total);
				await pause?.();
			}
		} finally {
			gradients.close();
		}
	};

	const sums = new Map<string, Float64Array>();
	const grams = openAdapterGradients(engine, adapter, checkpoint, gramReduction);
	const { matrices } = grams;
	await each(grams, (outputs) => {
		for (const [name, values] of Object.entries(outputs)) addInto(sums, name, values, gramSize(name, matrices));
	});
	const leading = createLeadingVectors(engine.machine, seed);
	const whole: MatrixRotation[] = [];
	for (const { name, shape } of matrices) {
		const [p, q] = shape;
		const size = [Math.min(p, MOST_VECTORS), Math.min(q, MOST_VECTORS)] as const;
		const left = leading.of(Float32Array.from(sums.get(LEFT + name)!), p, size[0]);
		const right = leading.of(Float32Array.from(sums.get(RIGHT + name)!), q, size[1]);
		whole.push({ name, size, left, right: transposed(right, size[1], q) });
		await pause?.();
	}

	const places = whole.reduce((sum, { size: [a, b] }) => sum + a * b, 0);
	const squares = new Float64Array(places);
	const rotated = openAdapterGradients(engine, adapter, checkpoint, rotationReduction(whole), rotationConstants(whole));
	await each(rotated, (outputs, { shape }) => {
		let at = 0;
		for (const { name, size } of whole) {
			const values = outputs[name]!;
			const count = size[0] * size[1];
			for (let row = 0; row < shape.rows; row++)
				for (let i = 0; i < count; i++) squares[at + i]! += values[row * count + i]! ** 2;
			at += count;
		}
	});
	return chooseNumbers(whole, squares, rows.length);
}

type Outputs = Readonly<Record<string, Float32Array>>;

const LEFT = "left:";
const RIGHT = "right:";

/** Σ over rows of G·Gᵀ [p, p] and Gᵀ·G [q, q]; the smaller side's row by row, so it is summed by the caller. */
const gramReduction: Reduction = (g, name) => {
	const [rows, p, q] = g.shape as readonly [number, number, number];
	const stack = p <= q ? reshape(g, [rows * p, q]) : reshape(transpose(g, [0, 2, 1]), [rows * q, p]);
	const large = matmul(stack, stack, { transA: true });
	const small = p <= q ? matmul(g, g, { transB: true }) : matmul(g, g, { transA: true });
	return p <= q ? { [LEFT + name]: small, [RIGHT + name]: large } : { [LEFT + name]: large, [RIGHT + name]: small };
};

function gramSize(output: string, matrices: readonly { name: string; shape: readonly [number, number] }[]): number {
	const isLeft = output.startsWith(LEFT);
	const [p, q] = matrices.find(({ name }) => output === (isLeft ? LEFT : RIGHT) + name)!.shape;
	return (isLeft ? p : q) ** 2;
}

function addInto(sums: Map<string, Float64Array>, name: string, values: Float32Array, size: number): void {
	let sum = sums.get(name);
	if (sum === undefined) {
		sum = new Float64Array(size);
		sums.set(name, sum);
	}
	for (let from = 0; from < values.length; from += size) for (let i = 0; i < size; i++) sum[i]! += values[from + i]!;
}

function transposed(rows: Float32Array, count: number, n: number): Float32Array {
	const out = new Float32Array(n * count);
	for (let v = 0; v < count; v++) for (let j = 0; j < n; j++) out[j * count + v] = rows[v * n + j]!;
	return out;
}

/** Keeps the numbers of largest mean square, ties to the earlier place; then only the vectors that these need. */
function chooseNumbers(whole: readonly MatrixRotation[], squares: Float64Array, rows: number): FeatureSpace {
	const order = Array.from(squares.keys()).sort((a, b) => squares[b]! - squares[a]! || a - b);
	const chosen = order.slice(0, FEATURE_WIDTH).sort((a, b) => a - b);
	const rotations: MatrixRotation[] = [];
	const kept: number[] = [];
	const inverse: number[] = [];
	let [from, begin, next] = [0, 0, 0];
	for (const matrix of whole) {
		const [a, b] = matrix.size;
		const own: number[] = [];
		for (; next < chosen.length && chosen[next]! < from + a * b; next++) own.push(chosen[next]! - from);
		if (own.length > 0) {
			const size = [
				1 + Math.max(...own.map((i) => Math.floor(i / b))),
				1 + Math.max(...own.map((i) => i % b)),
			] as const;
			rotations.push(cut(matrix, size));
			for (const i of own) {
				kept.push(begin + Math.floor(i / b) * size[1] + (i % b));
				const square = squares[from + i]! / rows;
				inverse.push(square > 0 ? 1 / Math.sqrt(square) : 0);
			}
			begin += size[0] * size[1];
		}
		from += a * b;
	}
	return {
		rotations,
		kept: Uint32Array.from(kept),
		inverseDeviations: Float32Array.from(inverse),
	};
}

/** The first [a, b] vectors of either side. */
function cut({ name, left, right, size: [p0, b0] }: MatrixRotation, size: readonly [number, number]): MatrixRotation {
	const p = left.length / p0;
	const q = right.length / b0;
	const fewer = new Float32Array(q * size[1]);
	for (let j = 0; j < q; j++) for (let v = 0; v < size[1]; v++) fewer[j * size[1] + v] = right[j * b0 + v]!;
	return { name, size, left: left.slice(0, size[0] * p), right: fewer };
}

/** Rows of like length together, the shortest first. */
function batchesOf(rows: readonly TokenRow[], padding: number): Batch[] {
	const sorted = [...rows].sort((a, b) => a.tokens.length - b.tokens.length);
	const out: Batch[] = [];
	let own: TokenRow[] = [];
	for (const row of sorted) {
		const positions = (own.length + 1) * paddedLength(row.tokens.length - 1);
		if (own.length > 0 && (own.length === ROWS_AT_ONCE || positions > POSITIONS_AT_ONCE)) {
			out.push(makeBatch(own, padding));
			own = [];
		}
		own.push(row);
	}
	if (own.length > 0) out.push(makeBatch(own, padding));
	return out;
}

/**
 * Finds out whether a space can be fitted to rows as long as these, and keeps nothing. Throws OutOfMemoryError where it cannot. `parameters`
 * are any numbers of the adapter's shapes.
 */
export function prepareFeatureSpace(
	engine: Engine,
	adapter: AdapterConfig,
	parameters: ReadonlyMap<string, Float32Array>,
	rows: readonly TokenRow[],
): void {
	const largest = batchesOf(rows, engine.base.padding).reduce<Batch | undefined>(
		(most, batch) => (most === undefined || positions(batch) > positions(most) ? batch : most),
		undefined,
	);
	if (largest === undefined) return;
	const gradients = openAdapterGradients(engine, adapter, { step: 0, parameters, second: parameters }, gramReduction);
	try {
		gradients.prepare(largest.shape);
	} finally {
		gradients.close();
	}
}

const positions = ({ shape }: Batch) => shape.rows * shape.length;
