// Dot products of whole adapter gradients, not projected: for each row and query Σ over parameters of ∂loss(row)·∂loss(query), and each
// one's square. The plain truth that projected methods come near to.

import {
	type AdapterConfig,
	adapterAddition,
	adapterParameterShapes,
	adapterTensors,
	batchFeeds,
	type Engine,
	llamaInputs,
	makeBatch,
	rowLosses,
	type TokenRow,
} from "@openledger/llm";
import {
	add,
	type Buffer,
	broadcastTo,
	compile,
	constant,
	type Feed,
	input,
	matmul,
	mul,
	type Program,
	reshape,
	size,
	sum,
	sumAll,
	type Tensor,
	vjp,
} from "@openledger/tensor";

export interface GradientProducts {
	/** [queries][rows] */
	readonly dots: readonly Float64Array[];
	/** Squared length of each gradient. */
	readonly rowSquares: Float64Array;
	readonly querySquares: Float64Array;
}

const ROWS_AT_ONCE = 16;
const ASKED = "query:";

/** Places of rows of like length, so many at once. */
function parts(rows: readonly TokenRow[]): number[][] {
	const order = rows.map((_, i) => i).sort((a, b) => rows[a]!.tokens.length - rows[b]!.tokens.length || a - b);
	return Array.from({ length: Math.ceil(order.length / ROWS_AT_ONCE) }, (_, n) =>
		order.slice(n * ROWS_AT_ONCE, (n + 1) * ROWS_AT_ONCE),
	);
}

/** Gradients are of a row's summed response loss, at the adapter's `parameters`. */
export function gradientProducts(
	engine: Engine,
	adapter: AdapterConfig,
	parameters: ReadonlyMap<string, Float32Array>,
	rows: readonly TokenRow[],
	queries: readonly TokenRow[],
	{ onRows }: { readonly onRows?: (done: number) => void } = {},
): GradientProducts {
	const { machine } = engine;
	const { config, padding } = engine.base;
	const shapes = adapterParameterShapes(config, adapter);
	const names = [...shapes.keys()];
	const fixed: Record<string, Feed> = { ...engine.resident };
	const owned: Buffer[] = [];
	const hold = (name: string, shape: readonly number[], values: Float32Array) => {
		const buffer = machine.buffer(shape, values);
		owned.push(buffer);
		fixed[name] = buffer;
	};

	/** Each parameter's gradient, [rows, numbers]. */
	function gradients(B: number, T: number): Tensor[] {
		const perRow = new Map<string, Tensor>();
		for (const [name, shape] of shapes)
			perRow.set(name, broadcastTo(reshape(input(name, shape), [1, ...shape]), [B, ...shape]));
		const addition = adapterAddition(adapter, adapterTensors(config, adapter, perRow), B, T);
		const loss = sumAll(rowLosses(config, llamaInputs(config, B, T), { rows: B, length: T }, addition));
		const found = vjp(loss, [...perRow.values()], constant(1));
		return names.map((name, i) => reshape(found[i]!, [B, size(shapes.get(name)!)]));
	}
	const total = (tensors: readonly Tensor[]): Tensor => tensors.reduce((a, b) => add(a, b));
	const squares = (all: readonly Tensor[]): Tensor => total(all.map((g) => sum(mul(g, g), 1)));
	const programs = new Map<string, Program<string>>();
	const program = (key: string, outputs: () => Record<string, Tensor>): Program<string> => {
		const known = programs.get(key) ?? compile(machine, outputs());
		programs.set(key, known);
		return known;
	};
	const feeds = (batch: ReturnType<typeof makeBatch>) => ({ ...fixed, ...batchFeeds(config, batch, batch.counted) });
	const lay = (all: readonly TokenRow[], part: readonly number[]) =>
		makeBatch(
			part.map((i) => all[i]!),
			padding,
		);

	try {
		for (const [name, shape] of shapes) hold(name, shape, parameters.get(name)!);
		const querySquares = new Float64Array(queries.length);
		const asked = new Map(names.map((name) => [name, new Float32Array(queries.length * size(shapes.get(name)!))]));
		for (const part of parts(queries)) {
			const batch = lay(queries, part);
			const { rows: B, length: T } = batch.shape;
			const result = program(`query ${B}×${T}`, () => {
				const all = gradients(B, T);
				return { squares: squares(all), ...Object.fromEntries(names.map((name, i) => [name, all[i]!])) };
			}).run(feeds(batch));
			part.forEach((query, b) => {
				querySquares[query] = result.squares![b]!;
				for (const [name, values] of asked) {
					const width = values.length / queries.length;
					values.set(result[name]!.subarray(b * width, (b + 1) * width), query * width);
				}
			});
		}
		for (const [name, values] of asked) hold(ASKED + name, [queries.length, values.length / queries.length], values);

		const rowSquares = new Float64Array(rows.length);
		const dots = queries.map(() => new Float64Array(rows.length));
		let done = 0;
		for (const part of parts(rows)) {
			const batch = lay(rows, part);
			const { rows: B, length: T } = batch.shape;
			const result = program(`row ${B}×${T}`, () => {
				const all = gradients(B, T);
				const products = names.map((name, i) =>
					matmul(all[i]!, input(ASKED + name, [queries.length, size(shapes.get(name)!)]), { transB: true }),
				);
				return { squares: squares(all), dots: total(products) };
			}).run(feeds(batch));
			part.forEach((row, b) => {
				rowSquares[row] = result.squares![b]!;
				for (let query = 0; query < queries.length; query++) {
					dots[query]![row] = result.dots![b * queries.length + query]!;
				}
			});
			done += part.length;
			onRows?.(done);
		}
		return { dots, rowSquares, querySquares };
	} finally {
		for (const buffer of owned) buffer.free();
	}
}
