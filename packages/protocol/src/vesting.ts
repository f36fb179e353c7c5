// What of a grant of OPEN is vested when; twin of contracts/src/libraries/Vesting.sol. It must not know who pays it out.

/** Times in seconds, the amount in wei. Nothing before `start + cliffSeconds`, all of it `durationSeconds` after `start`. */
export type VestingSchedule = {
	readonly amountWei: bigint;
	readonly start: bigint;
	readonly cliffSeconds: bigint;
	readonly durationSeconds: bigint;
};

/** What of a grant is vested at `timestamp`, released or not, in wei: in proportion to the time since the start, rounded down. */
export function vestedWei(schedule: VestingSchedule, timestamp: bigint): bigint {
	const { amountWei, start, cliffSeconds, durationSeconds } = schedule;
	if (timestamp < start + cliffSeconds) return 0n;
	const elapsed = timestamp - start;
	return elapsed >= durationSeconds ? amountWei : (amountWei * elapsed) / durationSeconds;
}
