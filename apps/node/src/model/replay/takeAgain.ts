// A stretch of a run, step for step: from a state that is committed, through the same batches, to the next commitments, each compared. What the
// run's files say is checked against the run's own commitments first, and those against the chain. It must not know who asked.

import { join } from "node:path";
import { readModel } from "@openledger/chain";
import { type Committed, loadRun, openRunReplay, type Replay, runStart, type TrainedRun } from "@openledger/factory";
import type { TrainerState } from "@openledger/llm";
import type { Hex } from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { models, type replays } from "../../database/schema.js";
import { refuseErased } from "../../datanet/sealedRows.js";
import { readSnapshotRows } from "../../datanet/takeSnapshot.js";
import { notFound } from "../../errors.js";
import type { NodeParts } from "../../parts.js";
import type { FirstDifference, ReplayedLink, ReplayedThing, ReplayProgress, ReplayResult } from "./replayResult.js";
import { thinned } from "./replayResult.js";

export type TakeAgain = {
	readonly signal: AbortSignal;
	/** Called often; asks for the progress only where it is told. */
	readonly report: (progress: () => ReplayProgress) => void;
};

type Stretch = Pick<typeof replays.$inferSelect, "modelId" | "fromStep" | "toStep" | "withOutput">;

/** Throws `datanet/erased-rows` where rows that the run met are gone, and the run's errors where its files are damaged. */
export async function takeAgain(
	parts: NodeParts,
	stretch: Stretch,
	{ signal, report }: TakeAgain,
): Promise<ReplayResult> {
	const begun = performance.now();
	const { engine, home } = parts;
	const [model] = await parts.db.select().from(models).where(eq(models.id, stretch.modelId));
	if (model === undefined) throw notFound("model", stretch.modelId, "see the list of models");
	const run = await loadRun(join(home, "runs", model.runFolder), engine);
	const rows = await readSnapshotRows(parts, model.datanetId, model.snapshotVersion);
	refuseErased(rows);
	const { recipe, snapshotRoot } = run;
	const replay = openRunReplay({ engine, rows, snapshotRoot, recipe });
	try {
		const things: ReplayedThing[] = [
			thing("what the run is a function of: base, rows, recipe, engine", runStart(run), replay.start),
			...(await ofChain(parts, stretch.modelId, run)),
		];
		const steps = await takeSteps(replay, run, stretch, { signal, report });
		things.push(...(steps.output === undefined ? [] : await ofOutput(replay, run, steps, { signal, report })));
		const different = things.find(({ same }) => !same);
		const firstDifference = steps.difference ?? (different && { ...different, step: null }) ?? null;
		return {
			identical: firstDifference === null,
			steps: steps.taken,
			sameLosses: steps.sameLosses,
			links: thinned(steps.links),
			linksCompared: steps.links.length,
			things,
			firstDifference,
			seconds: (performance.now() - begun) / 1000,
		};
	} finally {
		replay.close();
	}
}

function thing(what: string, committed: string, found: string): ReplayedThing {
	return { what, committed, found, same: committed === found };
}

/** What the run's files commit to is what the chain has of the model. */
async function ofChain(parts: NodeParts, modelId: Hex, run: TrainedRun): Promise<ReplayedThing[]> {
	const onChain = await readModel(parts.ledger, modelId);
	return [
		thing("run commitment on chain", onChain?.runCommitment ?? "none", run.runCommitment),
		thing("history root on chain", onChain?.runHistoryRoot ?? "none", run.historyRoot),
	];
}

type Taken = {
	readonly taken: number;
	readonly sameLosses: number;
	readonly links: readonly ReplayedLink[];
	readonly difference: FirstDifference | undefined;
	/** The state whose adapter the run gives, where that is wanted and came by. */
	readonly output: TrainerState | undefined;
};

/** To the stretch's end, or to the first commitment that is another: what comes after it differs anyhow. */
async function takeSteps(replay: Replay, run: TrainedRun, stretch: Stretch, told: TakeAgain): Promise<Taken> {
	const { fromStep, toStep, withOutput } = stretch;
	const links: ReplayedLink[] = [];
	let [taken, sameLosses] = [0, 0];
	let difference: FirstDifference | undefined;
	let output: TrainerState | undefined;
	const begun = performance.now();
	const progress = (): ReplayProgress => ({
		stage: "train",
		done: taken,
		total: toStep - fromStep,
		secondsLeft: taken === 0 ? null : ((performance.now() - begun) / 1000 / taken) * (toStep - fromStep - taken),
		sameLosses,
		links: thinned(links),
		linksCompared: links.length,
	});
	const onStep = (step: number, loss: number): void => {
		taken++;
		const written = run.history[step - 1]?.loss;
		if (Object.is(written, loss)) sameLosses++;
		else difference ??= { ...thing(`loss of step ${step}`, String(written), String(loss)), step };
		told.report(progress);
	};
	let at = startAt(replay, run, fromStep);
	while (replay.linkSteps[at.index]! < toStep) {
		const from = performance.now();
		const next = await replay.advanceInTurns(at, { onStep, signal: told.signal });
		const { step } = next.link;
		const committed = run.chain.find((link) => link.step === step);
		const link = {
			step,
			committed: committed?.hash ?? "0x",
			found: next.hash,
			same: committed?.hash === next.hash,
			seconds: (performance.now() - from) / 1000,
		} satisfies ReplayedLink;
		links.push(link);
		if (withOutput && step === run.keptStep) output = next.state;
		if (!link.same) {
			difference ??= { ...thing(`commitment of step ${step}`, link.committed, link.found), step };
			break;
		}
		at = next;
	}
	return { taken, sameLosses, links, difference, output };
}

function startAt(replay: Replay, run: TrainedRun, fromStep: number): Committed {
	if (fromStep === 0) return replay.initial();
	const index = replay.linkSteps.indexOf(fromStep);
	const link = run.chain.find(({ step }) => step === fromStep);
	// loadRun has held it against its link, optimiser state included.
	const state = run.checkpoints.find(({ step }) => step === fromStep) as TrainerState | undefined;
	if (index < 0 || link === undefined || state === undefined)
		throw new RangeError(`no state is kept of step ${fromStep}`);
	return { index, hash: link.hash, state };
}

/** Adapter file and features, made again from the state that the run gives. */
async function ofOutput(replay: Replay, run: TrainedRun, steps: Taken, told: TakeAgain): Promise<ReplayedThing[]> {
	const begun = performance.now();
	const { links, sameLosses } = steps;
	const made = await replay.output(steps.output!, (done, total) => {
		told.signal.throwIfAborted();
		told.report(() => ({
			stage: "features",
			done,
			total,
			secondsLeft: ((performance.now() - begun) / 1000 / done) * (total - done),
			sameLosses,
			links: thinned(links),
			linksCompared: links.length,
		}));
	});
	return [
		thing("adapter_model.safetensors", run.adapterDigest, made.adapterDigest),
		thing("features of all rows learnt from", run.featuresRoot, made.featuresRoot),
	];
}
