// The tree against totals added up plainly, and openings against the tree; a bent part anywhere must not lead to the same root.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openScores, readScores } from "./scoreOpening.js";
import {
	blockNode,
	forkNode,
	leftBlocks,
	NO_HEAD,
	ROWS_PER_BLOCK,
	type ScoreLeaf,
	type ScoreNode,
	scoreTree,
} from "./scoreTree.js";

const most = Number.MAX_SAFE_INTEGER;
const leaf = fc.record({
	score: fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: -most, max: most })),
	head: fc.boolean(),
});
const many = fc.array(leaf, { minLength: 1, maxLength: 300 });
const madeUp = (count: number): ScoreLeaf[] =>
	Array.from({ length: count }, (_, i) => ({ score: ((i * 7919) % 2003) - 900, head: i % 7 !== 6 }));

describe("scoreTree", () => {
	test("default: one block by hand, two blocks as a fork", () => {
		const rows = madeUp(40);
		const [left, right] = [blockNode(0, rows.slice(0, 32)), blockNode(32, rows.slice(32))];
		expect(scoreTree(rows).root).toEqual(forkNode(left, right));
		expect(scoreTree(rows.slice(0, 5)).root).toEqual(blockNode(0, rows.slice(0, 5)));
	});

	test("totals are exact sums over heads, however large", () => {
		fc.assert(
			fc.property(many, (rows) => {
				const { root } = scoreTree(rows);
				const counted = rows.filter(({ head }) => head).map(({ score }) => BigInt(score));
				expect(root.rows).toBe(rows.length);
				expect(root.heads).toBe(counted.length);
				expect(root.sum).toBe(counted.reduce((a, b) => a + b, 0n));
				expect(root.squares).toBe(counted.reduce((a, b) => a + b * b, 0n));
				expect(root.max).toBe(counted.reduce((a, b) => Math.max(a, Number(b)), NO_HEAD));
			}),
		);
	});

	test("behavior: any other score, place or standing gives another root", () => {
		const rows = madeUp(70);
		const { hash } = scoreTree(rows).root;
		for (const at of [0, 31, 32, 69]) {
			const { score, head } = rows[at]!;
			expect(scoreTree(rows.with(at, { score: score + 1, head })).root.hash).not.toBe(hash);
			expect(scoreTree(rows.with(at, { score, head: !head })).root.hash).not.toBe(hash);
		}
		expect(scoreTree([rows[1]!, rows[0]!, ...rows.slice(2)]).root.hash).not.toBe(hash);
		expect(scoreTree(rows.slice(0, -1)).root.hash).not.toBe(hash);
	});

	test("behavior: refuses no rows, and scores that are not whole", () => {
		const malformed = expect.objectContaining({ code: "proof/malformed" });
		expect(() => scoreTree([])).toThrow(malformed);
		for (const score of [0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY])
			expect(() => scoreTree([{ score, head: true }])).toThrow(malformed);
	});

	test("behavior: the left side is the largest power of two below", () => {
		expect([2, 3, 4, 5, 8, 9, 1000].map(leftBlocks)).toEqual([1, 2, 2, 4, 4, 8, 512]);
	});
});

describe("readScores", () => {
	test("default: any opening leads back to the root, shows its rows, and bounds the rest", () => {
		fc.assert(
			fc.property(many, fc.array(fc.nat(), { maxLength: 6 }), fc.nat(), (rows, picks, lot) => {
				const tree = scoreTree(rows);
				const wanted = picks.map((pick) => pick % rows.length);
				const read = readScores(openScores(tree, wanted), rows.length);
				expect(read.root).toEqual(tree.root);
				for (const row of wanted) expect(read.rows.get(row)).toEqual(rows[row]);
				const hidden = rows.filter(({ head }, row) => head && !read.rows.has(row)).map(({ score }) => score);
				expect(read.hiddenMax).toBe(hidden.reduce((a, b) => Math.max(a, b), NO_HEAD));
				if (tree.root.squares === 0n) return;
				const target = BigInt(lot) % tree.root.squares;
				let before = 0n;
				const true_ = rows.findIndex(({ score, head }) => {
					if (head) before += BigInt(score) ** 2n;
					return target < before;
				});
				expect(read.rowAt(target)).toBe(read.rows.has(true_) ? true_ : undefined);
			}),
		);
	});

	test("behavior: a hidden part with totals that no scores have is malformed, also where the whole could be", () => {
		const { open, hidden } = openScores(scoreTree(madeUp(320)), [0]);
		const [first, ...rest] = hidden;
		const bent = (change: Partial<ScoreNode>) => () =>
			readScores({ open, hidden: [{ ...first!, ...change }, ...rest] }, 320);
		const { heads, sum, squares, max } = first!;
		const { root } = scoreTree(madeUp(320));
		// What the mean would rise by if one part could carry any sum.
		const more = 4000n * BigInt(heads);
		expect((root.sum + more) ** 2n).toBeLessThan(BigInt(root.heads) * root.squares);
		const impossible: Partial<ScoreNode>[] = [
			{ sum: sum + more },
			{ sum: sum - more },
			{ squares: 0n },
			{ max: Math.floor(Number(sum) / heads) - 1 },
			{ max: 10 * max, squares },
			{ heads: 0 },
			{ heads: 33 },
		];
		for (const change of impossible)
			expect(bent(change), String(Object.entries(change))).toThrow(
				expect.objectContaining({ code: "proof/malformed" }),
			);
		expect(bent({})).not.toThrow();
	});

	test("behavior: a bent, missing, doubled or misplaced part is malformed or leads elsewhere", () => {
		const tree = scoreTree(madeUp(1000));
		const good = openScores(tree, [3, 500, 999]);
		const { hash } = tree.root;
		const elsewhere = (opening: typeof good, rows = 1000): boolean => {
			try {
				return readScores(opening, rows).root.hash !== hash;
			} catch (error) {
				expect(error).toMatchObject({ code: "proof/malformed" });
				return true;
			}
		};
		const [node, block] = [good.hidden[0]!, good.open[0]!];
		const hidden = (change: Partial<typeof node>) => ({
			...good,
			hidden: [{ ...node, ...change }, ...good.hidden.slice(1)],
		});
		expect(elsewhere(good)).toBe(false);
		for (const wrong of [
			hidden({ sum: node.sum + 1n }),
			hidden({ squares: node.squares + 1n }),
			hidden({ squares: -1n }),
			hidden({ heads: node.heads - 1 }),
			hidden({ max: node.max - 1 }),
			hidden({ rows: node.rows - 1 }),
			hidden({ hash }),
			{ ...good, hidden: good.hidden.slice(1) },
			{ ...good, hidden: [...good.hidden, node] },
			{ ...good, hidden: [...good.hidden].reverse() },
			{ ...good, open: good.open.slice(1) },
			{ ...good, open: [...good.open].reverse() },
			{ ...good, open: [block, block, ...good.open.slice(1)] },
			{ ...good, open: [{ ...block, block: 1 }, ...good.open.slice(1)] },
			{ ...good, open: [{ ...block, rows: block.rows.slice(1) }, ...good.open.slice(1)] },
			{ ...good, open: [{ ...block, rows: block.rows.with(0, { score: 1, head: true }) }, ...good.open.slice(1)] },
		])
			expect(elsewhere(wrong)).toBe(true);
		for (const rows of [999, 1001, 968, 1033, 1]) expect(elsewhere(good, rows)).toBe(true);
	});

	test("behavior: what it takes grows with the logarithm of the rows", () => {
		const parts = [1, 8, 64].map((times) => {
			const count = 1000 * times;
			return openScores(scoreTree(madeUp(count)), [17]).hidden.length;
		});
		expect(parts).toEqual(parts.map((_, i) => Math.ceil(Math.log2((1000 * 8 ** i) / ROWS_PER_BLOCK))));
	});
});
