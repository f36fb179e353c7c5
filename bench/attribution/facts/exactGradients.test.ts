import {
	adapterLoss,
	adapterParameterShapes,
	batchFeeds,
	createEngine,
	inputNameA,
	inputNameB,
	makeBatch,
	tinyAdapter,
	tinyBase,
} from "@openledger/llm";
import { compile, gradient, input } from "@openledger/tensor";
import { expect, test } from "vitest";
import { gradientProducts } from "./exactGradients.js";

const base = tinyBase();
const engine = createEngine(base);
const { config, weights } = tinyAdapter(base);
const parameters = new Map(
	[...weights].flatMap(([path, { A, B }]) => [[inputNameA(path), A] as const, [inputNameB(path), B] as const]),
);
const rows = Array.from({ length: 19 }, (_, i) => ({
	tokens: Array.from({ length: 5 + (i % 7) * 3 }, (_, t) => 1 + ((i * 37 + t * 11) % 250)),
	from: 1 + (i % 4),
}));
const queries = [rows[3]!, { tokens: [9, 8, 7, 200, 14, 3], from: 2 }];

/** The gradient of one row's loss as training takes it: by its own graph, one row at a time. */
function alone(row: (typeof rows)[number]): Float64Array {
	const shapes = adapterParameterShapes(base.config, config);
	const batch = makeBatch([row], base.padding);
	const inputs = new Map([...shapes].map(([name, shape]) => [name, input(name, shape)]));
	const found = gradient(adapterLoss(base.config, config)(inputs, batch.shape), [...inputs.values()]);
	const names = [...shapes.keys()];
	const outputs = Object.fromEntries(names.map((name, i) => [name, found[i]!]));
	const result = compile(engine.machine, outputs).run({
		...engine.resident,
		...Object.fromEntries(parameters),
		...batchFeeds(base.config, batch, batch.counted),
	});
	return Float64Array.from(names.flatMap((name) => [...result[name]!]));
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

test("default: products are those of the rows' own gradients", () => {
	const { dots, rowSquares, querySquares } = gradientProducts(engine, config, parameters, rows, queries);
	const own = rows.map(alone);
	const asked = queries.map(alone);
	const relative = (value: number, wanted: number, size: number) => Math.abs(value - wanted) / size;
	asked.forEach((query, q) => {
		expect(relative(querySquares[q]!, dot(query, query), dot(query, query))).toBeLessThan(1e-4);
		own.forEach((row, r) => {
			const size = Math.sqrt(dot(row, row) * dot(query, query));
			expect(relative(dots[q]![r]!, dot(query, row), size)).toBeLessThan(1e-4);
		});
	});
	own.forEach((row, r) => {
		expect(relative(rowSquares[r]!, dot(row, row), dot(row, row))).toBeLessThan(1e-4);
	});
	expect(relative(dots[0]![3]!, rowSquares[3]!, rowSquares[3]!)).toBeLessThan(1e-6);
});
