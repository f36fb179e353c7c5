// The state behind a link: from the nearest one that is known, by taking the steps between again. It must not know who asks.

import { setImmediate as nextTurn } from "node:timers/promises";
import { type Committed, type Replay, traceLink, traceOutput } from "@openledger/factory";
import type { Hex } from "@openledger/protocol";
import type { RunReader } from "./runReader.js";

export type StateSources = {
	readonly replay: Replay;
	/** What the trainer published, if it can be used. */
	readonly reader?: RunReader | undefined;
	readonly signal?: AbortSignal;
};

/**
 * The state of link `index` whose hash is `hash`: from the trainer's nearest checkpoint before it, or else by the whole run from its start.
 * Undefined where neither leads to that link.
 */
export async function stateAt(
	{ replay, reader, signal }: StateSources,
	index: number,
	hash: Hex,
): Promise<Committed | undefined> {
	const starts = reader?.links[index] === hash ? replay.checkpoints.filter((at) => at <= index).reverse() : [];
	for (const at of [...starts, 0]) {
		const from = at === 0 ? replay.initial() : await reader!.checkpoint(at);
		if (from === undefined) continue;
		const found = await advanceTo(replay, from, index, signal);
		if (found.hash === hash) return found;
	}
	return undefined;
}

/** Takes steps to a link, letting others have their turn between them. Throws what the signal says once it fires. */
export async function advanceTo(
	replay: Replay,
	from: Committed,
	index: number,
	signal?: AbortSignal,
	onLink?: (at: Committed) => void,
): Promise<Committed> {
	let at = from;
	while (at.index < index) {
		await nextTurn();
		signal?.throwIfAborted();
		at = replay.advance(at);
		onLink?.(at);
	}
	return at;
}

/** The digests of the ops from a state to the next link; after the last link, those of what the run gives. */
export async function opsAfter(replay: Replay, from: Committed): Promise<readonly Hex[]> {
	const isLast = from.index === replay.linkSteps.length - 1;
	return (isLast ? await traceOutput(replay, from) : traceLink(replay, from)).digests;
}
