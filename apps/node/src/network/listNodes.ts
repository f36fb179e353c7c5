// Who stands behind the network with stake: operators of the stake pool, what they do, what of their stake is free. Reads only.

import { readEventsOf, readProposer, readSeat, readStake, stakePoolAbi } from "@openledger/chain";
import type { Address } from "@openledger/protocol";
import { models } from "../database/schema.js";
import { paramsFromJson } from "../model/modelParams.js";
import type { NodeParts } from "../parts.js";
import { accountNames } from "./names.js";

/** Operators that are read: each takes several calls of the chain. */
const MOST = 50;

export type ListedNode = {
	readonly operator: Address;
	readonly name: string | null;
	/** "proposes roots", "serves 2 models", "curator", "verifier". */
	readonly roles: readonly string[];
	readonly activeWei: bigint;
	readonly lockedWei: bigint;
	readonly freeWei: bigint;
	readonly unbondingWei: bigint;
	/** Locked behind the roots it proposed. */
	readonly rootBondWei: bigint;
	readonly isCovered: boolean;
};

/** Those with the most stake first; `total` counts all that ever had any, or serve. */
export async function listNodes(
	parts: NodeParts,
): Promise<{ readonly nodes: readonly ListedNode[]; readonly total: number }> {
	const { db, ledger } = parts;
	const delegated = await readEventsOf(ledger, { contract: "stakePool", abi: stakePoolAbi, name: "Delegated" });
	const staked = delegated.map(({ args }) => args.operator.toLowerCase() as Address);
	const serving = new Map<Address, number>();
	for (const { params } of await db.select({ params: models.params }).from(models)) {
		const node = paramsFromJson(params).node.toLowerCase() as Address;
		serving.set(node, (serving.get(node) ?? 0) + 1);
	}
	const operators = [...new Set([...staked, ...serving.keys()])];
	const names = await accountNames(parts);
	const nodes = await Promise.all(
		operators.slice(-MOST).map(async (operator): Promise<ListedNode> => {
			const [stake, proposer, curator, verifier] = await Promise.all([
				readStake(ledger, operator),
				readProposer(ledger, operator),
				readSeat(ledger, "curator", operator),
				readSeat(ledger, "verifier", operator),
			]);
			const served = serving.get(operator) ?? 0;
			const roles = [
				...(served > 0 ? [`serves ${served} ${served === 1 ? "model" : "models"}`] : []),
				...(proposer.allowed ? ["proposes roots"] : []),
				...(curator ? ["curator"] : []),
				...(verifier ? ["verifier"] : []),
			];
			const { activeWei, lockedWei, freeWei, unbondingWei, isCovered } = stake;
			return {
				...{ operator, name: names.get(operator) ?? null, roles },
				...{ activeWei, lockedWei, freeWei, unbondingWei, isCovered, rootBondWei: proposer.bondWei },
			};
		}),
	);
	nodes.sort((a, b) => (a.activeWei === b.activeWei ? 0 : a.activeWei > b.activeWei ? -1 : 1));
	return { nodes, total: operators.length };
}
