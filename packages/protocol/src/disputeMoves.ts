// The moves of a dispute over a run, as players choose them and the chain takes them. It must not know which move is wise.
import type { Hex } from "viem";

/** Whose turn is named by the move that is due, in the order of a game. */
export const DISPUTE_PHASES = [
	"showLink",
	"answerLink",
	"showTrace",
	"showEntry",
	"answerEntry",
	"claimEntry",
] as const;

/** The trace of one interval, with the openings that bind its ends to the links. */
export type TraceClaim = {
	readonly opCount: number;
	readonly root: Hex;
	readonly firstProof: readonly Hex[];
	/** The entry before the last, from which the last follows with the disputed link. */
	readonly beforeLast: Hex;
	readonly beforeLastProof: readonly Hex[];
	readonly lastProof: readonly Hex[];
};

export type DisputeMove =
	| { readonly kind: "showLink"; readonly index: number; readonly link: Hex; readonly proof: readonly Hex[] }
	| { readonly kind: "answerLink"; readonly index: number; readonly agrees: boolean }
	| { readonly kind: "showTrace"; readonly claim: TraceClaim }
	| { readonly kind: "showEntry"; readonly index: number; readonly entry: Hex; readonly proof: readonly Hex[] }
	| { readonly kind: "answerEntry"; readonly index: number; readonly agrees: boolean }
	| { readonly kind: "claimEntry"; readonly entry: Hex };
