// Which rows a verifier asks for: a function of what was committed and of a nonce that the prover could not know when it committed.

import { checkDigest, concatBytes, type Hex, hexToBytes, keccak256, uint32, utf8 } from "@openledger/protocol";
import { ProofError } from "./errors.js";

const TAG = utf8("openledger/challenge/v1");
const UNIFORM = 0;
const WEIGHTED = 1;
export const MAX_CHALLENGED = 4096;

export interface Challenge {
	/** 32 bytes, drawn by the verifier after it has the commitment. */
	readonly nonce: Hex;
	/** How many rows are drawn evenly, none twice. */
	readonly even: number;
	/** How many are drawn by their part of Σ score²: who bends the totals far with few rows is found there. */
	readonly weighted: number;
	/** Rows that somebody wants to see in any case: their own, say. */
	readonly named: readonly number[];
}

/** Throws ProofError "proof/malformed" unless counts and named rows are within limits. */
export function checkChallenge(challenge: Challenge, rows: number): Challenge {
	const { even, weighted, named } = challenge;
	checkDigest(challenge.nonce, "nonce");
	const counts = [even, weighted];
	if (counts.some((count) => !Number.isInteger(count) || count < 0) || even + weighted + named.length > MAX_CHALLENGED)
		throw new ProofError("proof/malformed", `a challenge asks for 0 to ${MAX_CHALLENGED} rows`);
	const strange = named.find((row) => !Number.isInteger(row) || row < 0 || row >= rows);
	if (strange !== undefined)
		throw new ProofError("proof/malformed", `there is no row ${strange}; rows are 0 to ${rows - 1}`);
	return challenge;
}

/** 256 bits that nobody could choose: of the commitment's digest, the nonce, the purpose and a counter. */
function draw(committed: Hex, nonce: Hex, purpose: number, counter: number): bigint {
	return BigInt(
		keccak256(concatBytes(TAG, hexToBytes(committed), hexToBytes(nonce), Uint8Array.of(purpose), uint32(counter))),
	);
}

/** `even` different rows of `rows`, ascending; all of them where so many are asked for. The bias of the remainder is below 2⁻²²⁰. */
export function evenRows(committed: Hex, { nonce, even }: Challenge, rows: number): number[] {
	if (even >= rows) return Array.from({ length: rows }, (_, row) => row);
	// Floyd's sampling: every set of so many rows is as likely as any other, with one draw a row.
	const chosen = new Set<number>();
	for (let i = rows - even; i < rows; i++) {
		const row = Number(draw(committed, nonce, UNIFORM, i - (rows - even)) % BigInt(i + 1));
		chosen.add(chosen.has(row) ? i : row);
	}
	return [...chosen].sort((a, b) => a - b);
}

/** Numbers from 0 to before `squares`, each of which points at the row in whose part of Σ score² it falls; none where that sum is 0. */
export function weightedTargets(committed: Hex, { nonce, weighted }: Challenge, squares: bigint): bigint[] {
	if (squares <= 0n) return [];
	return Array.from({ length: weighted }, (_, i) => draw(committed, nonce, WEIGHTED, i) % squares);
}
