// Which rows taught a fact: recall of the rows that state it, asked in other words and in another style; and what is left of that when the
// model's weights are drawn at random, which tells influence from likeness.

import { fileURLToPath } from "node:url";
import { METHOD } from "@openledger/attribution";
import { createEngine, engineId, loadBase, sha256 } from "@openledger/llm";
import { createMachine } from "@openledger/tensor";
import { nativeForBench } from "../native.js";
import type { BenchTarget } from "../run.js";
import { type FactMethod, factMethods } from "./facts/methods.js";
import { AT, type Found, find, keptScores } from "./facts/scores.js";
import { answersRight, trainWorld, type World } from "./facts/world.js";
import { kept } from "./keep.js";
import type { PartOptions, PartResult, PartTable } from "./part.js";
import { barChart } from "./plot.js";
import { randomEngine, randomState } from "./randomise.js";
import { type FactQuery, facts } from "./sets/facts.js";
import { spearman, summarise } from "./statistics.js";

const RANDOM_SEED = 5;
const KINDS = ["paraphrase", "swap"] as const;
/** Trained rows whose own words are asked for. */
const ROWS_ASKED = 96;

/** Made when first asked for. */
function lazily<value>(make: () => value): () => value {
	let made: { readonly value: value } | undefined;
	return () => {
		made ??= { value: make() };
		return made.value;
	};
}

interface Measured {
	readonly method: FactMethod;
	readonly trained: Found;
	/** All weights drawn anew: base and adapter, for rows and queries. */
	readonly random: Found;
	/** Rows' features from the trained model, the query's from a random one. */
	readonly across?: Found;
	/** By query: rank correlation of the trained model's scores with the random one's. */
	readonly agreement: readonly number[];
}

export async function run({ quick, log, keep }: PartOptions): Promise<PartResult> {
	const base = await loadBase(fileURLToPath(new URL("../../models/ember", import.meta.url)));
	const set = facts(base, { quick });
	const { rows, queries, recipe } = set;
	const key = sha256(new TextEncoder().encode(JSON.stringify([engineId(), base.digest, recipe, rows, queries])));
	const native = await nativeForBench();
	const machine = () =>
		createMachine({ threads: 1, maxBytes: 2 ** 32 - 65536, ...(native && { kernels: native.source }) });
	const engine = createEngine(base, machine());
	const trained = lazily(() => trainWorld(engine, set, { keep, key, log }));
	const random = lazily((): World => {
		const world = trained();
		const drawn = (state: World["final"]) => randomState(state, RANDOM_SEED);
		return {
			...world,
			engine: randomEngine(engine, RANDOM_SEED, machine()),
			checkpoints: world.checkpoints.map(drawn),
			final: drawn(world.final),
		};
	});
	const answers = await kept(keep, "answers", key, () => {
		const all = answersRight(trained(), [...rows.slice(0, ROWS_ASKED), ...queries]);
		log(`answers: ${all.filter(Boolean).length} of ${all.length} right`);
		return all;
	});
	const isRight = answers.slice(Math.min(ROWS_ASKED, rows.length));

	const measured: Measured[] = [];
	for (const method of factMethods(log)) {
		const name = method.name.replace(/[^A-Za-z0-9]+/g, "-");
		// Other methods' scores outlive a change of ours.
		const isOwn = method.name.startsWith("ours");
		const scores = (what: string, make: () => Float64Array[] | Promise<Float64Array[]>) =>
			keptScores(keep, `${what}-${name}`, [key, method.name, RANDOM_SEED, ...(isOwn ? [METHOD] : [])], make);
		const own = await scores("trained", () => method.score(trained()));
		const drawn = await scores("random", () => method.score(random()));
		const across = method.scoreAcross && (await scores("across", () => method.scoreAcross!(trained(), random())));
		measured.push({
			method,
			trained: find(set, own),
			random: find(set, drawn),
			...(across && { across: find(set, across) }),
			agreement: own.map((of, query) => spearman(of, drawn[query]!)),
		});
		log(`${method.name}: scored`);
	}
	const chance = expectedByChance(rows.length);
	return {
		tables: [
			learntTable(set, answers.slice(0, ROWS_ASKED), isRight),
			recallTable(queries, measured, isRight),
			randomTable(queries, measured, chance),
		],
		targets: targetsOf(queries, measured, isRight, answers.slice(0, ROWS_ASKED)),
		plots: [
			{ name: "recall", svg: recallPlot(queries, measured) },
			{ name: "random-weights", svg: randomPlot(queries, measured) },
		],
	};
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
const ofKind = <value>(queries: readonly FactQuery[], values: readonly value[], kind: FactQuery["kind"]): value[] =>
	values.filter((_, i) => queries[i]!.kind === kind);
const interval = (values: readonly number[]): string => {
	const { low, high } = summarise(values);
	return `${round(low)}–${round(high)}`;
};
const share = (right: readonly boolean[]): number => round(right.filter(Boolean).length / right.length);

/** Mean recall of rows in any order: each gold row is among the first ten with probability 10 / rows. */
const expectedByChance = (rows: number): number => Math.min(1, AT / rows);

function learntTable(
	{ rows, queries, about }: ReturnType<typeof facts>,
	rowsRight: readonly boolean[],
	isRight: readonly boolean[],
): PartTable {
	return {
		name: "learnt",
		caption: `${about}. Share of questions that the trained model answers in the very words (greedy)`,
		rows: [
			{ asked: "rows as they were trained", questions: rowsRight.length, right: share(rowsRight) },
			...KINDS.map((kind) => {
				const right = ofKind(queries, isRight, kind);
				return { asked: kind, questions: right.length, right: share(right) };
			}),
		].map((row) => ({ ...row, trainedRows: rows.length })),
	};
}

function recallTable(
	queries: readonly FactQuery[],
	measured: readonly Measured[],
	isRight: readonly boolean[],
): PartTable {
	const known = queries.map(({ kind }, i) => kind === "swap" && isRight[i] === true);
	return {
		name: "recall",
		caption: `recall@${AT} and MRR of the rows that state the fact, mean over ${queries.length / 2} queries of each kind with 95% bootstrap intervals; "known" is recall on those style-swapped queries alone that the model answers right (${known.filter(Boolean).length}); ties go to the lower row id, rows are shuffled`,
		rows: measured.map(({ method, trained }) => {
			const row: Record<string, string | number> = { method: method.name, looksAt: method.kind };
			for (const kind of KINDS) {
				const recall = ofKind(queries, trained.recall, kind);
				const reciprocal = ofKind(queries, trained.reciprocal, kind);
				row[`${kind} recall@${AT}`] = round(summarise(recall).mean);
				row[`${kind} recall interval`] = interval(recall);
				row[`${kind} MRR`] = round(summarise(reciprocal).mean);
				row[`${kind} MRR interval`] = interval(reciprocal);
			}
			const ofKnown = trained.recall.filter((_, i) => known[i]);
			row[`known recall@${AT}`] = ofKnown.length === 0 ? "" : round(summarise(ofKnown).mean);
			return row;
		}),
	};
}

function randomTable(queries: readonly FactQuery[], measured: readonly Measured[], chance: number): PartTable {
	return {
		name: "random-weights",
		caption: `style swap, recall@${AT} with the trained model; with base and adapter drawn anew, for rows and queries; and with the query alone from the random model. Chance is ${round(chance)}. Agreement: rank correlation of the trained model's scores with the random one's, mean over queries (1: the score does not look at the model)`,
		rows: measured.map(({ method, trained, random, across, agreement }) => {
			const swap = (found: Found) => ofKind(queries, found.recall, "swap");
			return {
				method: method.name,
				looksAt: method.kind,
				trained: round(summarise(swap(trained)).mean),
				random: round(summarise(swap(random)).mean),
				randomInterval: interval(swap(random)),
				gap: round(summarise(swap(trained).map((value, i) => value - swap(random)[i]!)).mean),
				gapInterval: interval(swap(trained).map((value, i) => value - swap(random)[i]!)),
				randomQuery: across === undefined ? "" : round(summarise(swap(across)).mean),
				paraphraseRandom: round(summarise(ofKind(queries, random.recall, "paraphrase")).mean),
				agreement: round(summarise(ofKind(queries, agreement, "swap")).mean),
			};
		}),
	};
}

function targetsOf(
	queries: readonly FactQuery[],
	measured: readonly Measured[],
	isRight: readonly boolean[],
	rowsRight: readonly boolean[],
): BenchTarget[] {
	const swap = (found: Found) => summarise(ofKind(queries, found.recall, "swap"));
	const ours = measured.find(({ method }) => method.kind === "ours")!;
	const alike = measured.filter(({ method }) => method.kind === "words" || method.kind === "hidden states");
	const chance = measured.find(({ method }) => method.kind === "chance")!;
	const best = Math.max(...alike.map(({ trained }) => swap(trained).mean));
	const gap = summarise(
		ofKind(queries, ours.trained.recall, "swap").map(
			(value, i) => value - ofKind(queries, ours.random.recall, "swap")[i]!,
		),
	);
	const low = swap(ours.trained).low;
	const learnt = share(rowsRight);
	const answered = share(ofKind(queries, isRight, "swap"));
	return [
		{ what: "trained rows answered right, share", value: learnt, target: "≥ 0.9", ok: learnt >= 0.9 },
		{ what: "style-swapped questions answered right, share", value: answered, target: "≥ 0.5", ok: answered >= 0.5 },
		{
			what: `style swap, recall@${AT} of ours, lower end of 95%`,
			value: round(low),
			target: `> ${round(best)}, the best similarity's mean`,
			ok: low > best,
		},
		{
			what: "model-randomisation gap of ours, style swap, lower end of 95%",
			value: round(gap.low),
			target: "> 0",
			ok: gap.low > 0,
		},
		{
			what: `style swap, recall@${AT} of ours with random weights`,
			value: round(swap(ours.random).mean),
			target: `≤ ${round(Math.max(swap(chance.trained).high, swap(chance.random).high))}, chance's upper end`,
			ok: swap(ours.random).mean <= Math.max(swap(chance.trained).high, swap(chance.random).high),
		},
	];
}

function recallPlot(queries: readonly FactQuery[], measured: readonly Measured[]): string {
	return barChart({
		title: `Fact tracing: recall@${AT}`,
		subtitle: `rows that state the fact among the first ${AT}; 95% bootstrap intervals over ${queries.length / 2} queries each`,
		unit: "share of the rows that state the fact",
		range: [0, 1],
		bars: measured.flatMap(({ method, trained }) =>
			KINDS.map((kind) => {
				const { mean, low, high } = summarise(ofKind(queries, trained.recall, kind));
				const group = kind === "paraphrase" ? "asked in other words" : "asked in the other style";
				return { label: method.name, group, value: mean, low, high, isOurs: method.kind === "ours" };
			}),
		),
	});
}

function randomPlot(queries: readonly FactQuery[], measured: readonly Measured[]): string {
	return barChart({
		title: "Model randomisation: recall under style swap",
		subtitle: "the trained model against one whose base and adapter are drawn at random; 95% bootstrap intervals",
		unit: `recall@${AT}`,
		range: [0, 1],
		bars: measured.flatMap(({ method, trained, random }) =>
			(["trained", "random weights"] as const).map((group) => {
				const { recall } = group === "trained" ? trained : random;
				const { mean, low, high } = summarise(ofKind(queries, recall, "swap"));
				return { label: method.name, group, value: mean, low, high, isOurs: method.kind === "ours" };
			}),
		),
	});
}
