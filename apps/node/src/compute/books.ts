// What each side of a dispute plays from: its own computation, and nothing that the other says. Pure but for the replays; whoever was killed
// builds the same book again.

import type { ChallengerBook, Game, TrainerBook } from "@openledger/factory";
import { verdictOn } from "@openledger/factory";
import type { Hex } from "@openledger/protocol";
import type { Knowledge } from "./inspectRun.js";
import { opsAfter, type StateSources, stateAt } from "./stateAt.js";

/** An honest trainer's book: its links as it submitted them, its ops by taking the steps again. */
export function trainerBook(
	sources: StateSources & { readonly reader: NonNullable<StateSources["reader"]> },
): TrainerBook {
	const { links } = sources.reader;
	return { links, trace: remembered((index) => opsAt(sources, index, links[index]!)) };
}

/** The book of a challenger who knows a stretch: it grants what lies before, and nothing behind. */
export function challengerBook(sources: StateSources, { first, links }: Knowledge): ChallengerBook {
	return {
		agrees: (index, link) => index < first || links[index - first] === link,
		trace: remembered((index) =>
			opsAt(sources, index, index < first ? sources.reader!.links[index]! : links[index - first]!),
		),
	};
}

/** A juror's vote: 1 for the trainer, 2 for the challenger or where the agreed link has no state that anybody can find. */
export async function judge(sources: StateSources, game: Pick<Game, "links" | "ops">): Promise<1 | 2> {
	const from = await stateAt(sources, game.links.low, game.links.lowHash);
	return verdictOn(game, from && (await opsAfter(sources.replay, from)));
}

async function opsAt(sources: StateSources, index: number, hash: Hex): Promise<readonly Hex[]> {
	const from = await stateAt(sources, index, hash);
	if (from === undefined)
		throw new Error(`no state leads to link ${index} again; was the run trained by this program?`);
	return await opsAfter(sources.replay, from);
}

/** A dispute asks for the same ops again and again. */
function remembered(trace: (index: number) => Promise<readonly Hex[]>): TrainerBook["trace"] {
	const known = new Map<number, Promise<readonly Hex[]>>();
	return (index) => {
		const found = known.get(index) ?? trace(index);
		known.set(index, found);
		found.catch(() => known.delete(index));
		return found;
	};
}
