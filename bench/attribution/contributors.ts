// Part contributors: whether money follows what contributors really did: paid shares and scores beside retraining without each contributor.

import type { BenchTarget } from "../run.js";
import { type ScoredMethod, type ScoredSet, scoredSets } from "./lds/scoredSet.js";
import type { PartOptions, PartPlot, PartResult, PartTable } from "./part.js";
import { barChart } from "./plot.js";
import { spearman, summarise } from "./statistics.js";

const TARGET = 0.9;
const round = (x: number, digits = 3) => Number(x.toFixed(digits));

/** Sums by contributor. */
const byContributor = (values: readonly number[], { set }: ScoredSet): number[] => {
	const sums = set.contributors.map(() => 0);
	values.forEach((value, row) => {
		sums[set.rows[row]!.contributor]! += value;
	});
	return sums;
};

/** Parts of one; all zero where nothing is positive. */
function shares(effects: readonly number[]): number[] {
	const positive = effects.map((x) => Math.max(0, x));
	const total = positive.reduce((a, b) => a + b, 0);
	return positive.map((x) => (total === 0 ? 0 : x / total));
}

const distance = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + Math.abs(x - b[i]!), 0);

function lineOf(method: ScoredMethod, found: ScoredSet) {
	const { truth, set } = found;
	const asked = method.scores.length;
	const effects = Array.from({ length: asked }, (_, q) =>
		truth.contributors.map((losses) => losses[q]! - truth.all[q]!),
	);
	const foretold = method.scores.map((own) => byContributor(own, found));
	const perQuery = summarise(foretold.map((own, q) => spearman(own, effects[q]!)));
	// What a contributor has earned after all questions: each question's shares count alike.
	const total = (each: readonly (readonly number[])[]) =>
		set.contributors.map((_, c) => each.reduce((sum, own) => sum + own[c]!, 0) / each.length);
	const earned = total(foretold.map(shares));
	const deserved = total(effects.map(shares));
	return {
		method: method.name,
		kind: method.kind,
		"rank correlation per query": round(perQuery.mean),
		low: round(perQuery.low),
		high: round(perQuery.high),
		"rank correlation of all queries' shares": round(spearman(earned, deserved)),
		"L1 of all queries' shares": round(distance(earned, deserved)),
		queries: asked,
	};
}

export async function run(options: PartOptions): Promise<PartResult> {
	const tables: PartTable[] = [];
	const targets: BenchTarget[] = [];
	const plots: PartPlot[] = [];
	for await (const found of scoredSets(options)) {
		const { name } = found.set;
		const rows = found.methods.map((method) => lineOf(method, found));
		tables.push({
			name,
			caption: `${found.set.contributors.length} contributors; truth is each query's loss after training without all rows of one of them. A contributor's foretold effect is the sum over its rows. Shares are positive effects, summed to one for each query, then averaged over queries.`,
			rows,
		});
		const own = rows.find(({ kind }) => kind === "ours")!;
		const value = own["rank correlation of all queries' shares"];
		targets.push({
			what: `${name}: rank correlation of contributors' shares with those by retraining`,
			value,
			target: `≥ ${TARGET}`,
			ok: value >= TARGET,
		});
		plots.push({
			name,
			svg: barChart({
				title: `Contributors on ${name}: rank correlation with retraining without each`,
				bars: rows.map((row) => ({
					label: row.method,
					value: row["rank correlation per query"],
					low: row.low,
					high: row.high,
				})),
			}),
		});
	}
	return { tables, targets, plots };
}
