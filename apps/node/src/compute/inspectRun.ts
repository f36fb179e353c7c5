// Looks whether a submitted run is the one that its job asks for: stretches between its checkpoints taken again, drawn by lot, or all of it.
// It must not know chains or stakes.

import type { Committed, Replay } from "@openledger/factory";
import { concatBytes, type Hex, hexToBytes, indexedTree, outputLink, sha256, uint32, utf8 } from "@openledger/protocol";
import type { RunReader, Submitted } from "./runReader.js";
import { advanceTo } from "./stateAt.js";

export type InspectRun = {
	readonly replay: Replay;
	/** What the trainer published, if it can be used; without it the whole run is taken again. */
	readonly reader: RunReader | undefined;
	readonly submitted: Submitted;
	/** How many stretches; all of them where it is "all". */
	readonly segments: number | "all";
	/** 32 bytes that the trainer could not know when it submitted. */
	readonly seed: Hex;
	readonly signal?: AbortSignal;
	/** Told after each link. */
	readonly onLink?: (done: number, of: number) => void;
};

/** How a dispute begins: agreed at `low`, the trainer's link at `high` ought to be `own`. */
export type Opening = {
	readonly low: number;
	readonly lowLink: Hex;
	readonly lowProof: readonly Hex[];
	readonly high: number;
	readonly highLink: Hex;
	readonly highProof: readonly Hex[];
	readonly own: Hex;
};

/** Links from `first` on, as they ought to be, as far as they were computed. */
export type Knowledge = { readonly first: number; readonly links: readonly Hex[] };

export type Inspection =
	| { readonly holds: true; readonly links: number; readonly published: boolean }
	| { readonly holds: false; readonly knows: Knowledge; readonly opening: Opening };

/** Stretches of links [from, to]: between checkpoints, and from the last link to what the run gives. */
export function segmentsOf({ checkpoints, linkSteps }: Pick<Replay, "checkpoints" | "linkSteps">): [number, number][] {
	const last = linkSteps.length - 1;
	const bounds = [...new Set([0, ...checkpoints, last])].sort((a, b) => a - b);
	return [...bounds.slice(1).map((to, i): [number, number] => [bounds[i]!, to]), [last, last + 1]];
}

/** `count` different ones of 0 … `of` − 1, drawn from a seed. */
export function drawLots(of: number, count: number, seed: Hex): number[] {
	const left = Array.from({ length: of }, (_, i) => i);
	return Array.from({ length: Math.min(count, of) }, (_, k) => {
		const draw = sha256(concatBytes(utf8("openledger/segments/v1"), hexToBytes(seed), uint32(k)));
		return left.splice(Number(BigInt(draw) % BigInt(left.length)), 1)[0]!;
	}).sort((a, b) => a - b);
}

export async function inspectRun(options: InspectRun): Promise<Inspection> {
	const { replay, reader, segments, seed } = options;
	const all = segmentsOf(replay);
	if (reader === undefined || segments === "all") return await inspectAll(options);
	let links = 0;
	for (const lot of drawLots(all.length, segments, seed)) {
		const [from, to] = all[lot]!;
		const start = await reader.checkpoint(from);
		// A state that is promised and not there, or not the committed one: nothing of what was published is trusted then.
		if (start === undefined) return await inspectAll({ ...options, reader: undefined });
		const found = await compare(options, start, to);
		if (!found.holds) return found;
		links += to - from;
	}
	return { holds: true, links, published: true };
}

/** The whole run from its start. */
async function inspectAll(options: InspectRun): Promise<Inspection> {
	const { replay, reader, submitted } = options;
	const last = replay.linkSteps.length - 1;
	if (reader !== undefined) {
		const found = await compare(options, replay.initial(), last + 1);
		return found.holds ? { ...found, links: last + 1 } : found;
	}
	// Only the ends are known: where they part, the dispute itself finds out.
	const own = [replay.start];
	const at = await advanceTo(replay, replay.initial(), last, options.signal, ({ hash, index }) => {
		own.push(hash);
		options.onLink?.(index, last + 1);
	});
	const output = outputLink(at.hash, await replay.output(at.state));
	own.push(output);
	const theirs = outputLink(submitted.runCommitment, submitted);
	if (output === theirs) return { holds: true, links: last + 1, published: false };
	const isRun = at.hash === submitted.runCommitment;
	const [low, lowLink] = isRun ? [last, at.hash] : [0, replay.start];
	const [high, highLink] = isRun ? [last + 1, theirs] : [last, submitted.runCommitment];
	const opening = { low, lowLink, lowProof: [], high, highLink, highProof: [], own: own[high]! };
	return { holds: false, knows: { first: 0, links: own }, opening };
}

/** Steps from a state that is the trainer's own, link by link, to the first that is another. */
async function compare(options: InspectRun, start: Committed, to: number): Promise<Inspection> {
	const { replay, signal, onLink } = options;
	const reader = options.reader!;
	const last = replay.linkSteps.length - 1;
	const own = [start.hash];
	let at = start;
	while (at.index < to) {
		const next =
			at.index < last
				? await advanceTo(replay, at, at.index + 1, signal)
				: { index: last + 1, hash: outputLink(at.hash, await replay.output(at.state)), state: at.state };
		own.push(next.hash);
		onLink?.(next.index, to);
		if (next.hash !== reader.links[next.index]) {
			const { proofFor } = indexedTree(reader.links);
			// What the chain knows anyhow is not proved to it.
			const proof = (index: number) => (index === 0 || index >= last ? [] : proofFor(index));
			const opening = {
				...{ low: at.index, lowLink: at.hash, lowProof: proof(at.index) },
				...{ high: next.index, highLink: reader.links[next.index]!, highProof: proof(next.index), own: next.hash },
			};
			return { holds: false, knows: { first: start.index, links: own }, opening };
		}
		at = next;
	}
	return { holds: true, links: to - start.index, published: true };
}
