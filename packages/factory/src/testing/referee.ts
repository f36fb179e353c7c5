// A referee of disputes, written from the rules alone: it holds every opening against what was committed before and knows nothing of runs.
// The contract is the other one.

import {
	concatBytes,
	type DisputeMove,
	type Hex,
	hexToBytes,
	sha256,
	uint32,
	utf8,
	verifyIndexedProof,
	ZERO_DIGEST,
} from "@openledger/protocol";
import type { Game, Span } from "../disputes/game.js";

export interface Commitment {
	readonly linksRoot: Hex;
	readonly linkCount: number;
}

const shown = (span: Span, midHash: Hex): Span => ({ ...span, midHash });

function answered(span: Span, agrees: boolean): Span {
	const mid = middle(span);
	const part = agrees ? { low: mid, lowHash: span.midHash } : { high: mid, highHash: span.midHash };
	return { ...span, ...part, midHash: ZERO_DIGEST };
}

const middle = ({ low, high }: Span) => Math.floor((low + high) / 2);

function need(holds: boolean, what: string): void {
	if (!holds) throw new Error(`the referee refuses: ${what}`);
}

const done = ({ low, high }: Span) => high === low + 1;
const noOps: Span = { low: 0, high: 0, lowHash: ZERO_DIGEST, highHash: ZERO_DIGEST, midHash: ZERO_DIGEST };

export function openGame(links: Omit<Span, "midHash">): Game {
	const span = { ...links, midHash: ZERO_DIGEST };
	return { phase: done(span) ? "showTrace" : "showLink", links: span, opCount: 0, ops: noOps };
}

/** The game after a move, and the root of the trace where one was shown; `undefined` as game once the jury has to decide. Throws on what is refused. */
export function referee(
	game: Game,
	move: DisputeMove,
	{ linksRoot, linkCount }: Commitment,
	traceRoot: Hex,
): { readonly game: Game; readonly traceRoot: Hex; readonly claimed?: Hex } {
	need(move.kind === game.phase, `${move.kind} in ${game.phase}`);
	const { links, ops } = game;
	switch (move.kind) {
		case "showLink": {
			const { index, link, proof } = move;
			need(index === middle(links), "another link than the middle");
			need(verifyIndexedProof(link, { index, count: linkCount, siblings: proof }, linksRoot), "the link's opening");
			return { game: { ...game, phase: "answerLink", links: shown(links, link) }, traceRoot };
		}
		case "answerLink": {
			const next = answered(links, move.agrees);
			return { game: { ...game, links: next, phase: done(next) ? "showTrace" : "showLink" }, traceRoot };
		}
		case "showTrace": {
			const { opCount, root, firstProof, beforeLast, beforeLastProof, lastProof } = move.claim;
			const count = opCount + 1;
			const opens = (entry: Hex, index: number, siblings: readonly Hex[]) =>
				verifyIndexedProof(entry, { index, count, siblings }, root);
			const tagged = concatBytes(
				utf8("openledger/link/v1"),
				hexToBytes(beforeLast),
				uint32(opCount - 1),
				hexToBytes(links.highHash),
			);
			const last = sha256(tagged);
			need(opens(links.lowHash, 0, firstProof), "the trace does not begin with the agreed link");
			need(opens(beforeLast, opCount - 1, beforeLastProof), "the entry before the last");
			need(opens(last, opCount, lastProof), "the trace does not end with the disputed link");
			const span = { low: 0, high: opCount, lowHash: links.lowHash, highHash: last, midHash: ZERO_DIGEST };
			const phase = done(span) ? "claimEntry" : "showEntry";
			return { game: { ...game, phase, opCount, ops: span }, traceRoot: root };
		}
		case "showEntry": {
			const { index, entry, proof } = move;
			need(index === middle(ops), "another entry than the middle");
			const place = { index, count: game.opCount + 1, siblings: proof };
			need(verifyIndexedProof(entry, place, traceRoot), "the entry's opening");
			return { game: { ...game, phase: "answerEntry", ops: shown(ops, entry) }, traceRoot };
		}
		case "answerEntry": {
			const next = answered(ops, move.agrees);
			return { game: { ...game, ops: next, phase: done(next) ? "claimEntry" : "showEntry" }, traceRoot };
		}
		case "claimEntry":
			need(move.entry !== ops.highHash, "the challenger names the trainer's own entry");
			return { game, traceRoot, claimed: move.entry };
	}
}
