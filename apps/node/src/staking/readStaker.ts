// One account as a staker and as an operator: what it has behind whom, what it may take, its seats on juries. Reads only.

import {
	forLists,
	openTokenAbi,
	readBalance,
	readEventsOf,
	readJuryPay,
	readSeat,
	readStake,
	readStakerPosition,
	stakePoolAbi,
} from "@openledger/chain";
import type { Address } from "@openledger/protocol";
import type { NodeParts } from "../parts.js";
import { namesOfOperators } from "./listOperators.js";

const POSITIONS = 100;

/** Behind at most the last hundred operators; positions that are empty and owe nothing are left out. */
export async function readStaker(parts: NodeParts, account: Address) {
	const ledger = forLists(parts.ledger);
	const { publicClient } = ledger.client;
	const { stakePool, openToken } = ledger.addresses;
	const asked = { contract: "stakePool", abi: stakePoolAbi, name: "Delegated", args: { staker: account } } as const;
	const logs = await readEventsOf(ledger, asked);
	const operators = [...new Set(logs.map(({ args }) => args.operator).reverse())].slice(0, POSITIONS);
	const names = await namesOfOperators(parts);
	const [balanceWei, coinWei, allowanceWei, juryPayWei, own, curator, verifier, positions, { timestamp }] =
		await Promise.all([
			readBalance(ledger, account),
			publicClient.getBalance({ address: account }),
			publicClient.readContract({
				...{ address: openToken, abi: openTokenAbi, functionName: "allowance", args: [account, stakePool] },
			} as const),
			readJuryPay(ledger, account),
			readStake(ledger, account),
			readSeat(ledger, "curator", account),
			readSeat(ledger, "verifier", account),
			Promise.all(
				operators.map(async (operator) => ({
					...{ operator, name: names.get(operator.toLowerCase() as Address) ?? null },
					...(await readStakerPosition(ledger, operator, account)),
				})),
			),
			// The pending block's clock, as a withdrawal will meet it.
			publicClient.getBlock({ blockTag: "pending" }),
		]);
	return {
		...{ account, name: names.get(account) ?? null, balanceWei, coinWei, allowanceWei, juryPayWei, now: timestamp },
		own,
		seats: { curator: curator ?? null, verifier: verifier ?? null },
		positions: positions.filter(
			({ shares, earnedWei, unbondings }) => shares > 0n || earnedWei > 0n || unbondings.length > 0,
		),
	};
}
