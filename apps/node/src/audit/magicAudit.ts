// The derivative of the answer's loss through the whole training, summed over each contributor's rows; where the recipe is too rough for one,
// that is known before the work starts.

import {
	createReplayTrainer,
	judgeSmoothness,
	MagicError,
	magic,
	type RecordedTraining,
	type SmoothnessJudgement,
	smoothnessSigns,
} from "@openledger/attribution";
import { checkReplay, createLossMeter, type MagicFolder } from "@openledger/factory";
import { type Address, CallerError } from "@openledger/protocol";
import type { ShelvedModel } from "../model/openModelShelf.js";
import type { NodeParts } from "../parts.js";
import type { AuditInput } from "./auditInput.js";
import { countSteps, type ReportProgress } from "./auditProgress.js";
import { decimal, type Measured, type Sign, type Smoothness } from "./auditRecord.js";
import type { ContributorGroup } from "./contributorGroups.js";

export type MagicAudit = {
	readonly input: AuditInput;
	readonly model: ShelvedModel;
	readonly training: RecordedTraining;
	readonly groups: readonly ContributorGroup[];
	/** Where this audit keeps its states; emptied when it is done. */
	readonly kept: MagicFolder;
	readonly signal: AbortSignal;
	readonly report: ReportProgress;
};

/** The effects: total of a contributor's rows, and of those that help alone. Its store damaged, it begins again. */
export async function magicAudit(parts: NodeParts, audit: MagicAudit): Promise<Pick<Measured, "losses" | "effects">> {
	const { input, model, training, groups, kept, signal, report } = audit;
	const derive = () =>
		parts.turns("training", () =>
			magic(training, input.queries, {
				store: kept,
				signal,
				onProgress({ phase, done, total, secondsLeft }) {
					const doing = phase === "forward" ? "the run once more" : "back through the run";
					report({ doing, done, total, ...(secondsLeft !== undefined && { secondsLeft }) });
				},
			}),
		);
	const { influences, final } = await derive().catch(async (error: unknown) => {
		if (!(error instanceof MagicError) || error.code !== "attribution/audit-damaged") throw saidTooLarge(error);
		await kept.clear();
		return await derive();
	});
	checkReplay(model.run, final);
	const effects = new Map<Address, { total: number[]; positive: number[] }>();
	for (const { account, rows } of groups) {
		const own = influences.map((influence) => [...rows].map((row) => influence[row]!));
		effects.set(account, {
			total: own.map(sum),
			positive: own.map((values) => sum(values.map((x) => Math.max(0, x)))),
		});
	}
	// As the exact truth measures them, so that records of both methods agree to the last digit.
	const meter = createLossMeter(training, input.queries);
	const losses = meter.losses(final.parameters);
	meter.close();
	await kept.clear();
	return { losses, effects };
}

export type JudgeRun = Pick<MagicAudit, "training" | "signal" | "report">;

/** How smooth the recipe is, by training twice with a few rows weighed otherwise; that is a turn of its own. */
export async function judgeRun(parts: NodeParts, { training, signal, report }: JudgeRun): Promise<Smoothness> {
	if (!(training.settings.epsilonRoot > 0)) return withoutDerivative;
	return await parts.turns("training", async () => {
		signal.throwIfAborted();
		const trainer = createReplayTrainer(training);
		try {
			let count: ((doing: string) => void) | undefined;
			const onStep = (_done: number, total: number) => {
				count ??= countSteps(total, report);
				count("how smooth the recipe is");
			};
			return said(await judgeSmoothness(training, { signal, trainer, onStep }));
		} finally {
			trainer.close();
		}
	});
}

const withoutDerivative: Smoothness = {
	smooth: false,
	why: "recipe.epsilonRoot is 0, and where a second moment is 0 such a step has no derivative",
	figures: {},
};

function said({ smooth, why, figures }: SmoothnessJudgement): Smoothness {
	const { agreement, amplification, rows } = figures;
	return {
		smooth,
		why: why.replace(/^(smooth|rough): /, ""),
		figures: {
			agreement: decimal(agreement),
			amplification: decimal(amplification),
			rows: String(rows),
		},
	};
}

/** What the recipe alone says against a derivative; trains nothing. */
export function signsOf(training: RecordedTraining): Sign[] {
	return smoothnessSigns(training).map(({ sign, found, wanted }) => {
		return { sign, found: decimal(found), smoothRuns: decimal(wanted) };
	});
}

/** The machine's refusal as words that help; any other error stays what it is. */
export function saidTooLarge(error: unknown): unknown {
	return (error as { readonly code?: unknown }).code === "out-of-memory" ? tooLarge(error as Error) : error;
}

function tooLarge(cause: Error): CallerError {
	const advice = "ask fewer queries at once, or audit by leave-one-contributor-out";
	return new CallerError(`the derivative does not fit the machine; ${advice}: ${cause.message}`, {
		code: "audit/out-of-memory",
		cause,
	});
}

function sum(values: readonly number[]): number {
	return values.reduce((total, x) => total + x, 0);
}
