// A set with its truth and every method's scores; what parts lds and contributors both look at. Everything costly is kept.

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
	collectFeatures,
	createFeatureMaker,
	createLocalScan,
	createQueryMetric,
	createReplayTrainer,
	landmarkRows,
	magic,
	meanLosses,
	type RecordedTraining,
	retrain,
} from "@openledger/attribution";
import { type BaseModel, createEngine, engineId, loadBase, makeBatch, type TrainerState } from "@openledger/llm";
import { createMachine, type Machine } from "@openledger/tensor";
import { nativeForBench } from "../../native.js";
import { embeddingBaselines, textBaselines } from "../baselines/index.js";
import { kept } from "../keep.js";
import type { PartOptions } from "../part.js";
import { DataAbsent } from "../sets/data.js";
import { facts } from "../sets/facts.js";
import { gsm8k } from "../sets/gsm8k.js";
import { languageBase } from "../sets/languageBase.js";
import { smoothFactsRecipe } from "../sets/recipe.js";
import { type AttributionSet, recordSet } from "../sets/set.js";
import { shakespeare } from "../sets/shakespeare.js";
import { world } from "../sets/world.js";
import { findTruth, sameTruth, setKey, type Truth } from "../truth.js";
import { gradientMethods } from "./gradientMethods.js";

const SETS = ["shakespeare", "gsm8k", "facts", "world"] as const;
/** All, or those that OPENLEDGER_SETS names. */
const askedSets = (): readonly SetName[] => {
	const named = process.env.OPENLEDGER_SETS?.split(",");
	return SETS.filter((name) => named === undefined || named.includes(name));
};
export type SetName = (typeof SETS)[number];
export type Kind = "chance" | "words" | "hidden states" | "gradients" | "curvature" | "ours" | "audit";

export interface ScoredMethod {
	readonly name: string;
	readonly kind: Kind;
	/** [queries][rows]; MAGIC may know fewer queries, the first ones. */
	readonly scores: readonly (readonly number[])[];
	/** Wall milliseconds of one query, where they were taken. */
	readonly queryMilliseconds?: number;
}

export interface ScoredSet {
	readonly set: AttributionSet;
	readonly truth: Truth;
	readonly methods: readonly ScoredMethod[];
	/** Mean loss of rows and queries before and after the run. */
	readonly learnt: { readonly rows: readonly [number, number]; readonly queries: readonly [number, number] };
	/** Seconds: training, features (with the space), as they were taken here. */
	readonly seconds: { readonly training: number; readonly features: number };
}

const ember = fileURLToPath(new URL("../../../models/ember", import.meta.url));
const SUBSETS = 100;
const QUICK_SUBSETS = 24;
const MAGIC_QUERIES = 16;
const QUICK_MAGIC_QUERIES = 4;
const SEED = 1;

/** Truth and base models are shared by parts: they lie beside the parts' own folders. */
const shared = (keep: string) => join(dirname(keep), "shared");

/** Where all that is costly about a set is kept, whole and quick alike; their keys differ. */
async function openSet(
	name: SetName,
	machine: Machine,
	{ quick, keep, log }: PartOptions,
): Promise<[AttributionSet, BaseModel]> {
	if (name === "shakespeare" || name === "gsm8k") {
		const base = await languageBase(machine, join(shared(keep), "language-base"), log);
		return [name === "shakespeare" ? shakespeare(base, { quick }) : gsm8k(base, { quick }), base];
	}
	const base = await loadBase(ember);
	if (name === "world") return [world(base), base];
	const made = facts(base, { quick: true });
	return [{ ...made, name: "facts", recipe: { ...smoothFactsRecipe, epochs: 8 } }, base];
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Opens a set: retrains what is not known, scores by every method. Throws DataAbsent where its data is not here. */
async function scoredSet(name: SetName, options: PartOptions): Promise<ScoredSet> {
	const { quick, keep, log } = options;
	const native = await nativeForBench();
	const machine = createMachine({
		threads: 1,
		maxBytes: 4 * 1024 ** 3 - 65536,
		...(native && { kernels: native.source }),
	});
	try {
		const [set, base] = await openSet(name, machine, options);
		const engine = createEngine(base, machine);
		const run = recordSet(engine, set);
		const key = setKey(set, run);
		const subsets = quick ? QUICK_SUBSETS : SUBSETS;
		const truth = findTruth(set, run, { subsets, keep: shared(keep), log })!;
		const cached = <value>(what: string, make: () => value | Promise<value>) =>
			kept(shared(keep), `${key}-${what}`, [key, what], make);
		const trained = lazily(() => trainOnce(run));
		await cached(`engine-${engineId().slice(2, 14)}`, () => sameTruth(set, run, truth, trained().final));
		const learnt = await cached("learnt", () => losses(set, run, trained().final));
		const methods: ScoredMethod[] = [];
		for (const baseline of textBaselines())
			methods.push({
				name: baseline.name,
				kind: baseline.name === "random" ? "chance" : "words",
				scores: plain(baseline.score(set.rows, set.queries)),
			});
		const hidden = await cached("hidden", () => {
			const { parameters } = trained().final;
			return embeddingBaselines(engine, { config: run.adapter, parameters }).map((baseline) => ({
				name: baseline.name,
				scores: plain(baseline.score(set.rows, set.queries)),
			}));
		});
		methods.push(...hidden.map((found) => ({ ...found, kind: "hidden states" as const })));
		const gradients = await cached("gradients", () => {
			const states = [...quarters(run), trained().final];
			const rowLosses = meanLosses(
				run,
				states.at(-1)!,
				set.rows.map(({ tokens }) => tokens),
			);
			return gradientMethods({ set, run, states, rowLosses, log }).map((found) => ({
				...found,
				scores: plain(found.scores),
			}));
		});
		methods.push(...gradients);
		const own = await cached("ours-5", () => ownScores(set, run, trained()));
		methods.push({ name: "ours", kind: "ours", scores: own.scores, queryMilliseconds: own.queryMilliseconds });
		const audit = await cached("magic", async () => {
			const asked = set.queries.slice(0, quick ? QUICK_MAGIC_QUERIES : MAGIC_QUERIES).map(({ tokens }) => tokens);
			const from = performance.now();
			const found = await magic(run, asked, { onProgress: sayEvery(log, `${name}: MAGIC`) });
			return {
				scores: plain(found.influences),
				growth: found.norms.map(({ parameters: n }) => Math.max(...n) / n.at(-1)!),
				seconds: (performance.now() - from) / 1000 / asked.length,
			};
		});
		methods.push({
			name: "MAGIC (audit tier)",
			kind: "audit",
			scores: audit.scores,
			queryMilliseconds: 1000 * audit.seconds,
		});
		return { set, truth, methods, learnt, seconds: own.seconds };
	} finally {
		machine.close();
	}
}

const plain = (scores: readonly ArrayLike<number>[]): number[][] => scores.map((row) => Array.from(row));

function lazily<value>(make: () => value): () => value {
	let made: { readonly value: value } | undefined;
	return () => {
		made ??= { value: make() };
		return made.value;
	};
}

function sayEvery(log: (line: string) => void, what: string) {
	let last = 0;
	return ({ phase, done, total }: { readonly phase: string; readonly done: number; readonly total: number }) => {
		if (performance.now() - last < 10_000) return;
		last = performance.now();
		log(`${what}: ${phase} ${done} of ${total}`);
	};
}

interface Trained {
	readonly final: TrainerState;
	readonly seconds: number;
}

function trainOnce(run: RecordedTraining): Trained {
	const from = performance.now();
	const final = retrain(run, new Set());
	return { final, seconds: (performance.now() - from) / 1000 };
}

/** States at the ends of the run's first three quarters. */
function quarters(run: RecordedTraining): TrainerState[] {
	const trainer = createReplayTrainer(run);
	try {
		return [1, 2, 3].map((quarter) =>
			retrain(run, new Set(), { trainer, until: Math.ceil((quarter * run.total) / 4) }),
		);
	} finally {
		trainer.close();
	}
}

function losses(set: AttributionSet, run: RecordedTraining, final: TrainerState): ScoredSet["learnt"] {
	const start = retrain(run, new Set(), { until: 0 });
	const both = (texts: readonly { readonly tokens: AttributionSet["rows"][number]["tokens"] }[]) => {
		const tokens = texts.map((text) => text.tokens);
		return [mean(meanLosses(run, start, tokens)), mean(meanLosses(run, final, tokens))] as const;
	};
	return { rows: both(set.rows), queries: both(set.queries) };
}

/** As a node does it. */
async function ownScores(set: AttributionSet, run: RecordedTraining, { final: checkpoint, seconds }: Trained) {
	const { engine, adapter } = run;
	const rows = set.rows.map(({ tokens }) => tokens);
	const from = performance.now();
	const { space, features } = await collectFeatures({ engine, adapter, seed: SEED, rows, checkpoint });
	const collected = (performance.now() - from) / 1000;
	const maker = createFeatureMaker(engine, adapter, checkpoint, space);
	try {
		const metric = createQueryMetric(features, landmarkRows(features, SEED));
		const scan = createLocalScan(features);
		const one = ({ tokens }: AttributionSet["queries"][number]) =>
			Array.from(scan.scan(metric.query(maker.whitened(makeBatch([tokens], engine.base.padding))[0]!)));
		one(set.queries[0]!);
		const begun = performance.now();
		const scores = set.queries.map(one);
		const queryMilliseconds = (performance.now() - begun) / scores.length;
		return { scores, queryMilliseconds, seconds: { training: seconds, features: collected } };
	} finally {
		maker.close();
	}
}

/** The asked sets one after another; one whose data is not here is told of and passed over. */
export async function* scoredSets(options: PartOptions): AsyncGenerator<ScoredSet> {
	for (const name of askedSets()) {
		try {
			yield await scoredSet(name, options);
		} catch (cause) {
			if (!(cause instanceof DataAbsent)) throw cause;
			options.log(cause.message);
		}
	}
}
