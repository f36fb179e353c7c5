// One pass over new tokens of several sequences whose keys and values lie in shared blocks, each with an adapter of its own or none, as a graph.

import { input, LOW_RANK, lowRankAdd, pagedAttention, reshape, SEGMENT, type Tensor } from "@openledger/tensor";
import type { LlamaConfig } from "../model/config.js";
import { llamaInputs, llamaLogits } from "../model/llama.js";
import type { WeightForm } from "../model/weights.js";
import { keysOf, valuesOf } from "./decodeGraph.js";

/** Sizes that hold for all passes of a batch. */
export interface PagedSizes {
	readonly sequences: number;
	/** Blocks of the cache, tokens of a block, blocks of the longest sequence. */
	readonly blocks: number;
	readonly blockTokens: number;
	readonly mostBlocks: number;
	/** Numbers of the adapters' pool. */
	readonly pool: number;
}

export interface PagedShape {
	/** Rows of all sequences together, and how many of them get logits. */
	readonly rows: number;
	readonly wanted: number;
	readonly adapted: boolean;
}

/** Logits [wanted, vocab]. `numbers` are the linear layers by path, as the table `groups` has them. */
export function pagedGraph(
	config: LlamaConfig,
	form: WeightForm,
	sizes: PagedSizes,
	numbers: ReadonlyMap<string, number>,
	{ rows, wanted, adapted }: PagedShape,
): Tensor {
	const { sequences, blocks, blockTokens, mostBlocks } = sizes;
	const cache = [blocks, blockTokens, config.kvHeads, config.headDim];
	const segments = input("segments", [sequences, SEGMENT], "i32");
	const places = input("places", [sequences, mostBlocks], "i32");
	const pool = input("adapters", [sizes.pool]);
	const groups = input("groups", [numbers.size, sequences, LOW_RANK], "i32");
	return llamaLogits(config, llamaInputs(config, 1, rows, form), 1, rows, {
		...(adapted && { change: (path, x, y) => lowRankAdd(y, x, pool, groups, numbers.get(path)!) }),
		attend: (layer, q, k, v, scale) => {
			const [Q, K, V] = [q, k, v].map((t) => reshape(t, t.shape.slice(1))) as [Tensor, Tensor, Tensor];
			const [keys, values] = [input(keysOf(layer), cache), input(valuesOf(layer), cache)];
			return reshape(pagedAttention(Q, K, V, { keys, values, places }, segments, scale), q.shape);
		},
		positions: input("positions", [wanted], "i32"),
	});
}
