// Writes a replay down: which stretch of a model's run is to be taken again. The same one that waits or runs is not written twice.

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { loadRun, type TrainedRun } from "@openledger/factory";
import { CallerError, type Hex } from "@openledger/protocol";
import { and, count, eq, inArray } from "drizzle-orm";
import { replays } from "../../database/schema.js";
import type { NodeParts } from "../../parts.js";
import { findModel } from "../readModels.js";

export type QueueReplay = {
	/** Id or served name. */
	readonly model: string;
	/** Step after which it begins: 0, or one whose state the run keeps. */
	readonly fromStep?: number | undefined;
	/** Step of the commitment with which it ends; the run's last, unless another is said. */
	readonly toStep?: number | undefined;
};

/** Where a replay of a run may begin and end. */
export type Stretches = { readonly from: readonly number[]; readonly to: readonly number[] };

const MOST_OPEN = 16;

export function stretchesOf({ checkpoints, chain }: Pick<TrainedRun, "checkpoints" | "chain">): Stretches {
	const last = chain.at(-1)!.step;
	const kept = checkpoints.map(({ step }) => step).filter((step) => step < last);
	return { from: [0, ...kept], to: chain.map(({ step }) => step) };
}

/** Throws `replay/bad-stretch`, `replay/too-many-open`, `model/not-found`. */
export async function queueReplay(parts: NodeParts, wanted: QueueReplay): Promise<{ readonly replayId: string }> {
	const stored = await findModel(parts, wanted.model);
	const run = await loadRun(join(parts.home, "runs", stored.runFolder), parts.engine);
	const { from, to } = stretchesOf(run);
	const fromStep = wanted.fromStep ?? 0;
	const toStep = wanted.toStep ?? run.chain.at(-1)!.step;
	if (!from.includes(fromStep) || !to.includes(toStep) || fromStep >= toStep) {
		const message = `a replay of this run begins after step ${from.join(" or ")}, and ends after it with one of the steps ${few(to)}`;
		throw new CallerError(message, { code: "replay/bad-stretch", details: { from, to: to.slice(0, 20) } });
	}
	// Adapter and features are made from the state of one step, which must come by.
	const withOutput = fromStep < run.keptStep && run.keptStep <= toStep;
	return await parts.turns("replay queue", async () => {
		const { db } = parts;
		const open = inArray(replays.status, ["queued", "running"]);
		const same = and(open, eq(replays.modelId, stored.id), eq(replays.fromStep, fromStep), eq(replays.toStep, toStep));
		const [known] = await db.select({ id: replays.id }).from(replays).where(same);
		if (known !== undefined) return { replayId: known.id };
		const [waiting] = await db.select({ n: count() }).from(replays).where(open);
		if (waiting!.n >= MOST_OPEN) {
			throw new CallerError(`${waiting!.n} replays wait already; ask again when one is done, or stop one`, {
				code: "replay/too-many-open",
			});
		}
		const id = `replay-${randomBytes(8).toString("hex")}`;
		const modelId: Hex = stored.id;
		await db
			.insert(replays)
			.values({ id, modelId, fromStep, toStep, withOutput, status: "queued", queuedAt: Date.now() });
		return { replayId: id };
	});
}

function few(steps: readonly number[]): string {
	if (steps.length <= 8) return steps.join(", ");
	return `${steps.slice(0, 4).join(", ")}, … ${steps.slice(-2).join(", ")}`;
}
