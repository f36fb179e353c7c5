// Everybody behind whom OPEN is or was staked, with what was taken from them and why. Reads only.

import {
	type JuryRole,
	type Ledger,
	readBalance,
	readEventsOf,
	readParameters,
	readRewardsTill,
	readSeat,
	readStake,
	stakePoolAbi,
} from "@openledger/chain";
import type { Address } from "@openledger/protocol";
import { atHead } from "../network/atHead.js";
import type { NodeParts } from "../parts.js";
import { namesOfEarners } from "../settlement/pool.js";
import { rankOperators } from "./rankOperators.js";

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
	const { pools, total, slashed, constants } = await atHead(parts.ledger, `pools ${limit}`, async (lists) => {
		// Ranked in here: what is kept for a block must not hang on an earlier one.
		const { operators, total } = await rankOperators(parts.ledger);
		const [pools, slashed, constants] = await Promise.all([
			Promise.all(operators.slice(0, limit).map((operator) => poolOf(lists, operator))),
			readEventsOf(lists, { contract: "stakePool", abi: stakePoolAbi, name: "Slashed" }),
			readParameters(lists),
		]);
		return { pools, total, slashed: slashed.slice(-limit).reverse(), constants };
	});
	const names = await namesOfOperators(parts);
	const slashes = slashed.map(
		({ args: { consumer, operator, amountWei, cause, ...shared }, blockNumber, transactionHash }) => ({
			...{ operator, amountWei, cause, consumer: contractAt(parts, consumer) },
			...{ beneficiary: shared.beneficiary, beneficiaryWei: shared.beneficiaryWei },
			...{ treasuryWei: shared.treasuryWei, burntWei: shared.burntWei, blockNumber, transactionHash },
		}),
	);
	return {
		operators: pools.map((pool) => ({ ...pool, name: names.get(pool.operator.toLowerCase() as Address) ?? null })),
		count: total,
		slashes,
		constants: constants.filter(({ key }) => CONSTANTS.includes(key)),
	};
}

async function poolOf(lists: Ledger, operator: Address) {
	const [stake, tillWei, ...seats] = await Promise.all([
		readStake(lists, operator),
		readRewardsTill(lists, operator).then((till) => readBalance(lists, till)),
		...ROLES.map((role) => readSeat(lists, role, operator)),
	]);
	return { operator, ...stake, tillWei, seats: ROLES.filter((_, i) => seats[i] !== undefined) };
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
