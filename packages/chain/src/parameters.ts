// The governed constants at deployment: value, and the bounds that nobody can change afterwards. Production ones are long,
// a local chain's short, so that one person sees a whole round. It must not talk to a chain.
import { type Hex, stringToHex } from "viem";
import { type Grant, localGrants, productionGrants } from "./allocation.js";

/** A value and the least and greatest that it may ever take; seconds, wei, parts per million or a count, by the key's last word. */
export type Parameter = { readonly value: bigint; readonly min: bigint; readonly max: bigint };

/** Names as in contracts/src/libraries/ParameterKeys.sol. */
export const PARAMETER_KEYS = [
	"unbondingSeconds",
	"slashChallengerPpm",
	"slashTreasuryPpm",
	"rewardSeconds",
	"seatStakeWei",
	"jurySize",
	"appealJurySize",
	"voteCommitSeconds",
	"voteRevealSeconds",
	"wrongVotePpm",
	"absentVotePpm",
	"jurorFeeWei",
	"drawBlocks",
	"revealSeconds",
	"openReviewSeconds",
	"ownerReviewSeconds",
	"appealSeconds",
	"appealBondPpm",
	"jobChallengeSeconds",
	"disputeMoveSeconds",
	"disputeBondWei",
	"jobExpiryPpm",
	"leastSeats",
	"rootBondWei",
	"challengeSeconds",
	"dataSeconds",
	"challengeBondWei",
] as const;

export type ParameterKey = (typeof PARAMETER_KEYS)[number];
export type ParameterTable = Readonly<Record<ParameterKey, Parameter>>;

const HOUR = 3600n;
const DAY = 24n * HOUR;
const OPEN = 10n ** 18n;

const between = (value: bigint, min: bigint, max: bigint): Parameter => ({ value, min, max });

/** Shared by both: parts and counts do not depend on whether people wait. */
const PARTS = {
	// Together at most the whole by their bounds; the rest is burnt.
	slashChallengerPpm: between(500_000n, 100_000n, 600_000n),
	slashTreasuryPpm: between(250_000n, 0n, 400_000n),
	wrongVotePpm: between(10_000n, 0n, 500_000n),
	absentVotePpm: between(5_000n, 0n, 200_000n),
	appealBondPpm: between(2_000_000n, 1_000_000n, 10_000_000n),
	jobExpiryPpm: between(50_000n, 0n, 1_000_000n),
};

export const productionParameters: ParameterTable = {
	...PARTS,
	unbondingSeconds: between(14n * DAY, 7n * DAY, 60n * DAY),
	rewardSeconds: between(7n * DAY, DAY, 30n * DAY),
	seatStakeWei: between(10_000n * OPEN, 1000n * OPEN, 1_000_000n * OPEN),
	jurySize: between(5n, 3n, 15n),
	appealJurySize: between(11n, 5n, 31n),
	voteCommitSeconds: between(DAY, HOUR, 14n * DAY),
	voteRevealSeconds: between(DAY, HOUR, 14n * DAY),
	jurorFeeWei: between(10n * OPEN, OPEN / 10n, 1000n * OPEN),
	drawBlocks: between(8n, 1n, 64n),
	revealSeconds: between(DAY, HOUR, 7n * DAY),
	openReviewSeconds: between(3n * DAY, DAY, 30n * DAY),
	ownerReviewSeconds: between(7n * DAY, DAY, 60n * DAY),
	appealSeconds: between(3n * DAY, DAY, 30n * DAY),
	jobChallengeSeconds: between(DAY, 6n * HOUR, 14n * DAY),
	disputeMoveSeconds: between(6n * HOUR, HOUR, 3n * DAY),
	disputeBondWei: between(1000n * OPEN, 10n * OPEN, 100_000n * OPEN),
	// A first jury, and the three of a dispute who may not judge it.
	leastSeats: between(8n, 0n, 64n),
	rootBondWei: between(100_000n * OPEN, 10_000n * OPEN, 10_000_000n * OPEN),
	challengeSeconds: between(DAY, 6n * HOUR, 14n * DAY),
	dataSeconds: between(6n * HOUR, HOUR, 3n * DAY),
	challengeBondWei: between(1000n * OPEN, 10n * OPEN, 100_000n * OPEN),
};

/**
 * Same greatest values; least ones that suit seconds and a faucet. Long are those that end once everybody has done their part; short those
 * that everybody waits for.
 */
export const localParameters: ParameterTable = {
	...PARTS,
	unbondingSeconds: between(5n, 1n, 60n * DAY),
	rewardSeconds: between(1n, 1n, 30n * DAY),
	seatStakeWei: between(100n * OPEN, OPEN, 1_000_000n * OPEN),
	jurySize: between(3n, 3n, 15n),
	appealJurySize: between(5n, 3n, 31n),
	voteCommitSeconds: between(120n, 1n, 14n * DAY),
	voteRevealSeconds: between(120n, 1n, 14n * DAY),
	jurorFeeWei: between(OPEN, OPEN / 100n, 1000n * OPEN),
	drawBlocks: between(0n, 0n, 64n),
	revealSeconds: between(60n, 2n, 7n * DAY),
	openReviewSeconds: between(60n, 1n, 30n * DAY),
	ownerReviewSeconds: between(HOUR, 1n, 60n * DAY),
	appealSeconds: between(1n, 1n, 30n * DAY),
	jobChallengeSeconds: between(3n, 1n, 14n * DAY),
	disputeMoveSeconds: between(10n, 1n, 3n * DAY),
	disputeBondWei: between(10n * OPEN, OPEN / 10n, 100_000n * OPEN),
	// One person alone may try a job.
	leastSeats: between(0n, 0n, 64n),
	rootBondWei: between(100n * OPEN, OPEN, 10_000_000n * OPEN),
	challengeSeconds: between(1n, 1n, 14n * DAY),
	dataSeconds: between(5n, 1n, 3n * DAY),
	challengeBondWei: between(OPEN, OPEN / 100n, 100_000n * OPEN),
};

/** What a person who reads first needs beyond that; every accepted row then counts two minutes later. */
export const byHandParameters: ParameterTable = {
	...localParameters,
	voteCommitSeconds: between(300n, 1n, 14n * DAY),
	voteRevealSeconds: between(300n, 1n, 14n * DAY),
	openReviewSeconds: between(180n, 1n, 30n * DAY),
	appealSeconds: between(120n, 1n, 30n * DAY),
};

/** Governance's own settings, kept by the governor and its timelock; percent of the whole supply for the quorum. */
export const GOVERNANCE_KEYS = [
	"votingDelaySeconds",
	"votingPeriodSeconds",
	"lateQuorumSeconds",
	"proposalThresholdWei",
	"quorumPercent",
	"timelockSeconds",
] as const;

export type GovernanceKey = (typeof GOVERNANCE_KEYS)[number];
export type GovernanceTable = Readonly<Record<GovernanceKey, Parameter>>;

export const productionGovernance: GovernanceTable = {
	votingDelaySeconds: between(DAY, HOUR, 7n * DAY),
	votingPeriodSeconds: between(5n * DAY, 3n * DAY, 14n * DAY),
	lateQuorumSeconds: between(2n * DAY, DAY, 3n * DAY),
	proposalThresholdWei: between(100_000n * OPEN, 1000n * OPEN, 10_000_000n * OPEN),
	quorumPercent: between(4n, 2n, 20n),
	timelockSeconds: between(2n * DAY, DAY, 30n * DAY),
};

/** No quorum: a local chain's treasury holds nearly the whole supply and does not vote. */
export const localGovernance: GovernanceTable = {
	votingDelaySeconds: between(1n, 0n, 7n * DAY),
	votingPeriodSeconds: between(60n, 1n, 14n * DAY),
	lateQuorumSeconds: between(5n, 0n, 3n * DAY),
	proposalThresholdWei: between(OPEN, 0n, 10_000_000n * OPEN),
	quorumPercent: between(0n, 0n, 20n),
	timelockSeconds: between(5n, 0n, 30n * DAY),
};

/** All that governance may change later, as it is at deployment, and the grants of OPEN, which nobody changes. */
export type DeploymentSettings = {
	readonly parameters: ParameterTable;
	readonly governance: GovernanceTable;
	readonly allocation: readonly Grant[];
};

export const productionSettings: DeploymentSettings = {
	parameters: productionParameters,
	governance: productionGovernance,
	allocation: productionGrants,
};
export const localSettings: DeploymentSettings = {
	parameters: localParameters,
	governance: localGovernance,
	allocation: localGrants,
};

/** How long a local chain's windows are: as short as a demonstration wants them, or so that a person can dispute, defend and vote. */
export type LocalWindows = "quick" | "by-hand";
export const LOCAL_WINDOWS: readonly LocalWindows[] = ["quick", "by-hand"];

export function localSettingsOf(windows: LocalWindows): DeploymentSettings {
	return windows === "quick" ? localSettings : { ...localSettings, parameters: byHandParameters };
}

/** A key as the contract takes it: its text, padded to 32 bytes. */
export function parameterKey(key: string): Hex {
	return stringToHex(key, { size: 32 });
}

/** The list that the constructor of `Parameters` takes, in the order of PARAMETER_KEYS. */
export function parameterList(table: ParameterTable) {
	return PARAMETER_KEYS.map((key) => ({ key: parameterKey(key), ...table[key] }));
}
