// Everything that is, or was, in question: juries' cases, disputes over trained runs and over contributions, and what is demanded of roots,
// each with who has to move until when. Reads only.

import {
	type Ledger,
	readCase,
	readCaseCount,
	readContribution,
	readContributionDispute,
	readDispute,
	readDisputeCount,
	readDisputeIds,
	readRootDemands,
	readRootDispute,
} from "@openledger/chain";
import type { Hex } from "@openledger/protocol";
import type { NodeParts } from "../parts.js";
import { atHead } from "./atHead.js";
import { newestEvents } from "./newestEvents.js";

/** Of each kind, the latest. */
const MOST = 30;

export async function listDisputes({ ledger }: Pick<NodeParts, "ledger">) {
	return await atHead(ledger, "disputes", async (lists) => {
		const [cases, runs, contributions, roots] = await Promise.all([
			latestCases(lists),
			latestRunDisputes(lists),
			latestContributionDisputes(lists),
			questionedRoots(lists),
		]);
		return { cases, runs, contributions, ...roots };
	});
}

async function latestCases(ledger: Ledger) {
	const total = Number(await readCaseCount(ledger));
	const ids = Array.from({ length: Math.min(MOST, total) }, (_, i) => BigInt(total - i));
	const found = await Promise.all(ids.map(async (caseId) => ({ caseId, ...(await readCase(ledger, caseId))! })));
	const courts = new Map(Object.entries(ledger.addresses).map(([name, address]) => [address.toLowerCase(), name]));
	return found.map((one) => ({ ...one, courtName: courts.get(one.court.toLowerCase()) ?? one.court }));
}

async function latestRunDisputes(ledger: Ledger) {
	const ids = (await readDisputeIds(ledger, Math.max(0, (await readDisputeCount(ledger)) - MOST))).reverse();
	return await Promise.all(
		ids.map(async (id) => {
			const { jobId, trainer, challenger, phase, outcome, deadline, bondWei, links, ops } = (await readDispute(
				ledger,
				id,
			))!;
			return { id, jobId, trainer, challenger, phase, outcome, deadline, bondWei, links, ops };
		}),
	);
}

async function latestContributionDisputes(ledger: Ledger) {
	const wanted = [{ contract: "datanetRegistry", names: ["DisputeOpened"] }] as const;
	const { events } = await newestEvents({ ledger }, wanted, { limit: MOST });
	return await Promise.all(
		events.map(async ({ args, at }) => {
			const contributionId = args.contributionId as Hex;
			const round = Number(args.round) as 0 | 1;
			const [contribution, dispute] = await Promise.all([
				readContribution(ledger, contributionId),
				readContributionDispute(ledger, contributionId, round),
			]);
			const { datanetId, contributor, status, stage, deadline } = contribution!;
			return {
				...{ contributionId, round, at, datanetId, contributor, status, stage, deadline },
				appellant: dispute?.appellant ?? null,
				bondWei: dispute?.bondWei ?? 0n,
				caseId: dispute?.caseId ?? null,
			};
		}),
	);
}

/** Of roots that something was asked of: what is still open, and how those ended that are not. */
async function questionedRoots(ledger: Ledger) {
	const names = ["ChunkDemanded", "RowDemanded", "DisputeOpened", "DisputeResolved", "DemandAnswered", "DemandClosed"];
	const { events } = await newestEvents({ ledger }, [{ contract: "rootChallenges", names }], { limit: 4 * MOST });
	const hashes = [...new Set(events.map(({ args }) => args.rootHash as Hex))].slice(0, MOST);
	const open = await Promise.all(
		hashes.map(async (rootHash) => ({
			demands: (await readRootDemands(ledger, rootHash)).map((one) => ({ ...one, rootHash })),
			dispute: await readRootDispute(ledger, rootHash),
			rootHash,
		})),
	);
	return {
		rootDemands: open.flatMap(({ demands }) => demands),
		rootDisputes: open.flatMap(({ dispute, rootHash }) => (dispute ? [{ ...dispute, rootHash }] : [])),
		rootHistory: events.slice(0, MOST).map(({ name, args, at, transactionHash }) => ({
			...{ what: name, at, transactionHash },
			rootHash: args.rootHash as Hex,
			epoch: args.epoch === undefined ? null : String(args.epoch),
		})),
	};
}
