// The lines of the fact-tracing table, each a score of every row for every query in a world. It must not know which rows are right.

import { createGradientCollector, integerDot, quantisedFeatures } from "@openledger/attribution";
import { makeBatch, type TokenRow, type TrainerState } from "@openledger/llm";
import { embeddingBaselines, textBaselines } from "../baselines/index.js";
import { type GradientProducts, gradientProducts } from "./exactGradients.js";
import type { World } from "./world.js";

export type MethodKind = "chance" | "words" | "hidden states" | "gradients" | "ours";

export interface FactMethod {
	readonly name: string;
	readonly kind: MethodKind;
	/** [queries][rows]; higher says more influence. */
	score(world: World): Float64Array[];
	/** The same with rows' features from one world and queries' from another; where a method has such features. */
	scoreAcross?(rows: World, queries: World): Float64Array[];
}

const tokensOf = (texts: readonly { readonly tokens: TokenRow }[]): TokenRow[] => texts.map(({ tokens }) => tokens);

/** Sums over checkpoints what `of` makes of each product. */
function overCheckpoints(
	products: readonly GradientProducts[],
	of: (product: GradientProducts, query: number, row: number) => number,
): Float64Array[] {
	return products[0]!.dots.map((first, query) =>
		Float64Array.from(first, (_, row) => products.reduce((sum, product) => sum + of(product, query, row), 0)),
	);
}

/** Whole gradients at the checkpoints; worked out once for all methods that ask for the same world. */
function exactMethods(log: (line: string) => void): FactMethod[] {
	const known = new WeakMap<World, GradientProducts[]>();
	const products = (world: World): GradientProducts[] => {
		const found =
			known.get(world) ??
			world.checkpoints.map(({ parameters, step }) => {
				const { engine, run, set } = world;
				const onRows = (done: number) =>
					done % 320 === 0 && log(`whole gradients at step ${step}: ${done} of ${set.rows.length} rows`);
				return gradientProducts(engine, run.adapter, parameters, tokensOf(set.rows), tokensOf(set.queries), { onRows });
			});
		known.set(world, found);
		return found;
	};
	return [
		{
			name: "gradient dot (TracIn)",
			kind: "gradients",
			score: (world) => overCheckpoints(products(world), ({ dots }, query, row) => dots[query]![row]!),
		},
		{
			name: "gradient cosine",
			kind: "gradients",
			score: (world) =>
				overCheckpoints(products(world), ({ dots, rowSquares, querySquares }, query, row) => {
					const square = rowSquares[row]! * querySquares[query]!;
					return square === 0 ? 0 : dots[query]![row]! / Math.sqrt(square);
				}),
		},
	];
}

const ROWS_AT_ONCE = 16;

/** int8 features of texts at each checkpoint. */
function features({ engine, run }: World, checkpoints: readonly TrainerState[], texts: readonly TokenRow[]) {
	const collector = createGradientCollector(engine, run.adapter, 1);
	try {
		const order = texts.map((_, i) => i).sort((a, b) => texts[a]!.tokens.length - texts[b]!.tokens.length || a - b);
		return checkpoints.map((checkpoint) => {
			const out: Int8Array[] = new Array(texts.length);
			for (let at = 0; at < order.length; at += ROWS_AT_ONCE) {
				const part = order.slice(at, at + ROWS_AT_ONCE);
				const batch = makeBatch(
					part.map((i) => texts[i]!),
					engine.base.padding,
				);
				const small = quantisedFeatures(collector, collector.collect(batch, checkpoint));
				part.forEach((i, b) => {
					out[i] = small.slice(b * collector.width, (b + 1) * collector.width);
				});
			}
			return out;
		});
	} finally {
		collector.close();
	}
}

function ours(): FactMethod {
	const across = (rows: World, queries: World): Float64Array[] => {
		const ofRows = features(rows, rows.checkpoints, tokensOf(rows.set.rows));
		const ofQueries = features(queries, queries.checkpoints, tokensOf(queries.set.queries));
		return queries.set.queries.map((_, query) =>
			Float64Array.from(rows.set.rows, (_row, row) =>
				ofRows.reduce((sum, at, c) => sum + integerDot(ofQueries[c]![query]!, at[row]!), 0),
			),
		);
	};
	return { name: "ours", kind: "ours", score: (world) => across(world, world), scoreAcross: across };
}

export function factMethods(log: (line: string) => void): FactMethod[] {
	const plain = (kind: MethodKind, baseline: ReturnType<typeof textBaselines>[number]): FactMethod => ({
		name: baseline.name,
		kind,
		score: ({ set }) => baseline.score(set.rows, set.queries),
	});
	// Names of the two embeddings do not depend on the engine; it is the world's.
	const states = (which: 0 | 1, name: string, isTrained: boolean): FactMethod => ({
		name,
		kind: "hidden states",
		score({ engine, run, final, set }) {
			const adapter = { config: run.adapter, parameters: final.parameters };
			return embeddingBaselines(engine, isTrained ? adapter : undefined)[which]!.score(set.rows, set.queries);
		},
	});
	return [
		...textBaselines().map((baseline) => plain(baseline.name === "random" ? "chance" : "words", baseline)),
		states(0, "hidden states, mean, base", false),
		states(1, "hidden states, last, base", false),
		states(0, "hidden states, mean, trained", true),
		states(1, "hidden states, last, trained (RepSim)", true),
		...exactMethods(log),
		ours(),
	];
}
