// What a verification is asked for and what it tells.

import type { Assurance, Prover, VerifyMode } from "@openledger/attribution";
import type { Check } from "@openledger/factory";
import type { Hex } from "@openledger/protocol";

export type { Check };

/** What it took, beside the base and the run's checkpoints, which either mode needs. */
export type VerificationCost = {
	/** Of committed features and rows that were read (full), or of the proof that moved (spot). */
	readonly bytes: number;
	/** Of the run's features that every answer's own feature hangs on, once for all receipts of the run (spot). */
	readonly runBytes: number;
	readonly milliseconds: number;
	/** Rows whose features were made again. */
	readonly rowsMadeAgain: number;
	readonly retrainings: number;
};

export type Verification = {
	readonly receiptId: Hex;
	readonly mode: VerifyMode;
	/** Names the rows that were drawn: the same nonce draws the same. */
	readonly nonce: Hex;
	readonly identical: boolean;
	readonly checks: readonly Check[];
	/** What the first failed check is about. */
	readonly firstDifference?: string;
	/** Where all checks passed: what that shows, and what it does not. */
	readonly assurance?: Assurance;
	readonly cost: VerificationCost;
};

export type VerifyOptions = {
	/** full: everything that the receipt commits to is read. spot: work that does not grow with the number of rows. Default full. */
	readonly mode?: VerifyMode;
	/** Rows drawn evenly, whose features are made again. Default 32; `all` makes every one. */
	readonly rows?: number | "all";
	/** Spot mode: rows drawn by their part of Σ score². Default 8. */
	readonly weighted?: number;
	/** Rows that are looked at in any case. */
	readonly named?: readonly number[];
	/** 32 bytes that the prover could not know; default drawn anew. */
	readonly nonce?: Hex;
	/** Who answers for the scores; default this node's own served model. */
	readonly prover?: () => Promise<Prover>;
};
