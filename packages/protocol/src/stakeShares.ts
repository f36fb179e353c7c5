// Stake in shares, and what becomes of lost money: twins of contracts/src/staking/ShareMath.sol and contracts/src/libraries/Forfeit.sol.
// It must not know who stakes behind whom.
import { checkAmount } from "./checks.js";
import { PPM } from "./shares.js";

/** A part of a pool, active or unbonding: wei and shares, wei ≤ shares. */
export type SharePool = { readonly wei: bigint; readonly shares: bigint };

/** Below a billionth of a wei a share counts as worthless. */
const LEAST_PRICE_DIVISOR = 1_000_000_000n;

/** Shares for `amountWei` that comes in, rounded down: at least as many as the wei. */
export function sharesFor(amountWei: bigint, { wei, shares }: SharePool): bigint {
	checkAmount(amountWei, "amountWei");
	return shares === 0n ? amountWei : (amountWei * shares) / wei;
}

/** What shares are worth in wei, rounded down; all of them are worth all there is. */
export function worthOf(held: bigint, { wei, shares }: SharePool): bigint {
	checkAmount(held, "shares", shares);
	return shares === 0n ? 0n : (held * wei) / shares;
}

/** Whether a pool's shares are worth so little that they are struck off and what they still hold is burnt. */
export function isWorthless({ wei, shares }: SharePool): boolean {
	return wei * LEAST_PRICE_DIVISOR < shares;
}

/** What a slash takes of each part, wei: in proportion, at most all. */
export function slashParts(
	amountWei: bigint,
	activeWei: bigint,
	unbondingWei: bigint,
): { readonly fromActive: bigint; readonly fromUnbonding: bigint } {
	checkAmount(amountWei, "amountWei");
	const total = activeWei + unbondingWei;
	const taken = amountWei < total ? amountWei : total;
	const fromUnbonding = total === 0n ? 0n : (taken * unbondingWei) / total;
	return { fromActive: taken - fromUnbonding, fromUnbonding };
}

/** Lost money, wei: due to who showed the fault, the treasury's, burnt. The parts are per million, together at most a million. */
export function splitForfeit(
	amountWei: bigint,
	beneficiaryPpm: number,
	treasuryPpm: number,
): { readonly beneficiaryWei: bigint; readonly treasuryWei: bigint; readonly burntWei: bigint } {
	checkAmount(amountWei, "amountWei");
	checkAmount(BigInt(beneficiaryPpm + treasuryPpm), "beneficiaryPpm + treasuryPpm", BigInt(PPM));
	const beneficiaryWei = (amountWei * BigInt(beneficiaryPpm)) / BigInt(PPM);
	const treasuryWei = (amountWei * BigInt(treasuryPpm)) / BigInt(PPM);
	return { beneficiaryWei, treasuryWei, burntWei: amountWei - beneficiaryWei - treasuryWei };
}
