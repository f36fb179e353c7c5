// Governed constants for people: what each means, and its value in the unit that the last word of its name says.

import { formatCount, formatOpen } from "./open.js";

/** "2 h", "100 OPEN", "1 %", "3". */
export function formatParameter(key: string, value: bigint | string): string {
	const number = BigInt(value);
	if (key.endsWith("Seconds")) return formatSeconds(number);
	if (key.endsWith("Wei")) return `${formatOpen(number)} OPEN`;
	if (key.endsWith("Ppm")) return `${Number(number) / 10_000} %`;
	if (key.endsWith("Percent")) return `${number} %`;
	return formatCount(number);
}

const SIZES: readonly (readonly [bigint, string])[] = [
	[86_400n, "d"],
	[3600n, "h"],
	[60n, "min"],
	[1n, "s"],
];

/** Exact, in at most two units: "1 h 30 min"; seconds where that would not be exact. */
function formatSeconds(seconds: bigint): string {
	for (const [at, [size, unit]] of SIZES.entries()) {
		if (seconds < size) continue;
		const rest = seconds % size;
		if (rest === 0n) return `${seconds / size} ${unit}`;
		const next = SIZES[at + 1];
		if (next !== undefined && rest % next[0] === 0n) return `${seconds / size} ${unit} ${rest / next[0]} ${next[1]}`;
		return `${seconds} s`;
	}
	return "0 s";
}

/** How a value is typed: seconds, OPEN, percent or a plain number. */
export function unitOf(key: string): "s" | "OPEN" | "%" | "" {
	if (key.endsWith("Seconds")) return "s";
	if (key.endsWith("Wei")) return "OPEN";
	return key.endsWith("Ppm") || key.endsWith("Percent") ? "%" : "";
}

const MEANINGS: Readonly<Record<string, string>> = {
	unbondingSeconds: "How long stake waits after leaving before it can be withdrawn",
	slashChallengerPpm: "Part of a slash that goes to whoever showed the fault",
	slashTreasuryPpm: "Part of a slash that goes to the treasury; the rest is burnt",
	rewardSeconds: "Over how long a payment to stakers is given out",
	leastSeats: "Verifiers that must have a seat before a training job can be claimed",
	seatStakeWei: "Stake that a seat on a jury locks",
	jurySize: "Jurors of a first case",
	appealJurySize: "Jurors of an appeal",
	voteCommitSeconds: "How long jurors may commit their votes",
	voteRevealSeconds: "How long jurors may reveal them",
	wrongVotePpm: "What a juror loses of its seat for standing against the final outcome",
	absentVotePpm: "What a juror loses of its seat for staying away",
	jurorFeeWei: "What a case pays each juror it asks for",
	drawBlocks: "Blocks between a case's opening and its draw",
	revealSeconds: "How long a contribution's commitment waits for its rows",
	openReviewSeconds: "How long an open datanet's contribution can be challenged",
	ownerReviewSeconds: "How long an owner may take to decide on a contribution",
	appealSeconds: "How long a decision can be appealed",
	appealBondPpm: "Bond of an appeal, of what it is about",
	jobChallengeSeconds: "How long a training run can be disputed",
	disputeMoveSeconds: "How long a party of a dispute has for a move",
	disputeBondWei: "Bond of a dispute over a run",
	jobExpiryPpm: "What a trainer loses of its bond for a job it did not finish",
	rootBondWei: "Bond behind the roots of a proposer",
	challengeSeconds: "How long a root of earnings can be challenged before it pays",
	dataSeconds: "How long a proposer has to show data that is demanded",
	challengeBondWei: "Bond of a demand or dispute over a root",
	votingDelaySeconds: "From a proposal to the start of its vote",
	votingPeriodSeconds: "How long a vote lasts",
	lateQuorumSeconds: "How long a vote goes on after the quorum was reached late",
	proposalThresholdWei: "Votes that proposing needs",
	quorumPercent: "Part of the whole supply that must vote for or abstain",
	timelockSeconds: "From queueing a carried proposal to its execution",
};

/** What a constant is for; empty for one that this page does not know. */
export const meaningOf = (key: string): string => MEANINGS[key] ?? "";
