// Where a model comes from and what came of it: contributors' rows, the snapshot, the run, the adapter, the answers. Reads only.

import { count, desc, eq, sum } from "drizzle-orm";
import { datanets, receipts } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import { snapshotShape } from "./erasedRows.js";
import { paramsFromJson } from "./modelParams.js";
import { listReceiptsOf } from "./readModelReceipts.js";
import { findModel, runOf } from "./readModels.js";
import { stretchesOf } from "./replay/queueReplay.js";

const CONTRIBUTORS_SHOWN = 8;
const ANSWERS_SHOWN = 5;

/** Throws `model/not-found`, and the run's errors if its files are damaged. */
export async function readLineage(parts: NodeParts, idOrName: string) {
	const { db } = parts;
	const stored = await findModel(parts, idOrName);
	const params = paramsFromJson(stored.params);
	const [datanet] = await db.select().from(datanets).where(eq(datanets.id, stored.datanetId));
	const rows = await snapshotShape(parts, stored);
	const byContributor = new Map<string, { readonly account: string; name: string; rows: number }>();
	for (const { contributor, contributorName } of rows) {
		const known = byContributor.get(contributor) ?? { account: contributor, name: contributorName, rows: 0 };
		known.rows++;
		byContributor.set(contributor, known);
	}
	const contributors = [...byContributor.values()].sort((a, b) => b.rows - a.rows || (a.name < b.name ? -1 : 1));
	const run = await runOf(parts, stored);
	const [answered] = await db
		.select({ answers: count(), feesWei: sum(receipts.feeWei) })
		.from(receipts)
		.where(eq(receipts.modelId, stored.id))
		.orderBy(desc(count()));
	const { receipts: latest } = await listReceiptsOf(parts, stored.id, { limit: ANSWERS_SHOWN });
	return {
		rows: {
			total: rows.length,
			contributors: contributors.length,
			largest: contributors.slice(0, CONTRIBUTORS_SHOWN),
		},
		snapshot: {
			datanet: { id: stored.datanetId, name: datanet?.name ?? stored.datanetId },
			version: stored.snapshotVersion,
			root: params.snapshots[0]?.root,
		},
		run: {
			steps: run.history.length,
			plannedSteps: run.plannedSteps,
			links: run.chain.length,
			seconds: run.seconds,
			runCommitment: run.runCommitment,
			historyRoot: run.historyRoot,
			baseDigest: run.baseDigest,
			engineId: run.engineId,
			rowsUsed: run.rowsUsed && {
				learnt: run.rowsUsed.learnt,
				heldOut: run.rowsUsed.heldOut.length,
				leftOut: run.rowsUsed.leftOut.length,
			},
			/** Between which steps it can be taken again. */
			stretches: stretchesOf(run),
			keptStep: run.keptStep,
		},
		adapter: {
			digest: run.adapterDigest,
			bytes: run.adapterFiles["adapter_model.safetensors"].length,
			rank: run.recipe.rank,
			modules: run.adapter.weights.size,
			featuresRoot: run.featuresRoot,
		},
		answers: { total: answered?.answers ?? 0, feesWei: BigInt(answered?.feesWei ?? 0), latest },
	};
}
