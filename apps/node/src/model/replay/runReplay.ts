// Takes a stretch of a model's run again on this node and holds every commitment against what comes: one replay at a time. Killed, it begins
// again at the next start; nothing of it is kept but what it found.

import { and, asc, eq, inArray } from "drizzle-orm";
import { replays } from "../../database/schema.js";
import { errorText, closing as nodeCloses, notFound } from "../../errors.js";
import type { NodeParts } from "../../parts.js";
import type { ReplayProgress } from "./replayResult.js";
import { takeAgain } from "./takeAgain.js";

const TELL_MS = 500;

/** To its end, or to where it was stopped; one that has ended returns at once. */
export function runReplay(parts: NodeParts, id: string): Promise<void> {
	return parts.turns("replay", async () => {
		const { db, closing } = parts;
		if (closing.aborted) throw nodeCloses();
		const [known] = await db.select({ id: replays.id }).from(replays).where(eq(replays.id, id));
		if (known === undefined) throw notFound("replay", id, "see the list of the model's replays");
		const [replay] = await db
			.update(replays)
			.set({ status: "running", error: null, progress: null })
			.where(and(eq(replays.id, id), inArray(replays.status, ["queued", "running"])))
			.returning();
		if (replay === undefined) return;
		const halt = new AbortController();
		const signal = AbortSignal.any([closing, halt.signal]);
		const isRunning = and(eq(replays.id, id), eq(replays.status, "running"));
		try {
			const result = await takeAgain(parts, replay, { signal, report: reporter(parts, id, halt) });
			await db.update(replays).set({ status: "done", result, endedAt: Date.now() }).where(isRunning);
		} catch (error) {
			// Closed upon, it is left running and the next start takes it up; stopped, that is written down already.
			if (closing.aborted) throw error;
			if (halt.signal.aborted) return;
			await db
				.update(replays)
				.set({ status: "failed", error: errorText(error), endedAt: Date.now() })
				.where(isRunning);
			throw error;
		}
	});
}

/** Ids of the replays that were cut short or never begun, oldest first. */
export async function unfinishedReplays({ db }: NodeParts): Promise<string[]> {
	const found = await db
		.select({ id: replays.id })
		.from(replays)
		.where(inArray(replays.status, ["queued", "running"]))
		.orderBy(asc(replays.sequence));
	return found.map(({ id }) => id);
}

/** One that has ended stays as it ended. Throws `replay/not-found`. */
export async function stopReplay({ db }: NodeParts, id: string): Promise<void> {
	await db
		.update(replays)
		.set({ status: "stopped", endedAt: Date.now() })
		.where(and(eq(replays.id, id), inArray(replays.status, ["queued", "running"])));
	const [known] = await db.select({ id: replays.id }).from(replays).where(eq(replays.id, id));
	if (known === undefined) throw notFound("replay", id, "see the list of the model's replays");
}

/** Tells the replay's row how far it is; where the row is running no more, halts it. */
function reporter({ db }: NodeParts, id: string, halt: AbortController): (progress: () => ReplayProgress) => void {
	let told = 0;
	return (progress) => {
		if (performance.now() - told < TELL_MS) return;
		told = performance.now();
		db.update(replays)
			.set({ progress: progress() })
			.where(and(eq(replays.id, id), eq(replays.status, "running")))
			.returning({ id: replays.id })
			.then(
				(found) => {
					if (found.length === 0) halt.abort();
				},
				// Only for show: a lost update of the progress changes nothing.
				() => {},
			);
	};
}
