// What a proof of attribution can be wrong in. It must not know who sent the proof.

import { CallerError } from "@openledger/protocol";

export type ProofErrorCode =
	/** Not of the form that a proof has, or beyond a stated limit. */
	| "proof/malformed"
	/** Something that was asked for is not in it. */
	| "proof/incomplete"
	/** It is about another receipt, run, snapshot or method. */
	| "proof/other"
	/** An opening does not lead to its root. */
	| "proof/root"
	/** A row's text is not the one that was committed. */
	| "proof/row"
	/** A row's feature is not what its text and the run's checkpoints give. */
	| "proof/feature"
	/** A score is not the product of answer and row. */
	| "proof/score"
	/** A copy counts, or a first row does not. */
	| "proof/head"
	/** The shares do not follow from the scores. */
	| "proof/shares";

/** The prover's fault: what it sent is not what is true of the receipt. The same proof will fail again. */
export class ProofError extends CallerError {
	constructor(
		override readonly code: ProofErrorCode,
		message: string,
		details: Readonly<Record<string, unknown>> = {},
	) {
		super(message, { code, details });
		this.name = "ProofError";
	}
}
