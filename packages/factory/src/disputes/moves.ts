// The next move of either side, from what the referee shows and one's own run: pure, so that whoever was killed goes on with the same move.
// It must not know chains.

import { type DisputeMove, type Hex, indexedTree, midOf, ZERO_DIGEST } from "@openledger/protocol";
import type { Game } from "./game.js";
import { traceEntries } from "./opTrace.js";

/** What the trainer has committed to. */
export interface TrainerBook {
	/** All N + 2 links. */
	readonly links: readonly Hex[];
	/** The digests of the interval from link `index` to the next. */
	trace(index: number): Promise<readonly Hex[]>;
}

/** What the challenger knows: it may have replayed a part of the run alone. */
export interface ChallengerBook {
	/** Whether a link is what it ought to be; of links before its part it says yes, of those behind it no. */
	agrees(index: number, link: Hex): boolean;
	trace(index: number): Promise<readonly Hex[]>;
}

/** Undefined where it is not the trainer's turn. */
export async function trainerMove(game: Game, book: TrainerBook): Promise<DisputeMove | undefined> {
	switch (game.phase) {
		case "showLink": {
			const index = midOf(game.links.low, game.links.high);
			return { kind: "showLink", index, link: book.links[index]!, proof: indexedTree(book.links).proofFor(index) };
		}
		case "showTrace": {
			const entries = await entriesOf(game, book);
			const { root, proofFor } = indexedTree(entries);
			const last = entries.length - 1;
			const claim = {
				...{ opCount: last, root, firstProof: proofFor(0), beforeLast: entries[last - 1]! },
				...{ beforeLastProof: proofFor(last - 1), lastProof: proofFor(last) },
			};
			return { kind: "showTrace", claim };
		}
		case "showEntry": {
			const index = midOf(game.ops.low, game.ops.high);
			const entries = await entriesOf(game, book);
			return { kind: "showEntry", index, entry: entries[index]!, proof: indexedTree(entries).proofFor(index) };
		}
		default:
			return undefined;
	}
}

/** Undefined where it is not the challenger's turn. */
export async function challengerMove(game: Game, book: ChallengerBook): Promise<DisputeMove | undefined> {
	switch (game.phase) {
		case "answerLink": {
			const index = midOf(game.links.low, game.links.high);
			return { kind: "answerLink", index, agrees: book.agrees(index, game.links.midHash) };
		}
		case "answerEntry": {
			const index = midOf(game.ops.low, game.ops.high);
			return { kind: "answerEntry", index, agrees: (await entriesOf(game, book))[index] === game.ops.midHash };
		}
		case "claimEntry":
			// Where the trainer's trace is longer than the true one, there is nothing true to name.
			return { kind: "claimEntry", entry: (await entriesOf(game, book))[game.ops.high] ?? ZERO_DIGEST };
		default:
			return undefined;
	}
}

/** How a juror votes who has the true digests of the disputed interval, or none because the agreed link has no state: 1 for the trainer. */
export function verdictOn({ links, ops }: Pick<Game, "links" | "ops">, digests: readonly Hex[] | undefined): 1 | 2 {
	if (digests === undefined) return 2;
	return traceEntries(links.lowHash, digests)[ops.high] === ops.highHash ? 1 : 2;
}

const entriesOf = async ({ links }: Game, book: Pick<TrainerBook, "trace">) =>
	traceEntries(links.lowHash, await book.trace(links.low));
