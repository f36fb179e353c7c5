// A dispute on chain as the players see it.

import type { Dispute } from "@openledger/chain";
import type { Game } from "@openledger/factory";

/** The players make no move in a phase that is none of theirs. */
export function gameOf({ phase, links, opCount, ops }: Dispute): Game {
	return { phase: phase as Game["phase"], links, opCount, ops };
}
