// Who gets which part of OPEN's supply, and when: grants as they are deployed, which nobody can change afterwards. What is not granted stays
// with the treasury at once. It must not talk to a chain.
import { CallerError, type VestingSchedule } from "@openledger/protocol";
import type { Address } from "viem";

/** Times in seconds. A beneficiary is an account, or one that follows from the deployment itself. */
export type Grant = VestingSchedule & { readonly beneficiary: Address | "openTimelock" | "treasury" };

const OPEN = 10n ** 18n;
const YEAR = 31_557_600n;
const MILLION = 1_000_000n * OPEN;
/** 2026-01-01 00:00 UTC. */
const LOCAL_START = 1_767_225_600n;
/** 2027-01-01 00:00 UTC. */
const PRODUCTION_START = 1_798_761_600n;

export type AllocationPeople = { readonly team: Grant["beneficiary"]; readonly investors: Grant["beneficiary"] };

/**
 * 73 % of the supply: half of it all for contributors and whoever else governance pays, month by month from the start; a team and investors
 * after a year. Whoever deploys names the accounts; the treasury keeps their parts otherwise.
 */
export function productionAllocation(
	start: bigint,
	{ team, investors }: AllocationPeople = { team: "treasury", investors: "treasury" },
): readonly Grant[] {
	return [
		{ beneficiary: "openTimelock", amountWei: 500n * MILLION, start, cliffSeconds: 0n, durationSeconds: 8n * YEAR },
		{ beneficiary: team, amountWei: 130n * MILLION, start, cliffSeconds: YEAR, durationSeconds: 4n * YEAR },
		{ beneficiary: investors, amountWei: 100n * MILLION, start, cliffSeconds: YEAR, durationSeconds: 3n * YEAR },
	];
}

export const productionGrants = productionAllocation(PRODUCTION_START);

/** Small, and part of it vested whenever one looks: a local chain shows how it goes. */
export const localGrants: readonly Grant[] = [
	{
		...{ beneficiary: "openTimelock", amountWei: 2n * MILLION, start: LOCAL_START },
		...{ cliffSeconds: 0n, durationSeconds: 8n * YEAR },
	},
	{
		...{ beneficiary: "treasury", amountWei: MILLION, start: LOCAL_START },
		...{ cliffSeconds: YEAR / 4n, durationSeconds: 4n * YEAR },
	},
];

/** As the constructor takes them. Throws `allocation/too-much` where they are more than there is. */
export function grantList(grants: readonly Grant[], places: Readonly<Record<"openTimelock" | "treasury", Address>>) {
	const sum = grants.reduce((wei, { amountWei }) => wei + amountWei, 0n);
	if (sum > 1000n * MILLION)
		throw new CallerError(`the grants are ${sum} wei together, and all OPEN is ${1000n * MILLION}; grant less`, {
			code: "allocation/too-much",
		});
	return grants.map(({ beneficiary, ...schedule }) => ({
		...schedule,
		beneficiary: beneficiary === "openTimelock" || beneficiary === "treasury" ? places[beneficiary] : beneficiary,
	}));
}
