// What a prover says of all scores of one answer before it knows which rows it will be asked for.

import { checkDigest, concatBytes, type Hex, hexToBytes, keccak256, uint32, utf8 } from "@openledger/protocol";
import { ProofError } from "./errors.js";
import type { ScoreNode } from "./scoreTree.js";

const TAG = utf8("openledger/scores/v1");

/** What the scores are about: all of it is in the receipt or follows from running the answer again. */
export interface ScoreSubject {
	readonly receiptId: Hex;
	readonly featuresRoot: Hex;
	readonly snapshotRoot: Hex;
	readonly method: Hex;
	/** Digest of the answer's own feature. */
	readonly queryDigest: Hex;
	/** Rows of the snapshot, as published with its root. */
	readonly rows: number;
}

export interface ScoreCommitment extends ScoreSubject {
	readonly root: ScoreNode;
}

/** keccak256 of tag, subject and root; its totals and its largest score are in the root's own encoding. Throws `protocol/bad-…`. */
export function commitmentDigest({ root, ...subject }: ScoreCommitment): Hex {
	const { receiptId, featuresRoot, snapshotRoot, method, queryDigest, rows } = subject;
	const digests = { receiptId, featuresRoot, snapshotRoot, method, queryDigest, root: root.hash };
	const parts = Object.entries(digests).map(([name, value]) => hexToBytes(checkDigest(value, name)));
	const totals = utf8([root.rows, root.heads, root.sum, root.squares, root.max].join(" "));
	return keccak256(concatBytes(TAG, ...parts, uint32(rows), totals));
}

/** Throws ProofError "proof/other" naming what the commitment is about instead. */
export function checkSubject(commitment: ScoreCommitment, wanted: ScoreSubject): void {
	const names = ["receiptId", "snapshotRoot", "featuresRoot", "method", "rows", "queryDigest"] as const;
	for (const name of names) {
		if (commitment[name] === wanted[name]) continue;
		throw new ProofError(
			"proof/other",
			`the scores are of ${WORDS[name]} ${commitment[name]}, the receipt's is ${wanted[name]}`,
			{ name },
		);
	}
	if (commitment.root.rows === wanted.rows) return;
	throw new ProofError(
		"proof/other",
		`the scores are of ${commitment.root.rows} rows, the snapshot has ${wanted.rows}`,
	);
}

const WORDS: Readonly<Record<keyof ScoreSubject, string>> = {
	receiptId: "receipt",
	snapshotRoot: "snapshot root",
	featuresRoot: "features root",
	method: "method",
	rows: "a row count of",
	queryDigest: "query digest",
};
