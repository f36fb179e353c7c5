// MAGIC (Ilyas & Engstrom 2025, arXiv 2504.16430): what each row's data weight did to a query's loss after the whole recorded run, exactly, by
// reverse mode through its steps. Memory grows with √steps; the work may be stopped anywhere and taken up again with the same bits.

import type { Cotangent, StepTrace, TokenRow, TrainerState } from "@openledger/llm";
import { MagicError, ReplayError } from "./magicErrors.js";
import { type Backward, keepBackward, keepState, readBackward, readState, type StateNorms } from "./magicKept.js";
import { addInfluence, auditDigest, createReplay, type Replay, type ReplayOptions } from "./magicReplay.js";
import { flatten, type MagicStore, memoryStore } from "./magicStore.js";
import type { RecordedTraining } from "./recordedTraining.js";

export interface MagicProgress {
	readonly phase: "forward" | "backward";
	/** Of `total` units; a step backwards with its replay counts for what it took so far. */
	readonly done: number;
	readonly total: number;
	/** Undefined until a step of each kind was timed. */
	readonly secondsLeft: number | undefined;
}

export interface MagicOptions extends ReplayOptions {
	/** Where states and the way back are kept; default in memory, for this call only. */
	readonly store?: MagicStore;
	/** Steps between states that are kept; default ⌈√steps⌉. */
	readonly spacing?: number;
	readonly onProgress?: (progress: MagicProgress) => void;
	/** Looked at between steps. */
	readonly signal?: AbortSignal;
}

export interface MagicResult {
	/** For each query, [rows]: −∂ mean loss/∂ data weight; positive where the row lowers the query's loss, 0 where no step met it. */
	readonly influences: readonly Float64Array[];
	/** Mean loss per counted token of each query after the run. */
	readonly losses: readonly number[];
	readonly norms: readonly StateNorms[];
	/** The state that the replay came to; its parameters are the run's adapter. */
	readonly final: TrainerState;
}

/**
 * Takes about (3 + queries) · steps of training's time. Throws MagicError where the run has no derivative or the store holds another audit,
 * ReplayError where the run does not repeat, the signal's reason when it is aborted, OutOfMemoryError before the first step backwards.
 */
export async function magic(
	training: RecordedTraining,
	queries: readonly TokenRow[],
	options: MagicOptions = {},
): Promise<MagicResult> {
	requireQueries(queries, training);
	const replay = createReplay(training, options);
	try {
		return await walk(training, queries, replay, options);
	} finally {
		replay.adjoint.close();
	}
}

async function walk(
	training: RecordedTraining,
	queries: readonly TokenRow[],
	replay: Replay,
	options: MagicOptions,
): Promise<MagicResult> {
	const { adjoint, sizes } = replay;
	const { total } = training;
	const { store = memoryStore(), spacing = Math.max(1, Math.ceil(Math.sqrt(total))), signal } = options;
	const names = [...sizes.keys()];
	const kept = { store, sizes, job: auditDigest(training, queries) };
	const clock = createClock(total, options.onProgress);
	const pause = async () => {
		signal?.throwIfAborted();
		await new Promise((resolve) => setImmediate(resolve));
	};

	/** Of the last segment, where this call ran it from its beginning: they need no replay. */
	let last: StepTrace[] = [];
	const lastFrom = Math.floor((total - 1) / spacing) * spacing;

	async function forward(): Promise<TrainerState> {
		let from = 0;
		let state: TrainerState = replay.beginning;
		for (let step = total; step > 0; step = step % spacing === 0 ? step - spacing : step - (step % spacing)) {
			const known = await readState(kept, step);
			if (known === undefined) continue;
			[from, state] = [step, known];
			break;
		}
		adjoint.restore(state);
		for (let index = from; index < total; index++) {
			await pause();
			const begun = performance.now();
			const step = training.step(index);
			const trace = adjoint.forward(replay.batchesOf(step), step.learningRate, from <= lastFrom && index >= lastFrom);
			if (trace !== undefined) last.push(trace);
			if ((index + 1) % spacing === 0 || index + 1 === total) await keepState(kept, adjoint.state());
			clock.tell("forward", index + 1, begun);
		}
		return adjoint.state();
	}

	/** States and gradients of the steps [from, to), once more. */
	async function traces(from: number, to: number): Promise<StepTrace[]> {
		if (to === total && last.length > 0) {
			const kept = last;
			last = [];
			return kept;
		}
		adjoint.restore(from === 0 ? replay.beginning : (await readState(kept, from))!);
		const out: StepTrace[] = [];
		for (let index = from; index < to; index++) {
			await pause();
			const step = training.step(index);
			out.push(adjoint.forward(replay.batchesOf(step), step.learningRate, true));
		}
		const [again, before] = [flatten(adjoint.state(), names), flatten((await readState(kept, to))!, names)];
		if (again.some((x, i) => !Object.is(x, before[i]!))) throw new ReplayError(to);
		return out;
	}

	const final = await forward();
	const back = (await readBackward(kept, adjoint, training)) ?? begin();

	function begin(): Backward {
		adjoint.restore(final);
		const asked = queries.map((query) => adjoint.cotangentOf(replay.queryBatch(query)));
		const state = {
			step: total,
			turn: 0,
			losses: asked.map(({ loss }) => loss),
			cotangents: asked.map(({ cotangent }) => cotangent),
			influences: queries.map(() => new Float64Array(training.rows)),
			norms: queries.map(() => ({
				parameters: new Float64Array(total + 1),
				first: new Float64Array(total + 1),
				second: new Float64Array(total + 1),
			})),
		};
		state.cotangents.forEach((cotangent, q) => {
			noteNorms(state.norms[q]!, total, cotangent);
		});
		return state;
	}

	while (back.step > 0) {
		const from = Math.floor((back.step - 1) / spacing) * spacing;
		const begun = performance.now();
		const segment = await traces(from, back.step);
		const replayed = (performance.now() - begun) / segment.length;
		for (let index = back.step - 1; index >= from; index--) {
			await pause();
			const at = performance.now() - replayed;
			const step = training.step(index);
			const trace = segment.pop()!;
			const slopes = adjoint.backward(trace, replay.batchesOf(step), step.learningRate, back.cotangents);
			slopes.forEach((ofQuery, q) => {
				addInfluence(step, ofQuery, back.influences[q]!);
				noteNorms(back.norms[q]!, index, back.cotangents[q]!);
			});
			clock.tell("backward", total - index, at);
		}
		back.step = from;
		if (options.store !== undefined) await keepBackward(kept, back);
	}
	const { influences, losses, norms } = back;
	return { influences, losses, norms, final };
}

function requireQueries(queries: readonly TokenRow[], { engine }: RecordedTraining): void {
	const wrong = (why: string) =>
		new MagicError("attribution/no-queries", `${why}; give rows of tokens that the loss counts`);
	if (queries.length === 0) throw wrong("there is no query");
	const most = engine.base.config.maxPositions;
	queries.forEach(({ tokens, from }, i) => {
		if (tokens.length < 2 || from < 1 || from >= tokens.length)
			throw wrong(`query ${i} has ${tokens.length} tokens, of which none from ${from} on can be predicted`);
		if (tokens.length - 1 > most) throw wrong(`query ${i} has ${tokens.length} tokens, the base takes ${most + 1}`);
	});
}

function noteNorms(norms: StateNorms, index: number, cotangent: Cotangent): void {
	for (const key of ["parameters", "first", "second"] as const) {
		let sum = 0;
		for (const buffer of cotangent[key].values()) for (const x of buffer.read()) sum += x * x;
		norms[key][index] = Math.sqrt(sum);
	}
}

/** Units of work and what they took; only for people, no result depends on it. */
function createClock(total: number, onProgress: MagicOptions["onProgress"]) {
	const seconds = { forward: [] as number[], backward: [] as number[] };
	return {
		tell(phase: "forward" | "backward", steps: number, begun: number) {
			seconds[phase].push((performance.now() - begun) / 1000);
			const mean = (of: readonly number[]) => of.reduce((a, b) => a + b, 0) / of.length;
			const left = {
				forward: phase === "forward" ? total - steps : 0,
				backward: phase === "forward" ? total : total - steps,
			};
			const each = { forward: mean(seconds.forward), backward: mean(seconds.backward) };
			const secondsLeft =
				left.backward > 0 && seconds.backward.length === 0
					? undefined
					: (left.forward > 0 ? left.forward * each.forward : 0) +
						(left.backward > 0 ? left.backward * each.backward : 0);
			onProgress?.({ phase, done: phase === "forward" ? steps : total + steps, total: 2 * total, secondsLeft });
		},
	};
}
