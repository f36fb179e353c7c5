// The lines of the fact-tracing table, each a score of every row for every query in a world. It must not know which rows are right.

import type { TokenRow, TrainerState } from "@openledger/llm";
import { embeddingBaselines, textBaselines } from "../baselines/index.js";
import { type GradientProducts, gradientProducts } from "./exactGradients.js";
import { ownScores } from "./ours.js";
import type { World } from "./world.js";

export type MethodKind = "chance" | "words" | "hidden states" | "gradients" | "ours";

export interface FactMethod {
	readonly name: string;
	readonly kind: MethodKind;
	/** [queries][rows]; higher says more influence. */
	score(world: World): Float64Array[] | Promise<Float64Array[]>;
	/** The same with rows' features from one world and queries' from another; where a method has such features. */
	scoreAcross?(rows: World, queries: World): Promise<Float64Array[]>;
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

/** As a node serves it, at the run's last state; and, to see what that choice costs, on the way there. */
function ownMethods(): FactMethod[] {
	const at = (name: string, kind: MethodKind, state: (world: World) => TrainerState): FactMethod => ({
		name,
		kind,
		score: (world) => ownScores(world, world, state),
		scoreAcross: (rows, queries) => ownScores(rows, queries, state),
	});
	return [
		at("ours at 60% of the run", "gradients", ({ checkpoints }) => checkpoints.at(-1)!),
		at("ours", "ours", ({ final }) => final),
	];
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
		...ownMethods(),
	];
}
