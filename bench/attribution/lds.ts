// Part lds: how well each method foretells what leaving out 1% of the rows does to each query's loss (linear datamodelling score, Park et
// al. 2023, arXiv 2303.14186: Spearman over subsets between foretold and true effect, mean over queries).

import type { BenchTarget } from "../run.js";
import { type ScoredMethod, type ScoredSet, scoredSets } from "./lds/scoredSet.js";
import type { PartOptions, PartPlot, PartResult, PartTable } from "./part.js";
import { barChart } from "./plot.js";
import { type Summary, spearman, summarise } from "./statistics.js";
import type { Truth } from "./truth.js";

const ANCHOR = 0.47;
const AUDIT = 0.95;
const round = (x: number, digits = 3) => Number(x.toFixed(digits));

/** By query, for those that the method scored. */
export function ldsOf({ scores }: ScoredMethod, truth: Truth): number[] {
	return scores.map((own, q) => {
		const foretold = truth.subsets.map(({ rows }) => rows.reduce((sum, row) => sum + own[row]!, 0));
		const happened = truth.subsets.map(({ losses }) => losses[q]! - truth.all[q]!);
		return spearman(foretold, happened);
	});
}

function targetsOf(name: string, lines: readonly (readonly [ScoredMethod, Summary])[]): BenchTarget[] {
	const [, own] = lines.find(([{ kind }]) => kind === "ours")!;
	const similar = lines.filter(([{ kind }]) => kind === "words" || kind === "hidden states");
	const best = similar.reduce((a, b) => (b[1].high > a[1].high ? b : a));
	const targets: BenchTarget[] = [
		{
			what: `${name}: lower end of our interval`,
			value: round(own.low),
			target: `> ${round(best[1].high)}, the upper end of the best similarity baseline's (${best[0].name})`,
			ok: own.low > best[1].high,
		},
	];
	if (name !== "shakespeare") return targets;
	const [, audit] = lines.find(([{ kind }]) => kind === "audit")!;
	return [
		{
			what: "language-model set: ours, mean LDS",
			value: round(own.mean),
			target: `> ${ANCHOR}`,
			ok: own.mean > ANCHOR,
		},
		{
			what: "language-model set: MAGIC, mean LDS",
			value: round(audit.mean),
			target: `≥ ${AUDIT}`,
			ok: audit.mean >= AUDIT,
		},
		...targets,
	];
}

function tableOf(found: ScoredSet, lines: readonly (readonly [ScoredMethod, Summary])[]): PartTable {
	const { set, truth, learnt, seconds } = found;
	const { recipe } = set;
	const [first] = truth.subsets;
	return {
		name: set.name,
		caption: [
			`${set.about}. Left out: ${truth.subsets.length} subsets of ${first!.rows.length} rows (1%), one deterministic run each of ${round(truth.seconds, 1)} s.`,
			`Recipe: rank ${recipe.rank}, ${recipe.epochs} epochs of batch ${recipe.batchSize}, AdamW ${recipe.learningRate}, warm-up ${recipe.warmup}, ε in the root ${recipe.epsilonRoot}.`,
			`Loss of rows ${round(learnt.rows[0])} → ${round(learnt.rows[1])}, of queries ${round(learnt.queries[0])} → ${round(learnt.queries[1])}.`,
			`Training ${round(seconds.training, 1)} s, features ${round(seconds.features, 1)} s. Intervals: 95% bootstrap over queries.`,
		].join(" "),
		rows: lines.map(([method, s]) => ({
			method: method.name,
			kind: method.kind,
			LDS: round(s.mean),
			low: round(s.low),
			high: round(s.high),
			median: round(s.median),
			min: round(s.min),
			queries: s.n,
		})),
	};
}

export async function run(options: PartOptions): Promise<PartResult> {
	const tables: PartTable[] = [];
	const targets: BenchTarget[] = [];
	const plots: PartPlot[] = [];
	for await (const found of scoredSets(options)) {
		const { name } = found.set;
		const lines = found.methods.map((method) => [method, summarise(ldsOf(method, found.truth))] as const);
		tables.push(tableOf(found, lines));
		targets.push(...targetsOf(name, lines));
		plots.push({
			name,
			svg: barChart({
				title: `LDS on ${name}, leaving out 1% of ${found.set.rows.length} rows (95% over ${found.set.queries.length} queries)`,
				bars: lines.map(([{ name: label }, s]) => ({ label, value: s.mean, low: s.low, high: s.high })),
				...(name === "shakespeare" && { target: { value: ANCHOR, label: "EK-FAC on GPT-2" } }),
			}),
		});
	}
	return { tables, targets, plots };
}
