// Part contributors: whether money follows what contributors really did: paid shares and scores beside retraining without each contributor.

import { epochEffects, reconcileEpoch } from "@openledger/attribution";
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

interface Line {
	readonly method: string;
	readonly kind: string;
	/** The questions asked. */
	readonly queries: readonly number[];
	/** What each contributor has earned after them, in parts. */
	readonly earned: readonly number[];
	readonly perQuery?: { readonly mean: number; readonly low: number; readonly high: number };
}

/** Each question's shares count alike. */
const inAll = (each: readonly (readonly number[])[]) =>
	each[0]!.map((_, c) => each.reduce((sum, own) => sum + own[c]!, 0) / each.length);

const effectsOf = ({ truth }: ScoredSet, q: number) => truth.contributors.map((losses) => losses[q]! - truth.all[q]!);

const foretoldBy = ({ scores }: ScoredMethod, found: ScoredSet) => scores.map((own) => byContributor(own, found));

function methodLine(method: ScoredMethod, found: ScoredSet): Line {
	const foretold = foretoldBy(method, found);
	const queries = foretold.map((_, q) => q);
	const perQuery = summarise(queries.map((q) => spearman(foretold[q]!, effectsOf(found, q))));
	return { method: method.name, kind: method.kind, queries, earned: inAll(foretold.map(shares)), perQuery };
}

const address = (c: number) => `0x${c.toString(16).padStart(40, "0")}` as const;
const PAID = 10 ** 15;

/** Pay of one epoch by the estimates of its answers, then by one audit of these answers' summed loss. */
function reconciled(paid: readonly number[], audit: ScoredMethod, asked: readonly number[], { set }: ScoredSet) {
	const summed = set.rows.map((_, row) => asked.reduce((sum, q) => sum + audit.scores[q]![row]!, 0));
	const effects = epochEffects(
		summed,
		set.rows.map(({ contributor }) => address(contributor)),
	);
	const amounts = paid.map((part, c) => ({ contributor: address(c), amount: BigInt(Math.round(part * PAID)) }));
	const found = new Map(reconcileEpoch(amounts, effects).map((line) => [line.contributor, line]));
	return paid.map((_, c) => {
		const line = found.get(address(c))!;
		return { due: Number(line.due) / PAID, correction: Number(line.correction) / PAID };
	});
}

/** Ours on the audited questions alone, as an audit corrects it, and as an audit of other questions would. */
function epochLines(found: ScoredSet): Line[] {
	const named = (kind: string) => found.methods.find((method) => method.kind === kind)!;
	const [own, audit] = [named("ours"), named("audit")];
	const foretold = foretoldBy(own, found);
	const earnedIn = (queries: readonly number[]) => inAll(queries.map((q) => shares(foretold[q]!)));
	const all = audit.scores.map((_, q) => q);
	const [even, odd] = [all.filter((q) => q % 2 === 0), all.filter((q) => q % 2 === 1)];
	const carried = reconciled(earnedIn(even), audit, even, found);
	const line = (method: string, queries: readonly number[], earned: readonly number[]): Line => ({
		...{ method, kind: "ours", queries, earned },
	});
	return [
		line("ours, the audited questions", all, earnedIn(all)),
		line(
			"ours, reconciled by one audit of their sum",
			all,
			reconciled(earnedIn(all), audit, all, found).map(({ due }) => due),
		),
		line("ours, held-out questions", odd, earnedIn(odd)),
		line(
			"ours, held-out questions, corrected by the others' audit",
			odd,
			shares(earnedIn(odd).map((part, c) => part + carried[c]!.correction)),
		),
	];
}

function rowOf({ method, kind, queries, earned, perQuery }: Line, found: ScoredSet) {
	const effects = queries.map((q) => effectsOf(found, q));
	const deserved = inAll(effects.map(shares));
	const together = shares(inAll(effects));
	return {
		method,
		kind,
		"rank correlation per query": perQuery === undefined ? "" : round(perQuery.mean),
		low: perQuery === undefined ? "" : round(perQuery.low),
		high: perQuery === undefined ? "" : round(perQuery.high),
		"rank correlation of all queries' shares": round(spearman(earned, deserved)),
		"L1 of all queries' shares": round(distance(earned, deserved)),
		"rank correlation with the effect on their sum": round(spearman(earned, together)),
		queries: queries.length,
	};
}

export async function run(options: PartOptions): Promise<PartResult> {
	const tables: PartTable[] = [];
	const targets: BenchTarget[] = [];
	const plots: PartPlot[] = [];
	for await (const found of scoredSets(options)) {
		const { name } = found.set;
		const lines = [...found.methods.map((method) => methodLine(method, found)), ...epochLines(found)];
		const rows = lines.map((line) => rowOf(line, found));
		const audit = found.methods.find(({ kind }) => kind === "audit")!;
		tables.push({
			name,
			caption: `${found.set.contributors.length} contributors; truth is each query's loss after training without all rows of one of them. A contributor's foretold effect is the sum over its rows. Shares are positive effects, summed to one for each query, then averaged over queries. The effect on their sum is that on all queries' losses together, which is what one audit of an epoch sees. Audit: ${round(audit.queryMilliseconds! / 1000, 1)} s of MAGIC a query (replays shared by ${audit.scores.length}), a training ${round(found.truth.seconds, 1)} s; retraining without each contributor is the truth itself and costs ${found.set.contributors.length} trainings a run.`,
			rows,
		});
		const targetOf = (what: string, value: number) =>
			targets.push({ what: `${name}: ${what}`, value, target: `≥ ${TARGET}`, ok: value >= TARGET });
		const own = rows.find(({ kind }) => kind === "ours")!;
		targetOf(
			"rank correlation of contributors' shares with those by retraining",
			own["rank correlation of all queries' shares"],
		);
		const epoch = rows.find(({ method }) => method === "ours, reconciled by one audit of their sum")!;
		targetOf(
			"the same of an epoch's effect, reconciled by one audit of its sum",
			epoch["rank correlation with the effect on their sum"],
		);
		plots.push({
			name,
			svg: barChart({
				title: `Contributors on ${name}: rank correlation with retraining without each`,
				bars: lines.flatMap(({ method, perQuery }) =>
					perQuery === undefined
						? []
						: [{ label: method, value: perQuery.mean, low: perQuery.low, high: perQuery.high }],
				),
			}),
		});
	}
	return { tables, targets, plots };
}
