// One step of the batch, told share by share: what cannot be computed for one must not end the others. It must not know queues or answers.

import type { PagedBatch } from "@openledger/llm";
import type { Running } from "./job.js";
import type { Share } from "./planStep.js";

/** What came of a share: logits where they were asked for, or why it cannot go on. */
export type ShareOutcome = { readonly logits: Float32Array | undefined } | { readonly error: unknown };

/**
 * All shares in one pass. If that fails, nothing of it was taken, and each is stepped alone: a row's bits do not depend on its neighbours,
 * so those that can go on do so with the same answers, and only those at fault (numbers of an adapter that overflow, say) fail.
 */
export function stepShares(
	batch: Pick<PagedBatch, "step">,
	shares: readonly Share<Pick<Running, "sequence">>[],
): readonly ShareOutcome[] {
	const work = shares.map(({ running: { sequence }, ...rest }) => ({ sequence, ...rest }));
	try {
		return batch.step(work).map((logits) => ({ logits }));
	} catch (error) {
		if (shares.length === 1) return [{ error }];
	}
	return work.map((one) => {
		try {
			return { logits: batch.step([one])[0] };
		} catch (error) {
			return { error };
		}
	});
}
