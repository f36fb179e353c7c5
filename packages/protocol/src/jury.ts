// How a jury is drawn, a vote sealed and a verdict found: twin of contracts/src/staking/{JuryMath,Jury}.sol.
// It must not know what a case is about.
import { type Address, encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from "viem";
import { checkAddress, checkAmount, checkCount, checkDigest } from "./checks.js";

const VOTE = parseAbiParameters("uint256 caseId, address juror, uint8 choice, bytes32 salt");
const SEED = parseAbiParameters("bytes32 blockHash, address jury, uint256 caseId");
const PLACE = parseAbiParameters("bytes32 seed, uint256 slot, uint256 attempt");
const ATTEMPTS = 32;
const MAX_CHOICE = 255;

/** keccak256(abi.encode(caseId, juror, choice, salt)): what a juror commits to; a copy of it is of no use to another. */
export function voteCommitment(caseId: bigint, juror: Address, choice: number, salt: Hex): Hex {
	const vote = [checkAmount(caseId, "caseId"), checkAddress(juror, "juror")] as const;
	return keccak256(
		encodeAbiParameters(VOTE, [...vote, checkCount(choice, "choice", MAX_CHOICE), checkDigest(salt, "salt")]),
	);
}

/** keccak256(abi.encode(hash of the draw block, the jury contract, caseId)). */
export function drawSeed(blockHash: Hex, jury: Address, caseId: bigint): Hex {
	const from = [checkDigest(blockHash, "blockHash"), checkAddress(jury, "jury")] as const;
	return keccak256(encodeAbiParameters(SEED, [...from, checkAmount(caseId, "caseId")]));
}

/** Which of the first `positions` positions a place of the jury looks at in its `attempt`th attempt, from 0. */
export function drawPosition(seed: Hex, slot: number, attempt: number, positions: number): number {
	const place = [checkDigest(seed, "seed"), BigInt(checkCount(slot, "slot")), BigInt(checkCount(attempt, "attempt"))];
	const hash = keccak256(encodeAbiParameters(PLACE, place as [Hex, bigint, bigint]));
	return Number(BigInt(hash) % BigInt(checkCount(positions, "positions")));
}

/**
 * Draws up to `size` jurors. `bench` holds the seats' operators by position, undefined where there is none who may be drawn
 * (a hole, an excluded account, a seat that was taken after the opening, is not covered or holds too little).
 */
export function drawJurors(seed: Hex, bench: readonly (Address | undefined)[], size: number): Address[] {
	const jurors: Address[] = [];
	for (let slot = 0; slot < size && bench.length > 0; slot++) {
		for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
			const operator = bench[drawPosition(seed, slot, attempt, bench.length)];
			if (operator === undefined || jurors.includes(operator)) continue;
			jurors.push(operator);
			break;
		}
	}
	return jurors;
}

/** What most said, if no other choice was said as often and at least half spoke; else 0. `votes` holds a number for every juror, 0: absent. */
export function verdictOf(votes: readonly number[], choices: number): number {
	const counts = new Array<number>(choices + 1).fill(0);
	for (const vote of votes) counts[checkCount(vote, "vote", choices)]! += 1;
	const most = Math.max(...counts.slice(1));
	const best = counts.indexOf(most, 1);
	const tied = counts.indexOf(most, best + 1) !== -1;
	const spoken = votes.length - counts[0]!;
	return most === 0 || tied || spoken < counts[0]! ? 0 : best;
}
