// A part of a score tree, shown: some blocks whole, everything else as the fewest nodes. Who reads it sees the totals of what stays hidden,
// and its largest score.

import { ProofError } from "./errors.js";
import {
	blockNode,
	blocksOf,
	forkNode,
	leftBlocks,
	NO_HEAD,
	ROWS_PER_BLOCK,
	type ScoreLeaf,
	type ScoreNode,
	type ScoreTree,
} from "./scoreTree.js";

export interface OpenBlock {
	readonly block: number;
	readonly rows: readonly ScoreLeaf[];
}

export interface ScoreOpening {
	/** By block, ascending. */
	readonly open: readonly OpenBlock[];
	/** The hidden rest from left to right. */
	readonly hidden: readonly ScoreNode[];
}

export interface ReadOpening {
	/** What the parts come to; to be held against the committed root. */
	readonly root: ScoreNode;
	/** The rows of the open blocks. */
	readonly rows: ReadonlyMap<number, ScoreLeaf>;
	/** No hidden head has a larger score; NO_HEAD where none is hidden. */
	readonly hiddenMax: number;
	/** The open row in whose part of Σ score² over heads this number falls; undefined if that row is hidden. */
	rowAt(square: bigint): number | undefined;
}

/** Opens the blocks of these rows. */
export function openScores(tree: ScoreTree, rows: Iterable<number>): ScoreOpening {
	const wanted = new Set<number>();
	for (const row of rows) {
		if (!Number.isInteger(row) || row < 0 || row >= tree.rows.length)
			throw new ProofError("proof/malformed", `there is no row ${row}; rows are 0 to ${tree.rows.length - 1}`);
		wanted.add(Math.floor(row / ROWS_PER_BLOCK));
	}
	const ascending = [...wanted].sort((a, b) => a - b);
	const hidden: ScoreNode[] = [];
	walk(blocksOf(tree.rows.length), ascending, {
		open: (block) => void block,
		hidden: (first, end) => void hidden.push(tree.node(first, end)),
		fork: () => {},
	});
	const open = ascending.map((block) => ({
		block,
		rows: tree.rows.slice(block * ROWS_PER_BLOCK, (block + 1) * ROWS_PER_BLOCK),
	}));
	return { open, hidden };
}

/** Puts an opening together again for a tree of `rows` rows. Throws ProofError "proof/malformed" where parts are missing, too many or misplaced. */
export function readScores(opening: ScoreOpening, rows: number): ReadOpening {
	const { open, hidden } = opening;
	const total = blocksOf(rows);
	const malformed = (what: string): never => {
		throw new ProofError("proof/malformed", `the opened scores ${what}`);
	};
	open.forEach(({ block, rows: own }, i) => {
		if (!Number.isInteger(block) || block < 0 || block >= total || (i > 0 && block <= open[i - 1]!.block))
			malformed("name blocks that are not there, or not in order");
		if (own.length !== Math.min(ROWS_PER_BLOCK, rows - block * ROWS_PER_BLOCK))
			malformed(`have ${own.length} rows in block ${block}`);
	});
	const [byBlock, found] = [new Map(open.map((one) => [one.block, one])), new Map<number, ScoreLeaf>()];
	const spans: { readonly squares: bigint; readonly row?: number }[] = [];
	let [at, hiddenMax] = [0, NO_HEAD];
	const root = walk<ScoreNode>(
		total,
		open.map(({ block }) => block),
		{
			open(block) {
				const first = block * ROWS_PER_BLOCK;
				const own = byBlock.get(block)!.rows;
				own.forEach((row, i) => {
					found.set(first + i, row);
					if (row.head) spans.push({ squares: BigInt(row.score) ** 2n, row: first + i });
				});
				return blockNode(first, own);
			},
			hidden(first, end) {
				const node = hidden[at++] ?? malformed("lack a part");
				if (node.rows !== Math.min(end * ROWS_PER_BLOCK, rows) - first * ROWS_PER_BLOCK)
					malformed(`hide ${node.rows} rows in the place of blocks ${first} to ${end - 1}`);
				if (!couldBe(node)) malformed("hide totals that no rows have");
				hiddenMax = Math.max(hiddenMax, node.max);
				spans.push({ squares: node.squares });
				return node;
			},
			fork: forkNode,
		},
	);
	if (at !== hidden.length) malformed("have parts left over");
	return {
		root,
		rows: found,
		hiddenMax,
		rowAt(square) {
			let before = 0n;
			for (const span of spans) {
				before += span.squares;
				if (square < before) return span.row;
			}
			return undefined;
		},
	};
}

/**
 * Whether some scores have these totals: each part by itself, for parts that fit only together could carry a sum that their squares, by which
 * rows are drawn, say nothing of.
 */
function couldBe({ rows, heads, sum, squares, max }: ScoreNode): boolean {
	if (heads === 0) return sum === 0n && squares === 0n && max === NO_HEAD;
	const [count, most] = [BigInt(heads), BigInt(max)];
	return heads > 0 && heads <= rows && count * squares >= sum * sum && sum <= count * most && squares >= most * most;
}

interface Visit<node> {
	open(block: number): node;
	hidden(first: number, end: number): node;
	fork(left: node, right: node): node;
}

/** Goes over the tree from left to right, as deep as the open blocks (ascending) ask for. */
function walk<node>(total: number, open: readonly number[], visit: Visit<node>): node {
	const from = (first: number, end: number, mine: readonly number[]): node => {
		if (mine.length === 0) return visit.hidden(first, end);
		if (end - first === 1) return visit.open(first);
		const middle = first + leftBlocks(end - first);
		const left = from(
			first,
			middle,
			mine.filter((block) => block < middle),
		);
		const right = from(
			middle,
			end,
			mine.filter((block) => block >= middle),
		);
		return visit.fork(left, right);
	};
	return from(0, total, open);
}
