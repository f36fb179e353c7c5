// Everybody behind whom OPEN is or was staked, with what was taken from them and why. Reads only.

import {
	type JuryRole,
	readBalance,
	readEventsOf,
	readParameters,
	readRewardsTill,
	readSeat,
	readStake,
	stakePoolAbi,
} from "@openledger/chain";
import type { Address } from "@openledger/protocol";
import type { NodeParts } from "../parts.js";
import { namesOfEarners } from "../settlement/pool.js";

const ROLES: readonly JuryRole[] = ["curator", "verifier"];
const NODE_ROLES = ["settler", "owner", "node", "stakers", "facilitator", "payer"] as const;
/** The constants that staking stands on. */
const CONSTANTS: readonly string[] = [
	"unbondingSeconds",
	"rewardSeconds",
	"slashChallengerPpm",
	"slashTreasuryPpm",
	"seatStakeWei",
	"wrongVotePpm",
	"absentVotePpm",
	"jurorFeeWei",
];

/** Operators with the largest pools first; slashes newest first; the constants that decide what staking risks. */
export async function listOperators(parts: NodeParts, limit: number) {
	const { ledger } = parts;
	const pool = { contract: "stakePool", abi: stakePoolAbi } as const;
	const [delegated, slashed] = await Promise.all([
		readEventsOf(ledger, { ...pool, name: "Delegated" }),
		readEventsOf(ledger, { ...pool, name: "Slashed" }),
	]);
	const operators = [...new Set(delegated.map(({ args }) => args.operator))];
	const names = await namesOfOperators(parts);
	const pools = await Promise.all(
		operators.map(async (operator) => ({ operator, ...(await readStake(ledger, operator)) })),
	);
	pools.sort((a, b) => (a.activeWei === b.activeWei ? 0 : a.activeWei > b.activeWei ? -1 : 1));
	const shown = await Promise.all(
		pools.slice(0, limit).map(async (pool) => {
			const { operator } = pool;
			const [tillWei, ...seats] = await Promise.all([
				readRewardsTill(ledger, operator).then((till) => readBalance(ledger, till)),
				...ROLES.map((role) => readSeat(ledger, role, operator)),
			]);
			return {
				...pool,
				name: names.get(operator.toLowerCase() as Address) ?? null,
				tillWei,
				seats: ROLES.filter((_, i) => seats[i] !== undefined),
			};
		}),
	);
	const slashes = slashed
		.slice(-limit)
		.reverse()
		.map(({ args: { consumer, operator, amountWei, cause, ...shared }, blockNumber, transactionHash }) => ({
			...{ operator, amountWei, cause, consumer: contractAt(parts, consumer) },
			...{ beneficiary: shared.beneficiary, beneficiaryWei: shared.beneficiaryWei },
			...{ treasuryWei: shared.treasuryWei, burntWei: shared.burntWei, blockNumber, transactionHash },
		}));
	const constants = (await readParameters(ledger)).filter(({ key }) => CONSTANTS.includes(key));
	return { operators: shown, count: pools.length, slashes, constants };
}

/** Contributors and the node's own roles, by address in small letters. */
export async function namesOfOperators(parts: NodeParts): Promise<Map<Address, string>> {
	const own = NODE_ROLES.map(
		(role) => [parts.keys.address(role).toLowerCase() as Address, `this node's ${role}`] as const,
	);
	return new Map([...(await namesOfEarners(parts)), ...own]);
}

/** Which contract that locks stake it was, by our name for it. */
function contractAt({ ledger }: NodeParts, address: Address): string {
	const found = Object.entries(ledger.addresses).find(([, at]) => at.toLowerCase() === address.toLowerCase());
	return found?.[0] ?? address;
}
