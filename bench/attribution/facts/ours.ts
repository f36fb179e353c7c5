// The per-inference method as a node runs it, on a world of facts: a space fitted to some rows, features of all, integer scores.

import {
	collectFeatures,
	createFeatureMaker,
	createLocalScan,
	createQueryMetric,
	landmarkRows,
} from "@openledger/attribution";
import { makeBatch, type TrainerState } from "@openledger/llm";
import type { World } from "./world.js";

const SEED = 1;

/**
 * Scores [queries][rows]: features of rows from one world, answers' gradients from another (or the same), both in the rows' space. `state` says at
 * which of a world's states.
 */
export async function ownScores(
	ofRows: World,
	ofQueries: World,
	state: (world: World) => TrainerState,
): Promise<Float64Array[]> {
	const { space, features } = await collectFeatures({
		engine: ofRows.engine,
		adapter: ofRows.run.adapter,
		seed: SEED,
		rows: ofRows.set.rows.map(({ tokens }) => tokens),
		checkpoint: state(ofRows),
	});
	const maker = createFeatureMaker(ofQueries.engine, ofQueries.run.adapter, state(ofQueries), space);
	try {
		const metric = createQueryMetric(features, landmarkRows(features, SEED));
		const scan = createLocalScan(features);
		return ofQueries.set.queries.map(({ tokens }) => {
			const [whitened] = maker.whitened(makeBatch([tokens], ofQueries.engine.base.padding));
			return scan.scan(metric.query(whitened!)).slice();
		});
	} finally {
		maker.close();
	}
}
