// Who stands behind the network with stake: operators of the stake pool, what they do, what of their stake is free. Reads only.

import { forLists, type Ledger, readProposer, readSeat, readStake } from "@openledger/chain";
import type { Address } from "@openledger/protocol";
import { models } from "../database/schema.js";
import { paramsFromJson } from "../model/modelParams.js";
import type { NodeParts } from "../parts.js";
import { rankOperators } from "../staking/rankOperators.js";
import { atHead } from "./atHead.js";
import { accountNames } from "./names.js";

/** On a page: each takes several calls of the chain. */
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

export type NodesPage = { readonly limit: number; readonly from: number };

/** Those with the most stake first; `total` counts all that ever had any, or serve. */
export async function listNodes(
	parts: NodeParts,
	{ limit, from }: NodesPage = { limit: MOST, from: 0 },
): Promise<{ readonly nodes: readonly ListedNode[]; readonly total: number; readonly hasMore: boolean }> {
	const { db, ledger } = parts;
	const serving = new Map<Address, number>();
	for (const { params } of await db.select({ params: models.params }).from(models)) {
		const node = paramsFromJson(params).node.toLowerCase() as Address;
		serving.set(node, (serving.get(node) ?? 0) + 1);
	}
	const read = async (lists: Ledger) => {
		// Ranked in here: what is kept for a block must not hang on an earlier one.
		const { operators, total } = await rankOperators(ledger);
		const staked = operators.map((operator) => operator.toLowerCase() as Address);
		const all = [...new Set([...staked, ...serving.keys()])];
		const shown = all.slice(from, from + limit);
		const found = await Promise.all(shown.map((operator) => readOperator(lists, operator)));
		return { found, total: total + (all.length - staked.length), hasMore: from + limit < all.length };
	};
	// The first page is the one that stays open; who serves is on it only where it has room.
	const { found, ...rest } = await (from === 0
		? atHead(ledger, `nodes ${limit} ${serving.size}`, read)
		: read(forLists(ledger)));
	const names = await accountNames(parts);
	const nodes = found.map(({ operator, proposer, curator, verifier, stake }): ListedNode => {
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
	});
	return { nodes, ...rest };
}

async function readOperator(lists: Ledger, operator: Address) {
	const [stake, proposer, curator, verifier] = await Promise.all([
		readStake(lists, operator),
		readProposer(lists, operator),
		readSeat(lists, "curator", operator),
		readSeat(lists, "verifier", operator),
	]);
	return { operator, stake, proposer, curator, verifier };
}
