// Provers that lie about an attribution, each in one way. A claim is what such a prover publishes and answers with; `bad` are the rows by which
// it can be found out, so that a rate of finding can be foretold.

import { type Hex, merkleTree, type ShareLeaf, sha256, snapshotLeaf, utf8 } from "@openledger/protocol";
import { type FeatureRows, featureNumbers, featureRowsTree, scoreFeatureRows } from "../../features/index.js";
import { type Prover, type RowText, scoreOf, shareRule } from "../../verify/index.js";
import {
	blockNode,
	blocksOf,
	forkNode,
	leftBlocks,
	ROWS_PER_BLOCK,
	type ScoreLeaf,
	type ScoreNode,
	type ScoreTree,
	scoreTree,
} from "../../verify/scoreTree.js";
import { proverOver } from "../../verify/spotProof.js";
import { featureRowsOf, leavesOf, type SmallAnswer, type SmallRun } from "./smallRun.js";

/** What is signed and on chain: a verifier takes these as given and finds out whether they hold. */
export interface SmallReceipt {
	readonly receiptId: Hex;
	readonly featuresRoot: Hex;
	readonly snapshotRoot: Hex;
	readonly method: Hex;
	readonly leaves: readonly ShareLeaf[];
}

export interface Claim {
	readonly receipt: SmallReceipt;
	readonly prover: Prover;
	/** What the prover shows to a full verification. */
	readonly features: FeatureRows;
	readonly rows: readonly RowText[];
	/** Rows that show the fraud when they are made again. */
	readonly bad: ReadonlySet<number>;
	/** True where any check at all shows it: what is always opened is wrong. */
	readonly always: boolean;
}

export interface Fraud {
	readonly name: string;
	/** `size` is a count of rows, where the fraud has a size. */
	claim(run: SmallRun, answer: SmallAnswer, size: number): Claim;
}

export const METHOD_OF_TEST: Hex = sha256(utf8("method"));
export const RECEIPT_ID: Hex = sha256(utf8("receipt"));
export const digestOfQuery = (query: Int8Array): Hex =>
	sha256(new Uint8Array(query.buffer, query.byteOffset, query.byteLength));

interface Lie {
	readonly scores?: readonly number[];
	readonly heads?: readonly boolean[];
	/** Features that the prover opens. */
	readonly features?: FeatureRows;
	/** Features whose root was published. */
	readonly published?: FeatureRows;
	readonly rows?: readonly RowText[];
	readonly leaves?: readonly ShareLeaf[];
	readonly bad?: Iterable<number>;
	readonly always?: boolean;
	readonly queryDigest?: Hex;
	readonly bend?: (block: number, node: ScoreNode) => ScoreNode;
}

/** A claim that is honest but for the lie. Shares follow from the claimed scores unless the lie gives its own. */
export function claimOf(run: SmallRun, answer: SmallAnswer, lie: Lie): Claim {
	const { features = run.features, published = features, rows = run.rows, heads = run.heads } = lie;
	const scores = lie.scores ?? answer.scores;
	const snapshot = merkleTree(
		rows.map(({ commitment, contributor, cluster }, index) =>
			snapshotLeaf({ index, commitment, contributor, cluster }),
		),
	);
	const tree = featureRowsTree(features);
	const receipt = {
		receiptId: RECEIPT_ID,
		featuresRoot: featureRowsTree(published).root,
		snapshotRoot: run.snapshotRoot,
		method: METHOD_OF_TEST,
		leaves: lie.leaves ?? leavesOf(run, scores, features),
	};
	const { receiptId, featuresRoot, snapshotRoot, method } = receipt;
	const queryDigest = lie.queryDigest ?? digestOfQuery(answer.query);
	const prover = proverOver(
		bentTree(
			scores.map((score, row) => ({ score, head: heads[row]! })),
			lie.bend,
		),
		{
			subject: { receiptId, featuresRoot, snapshotRoot, method, queryDigest, rows: scores.length },
			clusters: rows.map(({ cluster }) => cluster),
			open: (index) => ({
				...rows[index]!,
				index,
				snapshotProof: snapshot.proofFor(index),
				feature: { scale: features.scales[index]!, numbers: featureNumbers(features, index) },
				featureProof: tree.proofFor(index),
			}),
		},
		shareRule,
	);
	return { receipt, prover, features, rows, bad: new Set(lie.bad), always: lie.always ?? false };
}

/** A tree in which some blocks' nodes say what their rows do not. */
function bentTree(rows: readonly ScoreLeaf[], bend?: Lie["bend"]): ScoreTree {
	if (bend === undefined) return scoreTree(rows);
	const node = (first: number, end: number): ScoreNode => {
		if (end - first > 1) {
			const middle = first + leftBlocks(end - first);
			return forkNode(node(first, middle), node(middle, end));
		}
		return bend(first, blockNode(first * ROWS_PER_BLOCK, rows.slice(first * ROWS_PER_BLOCK, end * ROWS_PER_BLOCK)));
	};
	return { root: node(0, blocksOf(rows.length)), rows, node };
}

const FRIEND = 3;
const isFriend = (row: number) => row % 8 === FRIEND;
const differing = (a: readonly number[], b: readonly number[]) =>
	a.flatMap((score, row) => (score === b[row] ? [] : [row]));
const candidatesOf = ({ leaves }: SmallAnswer) => new Set(leaves.map(({ row }) => row));
/** Heads that are nowhere near being paid, the first `size` of them in a fixed shuffle. */
function quietRows(run: SmallRun, answer: SmallAnswer, size: number): number[] {
	const paid = candidatesOf(answer);
	const quiet = run.rows.map((_, row) => row).filter((row) => run.heads[row] && !paid.has(row));
	return quiet.sort((a, b) => ((a * 7919) % 10007) - ((b * 7919) % 10007)).slice(0, size);
}

function withScores(
	name: string,
	change: (score: number, row: number, answer: SmallAnswer) => number,
	always: boolean,
): Fraud {
	return {
		name,
		claim(run, answer) {
			const scores = answer.scores.map((score, row) => change(score, row, answer));
			return claimOf(run, answer, { scores, bad: differing(scores, answer.scores), always });
		},
	};
}

function byMachine(name: string, machineOf: (run: SmallRun) => SmallRun["otherBase"]): Fraud {
	return {
		name,
		claim(run, answer) {
			const [own] = answer.leaves;
			const query = machineOf(run).queryOf(run.rows[own!.row]!.row);
			const scores = [...scoreFeatureRows(run.features, query)];
			return claimOf(run, answer, { scores, bad: differing(scores, answer.scores) });
		},
	};
}

/** Frauds that touch as many rows as they like: every one is found by any few rows. */
export const broadFrauds: readonly Fraud[] = [
	withScores("all scores shrunk by half", (score) => Math.trunc(score / 2), true),
	withScores(
		"all scores but a friend's shrunk by half",
		(score, row) => (isFriend(row) ? score : Math.trunc(score / 2)),
		false,
	),
	{
		name: "a friend's scores raised above the bar",
		claim(run, answer) {
			const chosen = new Set(run.rows.flatMap((_, row) => (isFriend(row) && run.heads[row] ? [row] : [])).slice(0, 3));
			const best = Math.max(...answer.scores);
			const scores = answer.scores.map((score, row) => (chosen.has(row) ? best : score));
			return claimOf(run, answer, { scores, bad: chosen, always: true });
		},
	},
	{
		name: "a row left out of the list",
		claim: (run, answer) =>
			claimOf(run, answer, { scores: answer.scores.slice(0, -1), leaves: answer.leaves, always: true }),
	},
	{
		name: "an invented row is paid",
		claim(run, answer) {
			const invented = { row: run.rows.length, contributor: run.rows[FRIEND]!.contributor, sharePpm: 400_000 };
			const halved = answer.leaves.map((leaf) => ({ ...leaf, sharePpm: leaf.sharePpm >> 1 }));
			return claimOf(run, answer, { leaves: [...halved, invented], always: true });
		},
	},
	{
		name: "a paid row's text is another",
		claim(run, answer) {
			const paid = candidatesOf(answer);
			const rows = run.rows.map((row, i) => (paid.has(i) ? { ...row, row: { prompt: "?", response: "Mine." } } : row));
			return claimOf(run, answer, { rows, always: true });
		},
	},
	{
		name: "a paid row's contributor is a friend",
		claim(run, answer) {
			const contributor = run.rows[FRIEND]!.contributor;
			const paid = candidatesOf(answer);
			const rows = run.rows.map((row, i) => (paid.has(i) && !isFriend(i) ? { ...row, contributor } : row));
			return claimOf(run, answer, {
				rows,
				leaves: answer.leaves.map((leaf) => ({ ...leaf, contributor })),
				always: true,
			});
		},
	},
	byMachine("the query is another model's", ({ otherBase }) => otherBase),
	byMachine("the query is another adapter's", ({ otherAdapter }) => otherAdapter),
	{
		name: "the query is another model's, and its digest says so",
		claim(run, answer) {
			const query = run.otherBase.queryOf(run.rows[0]!.row);
			const scores = [...scoreFeatureRows(run.features, query)];
			return claimOf(run, answer, { scores, queryDigest: digestOfQuery(query), always: true });
		},
	},
	{
		name: "another snapshot",
		claim(run, answer) {
			const rows = run.rows.map((row) => ({ ...row, cluster: row.cluster + 1 }));
			return claimOf(run, answer, { rows, always: true });
		},
	},
	{
		name: "features of an older run under the present root",
		claim(run, answer) {
			const texts = run.rows.map(({ row }, i) => (run.learnt(i) ? row : undefined));
			const features = featureRowsOf(run.otherAdapter.featuresOf(texts), run.width);
			const scores = [...scoreFeatureRows(features, answer.query)];
			return claimOf(run, answer, { scores, features, published: run.features, always: true });
		},
	},
	{
		name: "a copy counts beside the row it copies",
		claim(run, answer) {
			const heads = run.heads.map((head, row) => head || run.learnt(row));
			const copies = run.heads.flatMap((head, row) => (!head && run.learnt(row) ? [row] : []));
			return claimOf(run, answer, { heads, bad: copies, always: false });
		},
	},
];

/** Frauds with a size: found by the rows they touch. */
export const sizedFrauds: readonly Fraud[] = [
	{
		name: "rows omitted: their scores are said to be small",
		claim(run, answer, size) {
			// The best first: it is they who lose their pay.
			const falling = answer.scores.map((_, row) => row).sort((a, b) => answer.scores[b]! - answer.scores[a]!);
			const gone = new Set(falling.filter((row) => run.heads[row]).slice(0, size));
			const scores = answer.scores.map((score, row) => (gone.has(row) ? -1 : score));
			return claimOf(run, answer, { scores, bad: gone });
		},
	},
	{
		name: "scores bent a little, none of them paid",
		claim(run, answer, size) {
			const bent = new Set(quietRows(run, answer, size));
			const scores = answer.scores.map((score, row) => (bent.has(row) ? score - 1 : score));
			return claimOf(run, answer, { scores, bad: bent });
		},
	},
	{
		name: "features of friends' rows forged before they were committed",
		claim(run, answer, size) {
			const forged = new Set(quietRows(run, answer, size));
			const numbers = run.features.numbers.slice();
			for (const row of forged) numbers[row * run.width]! = numbers[row * run.width]! > 0 ? 0 : 1;
			const features = { ...run.features, numbers };
			const scores = answer.scores.map((score, row) =>
				forged.has(row)
					? scoreOf(answer.query, { scale: features.scales[row]!, numbers: featureNumbers(features, row) })
					: score,
			);
			return claimOf(run, answer, { scores, features, bad: forged });
		},
	},
];

/** One row far below zero lifts the bar for all: rare, but its part of Σ score² gives it away. */
export const heavyFraud: Fraud = {
	name: "one unpaid row said to be very negative",
	claim(run, answer) {
		const [row] = quietRows(run, answer, 1) as [number];
		const scores = answer.scores.with(row, -2 * Math.max(...answer.scores.map(Math.abs)));
		return claimOf(run, answer, { scores, bad: [row] });
	},
};

/** A block whose node hides what its rows score: whoever draws one of them cannot be answered. */
export const hollowFraud: Fraud = {
	name: "a block's totals are not those of its rows",
	claim(run, answer) {
		// What is always shown: the heads above the bar, and the best one beside them.
		const scored = answer.scores.map((score, row) => ({ score, head: run.heads[row]! }));
		const { root } = scoreTree(scored);
		const falling = [...run.rows.keys()].filter((row) => run.heads[row]);
		falling.sort((x, y) => answer.scores[y]! - answer.scores[x]!);
		const shown = falling.slice(0, 1 + falling.filter((row) => shareRule.isAboveBar(root, answer.scores[row]!)).length);
		const blocks = Array.from({ length: blocksOf(run.rows.length) }, (_, block) => block);
		const holds = (block: number) => shown.some((row) => Math.floor(row / ROWS_PER_BLOCK) === block);
		const hollow = blocks.find((block) => !holds(block))!;
		const bend = (block: number, node: ScoreNode) =>
			block === hollow ? { ...node, squares: 2n * node.squares + 1n } : node;
		const bad = run.rows.flatMap((_, row) => (Math.floor(row / ROWS_PER_BLOCK) === hollow ? [row] : []));
		const totals = bentTree(scored, bend).root;
		const rows = answer.scores.map((score, row) => ({
			row,
			score,
			head: run.heads[row]!,
			contributor: run.rows[row]!.contributor,
			cluster: run.rows[row]!.cluster,
			feature: { scale: run.features.scales[row]!, numbers: featureNumbers(run.features, row) },
		}));
		const { leaves } = shareRule.shares(
			totals,
			rows.filter(({ head }) => head),
		);
		return claimOf(run, answer, { bend, bad, leaves });
	},
};
