// What really happens when rows are left out: every query's loss after training without them, found once and kept.

import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createReplayTrainer, meanLosses, type RecordedTraining, retrain } from "@openledger/attribution";
import { sha256, type TrainerState } from "@openledger/llm";
import { drawPermutation } from "@openledger/tensor";
import type { AttributionSet } from "./sets/set.js";

const PURPOSE_SUBSETS = 0x1d5;

export interface Truth {
	/** Loss of each query after the run as it was. */
	readonly all: readonly number[];
	/** Rows left out, and each query's loss without them. */
	readonly subsets: readonly { readonly rows: readonly number[]; readonly losses: readonly number[] }[];
	/** By contributor: each query's loss without any of its rows. */
	readonly contributors: readonly (readonly number[])[];
	/** Wall time of one retraining, the median of those made. */
	readonly seconds: number;
}

interface Line {
	readonly id: string;
	readonly losses: readonly number[];
	readonly seconds: number;
}

export interface TruthOptions {
	/** How many subsets of 1% of the rows. */
	readonly subsets: number;
	readonly keep: string;
	readonly log: (line: string) => void;
	/** Only every n-th retraining from the k-th on, so that several processes share the work. */
	readonly share?: { readonly of: number; readonly mine: number };
}

/** Names a set with everything that its losses follow from but the engine: a new kernel need not change a bit, see `sameTruth`. */
export function setKey(set: AttributionSet, { engine }: RecordedTraining): string {
	const { rows, queries, recipe } = set;
	const text = JSON.stringify([engine.base.digest, recipe, rows, queries]);
	return `${set.name}-${sha256(new TextEncoder().encode(text)).slice(2, 14)}`;
}

/** Says that this engine gives every query's loss after the whole run to the last bit as the truth has it; throws where it does not. */
export function sameTruth(set: AttributionSet, run: RecordedTraining, truth: Truth, final: TrainerState): true {
	const again = meanLosses(
		run,
		final,
		set.queries.map(({ tokens }) => tokens),
	);
	if (again.every((loss, q) => loss === truth.all[q])) return true;
	throw new Error(`the truth of ${setKey(set, run)} was found by an engine of other bits; remove what is kept of it`);
}

/** The rows of a subset: 1% of all, drawn without putting back. */
export function subsetRows(rows: number, index: number): number[] {
	const count = Math.max(1, Math.round(rows / 100));
	return [...drawPermutation({ seed: 1, purpose: PURPOSE_SUBSETS, step: index }, rows)]
		.slice(0, count)
		.sort((a, b) => a - b);
}

/** Retrains what is not known yet; each result is on disk before the next begins. */
export function findTruth(set: AttributionSet, run: RecordedTraining, options: TruthOptions): Truth | undefined {
	const { subsets, keep, log, share = { of: 1, mine: 0 } } = options;
	mkdirSync(keep, { recursive: true });
	const file = (mine: number) => join(keep, `truth-${setKey(set, run)}${mine === 0 ? "" : `.${mine}`}.jsonl`);
	const known = new Map<string, Line>();
	for (let part = 0; part < 8; part++) {
		if (!existsSync(file(part))) continue;
		// A kill may have cut the last line; what comes next must not be joined to it.
		const lines = readFileSync(file(part), "utf8").split("\n");
		if (lines.pop() !== "" && part === share.mine) writeFileSync(file(part), `${lines.join("\n")}\n`);
		for (const text of lines) {
			if (text === "") continue;
			const line = JSON.parse(text) as Line;
			known.set(line.id, line);
		}
	}
	const wanted = [
		{ id: "all", without: [] as readonly number[] },
		...set.contributors.map((_, c) => ({
			id: `contributor ${c}`,
			without: set.rows.flatMap((row, i) => (row.contributor === c ? [i] : [])),
		})),
		...Array.from({ length: subsets }, (_, i) => ({ id: `subset ${i}`, without: subsetRows(set.rows.length, i) })),
	];
	const missing = wanted.filter(({ id }) => !known.has(id)).filter((_, i) => i % share.of === share.mine);
	const queries = set.queries.map(({ tokens }) => tokens);
	const trainer = createReplayTrainer(run);
	try {
		missing.forEach(({ id, without }, i) => {
			const from = performance.now();
			const state = retrain(run, new Set(without), { trainer });
			const losses = meanLosses(run, state, queries, trainer);
			const seconds = (performance.now() - from) / 1000;
			const line = { id, losses, seconds };
			appendFileSync(file(share.mine), `${JSON.stringify(line)}\n`);
			known.set(id, line);
			const left = Math.round(seconds * (missing.length - i - 1));
			log(`${set.name}: retrained without ${id} (${i + 1} of ${missing.length}, about ${left} s left)`);
		});
	} finally {
		trainer.close();
	}
	if (wanted.some(({ id }) => !known.has(id))) return undefined;
	const seconds = [...known.values()].map((line) => line.seconds).sort((a, b) => a - b);
	return {
		all: known.get("all")!.losses,
		subsets: wanted
			.filter(({ id }) => id.startsWith("subset"))
			.map(({ id, without }) => ({ rows: without, losses: known.get(id)!.losses })),
		contributors: set.contributors.map((_, c) => known.get(`contributor ${c}`)!.losses),
		seconds: seconds[seconds.length >> 1]!,
	};
}
