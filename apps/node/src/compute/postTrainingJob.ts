// Posts a datanet's snapshot as a job for whoever will train on it: rows to the data layer, terms and escrow to the chain. Each step may be
// repeated after a crash; the same terms under the same label are one job.

import { fundOpen, postJob, readAccessFees, readLeastJobStake } from "@openledger/chain";
import { checkJobRecipe, openReplay, parseRecipe, recipeText } from "@openledger/factory";
import { type Hex, sha256 } from "@openledger/protocol";
import { putBlob } from "@openledger/rollup";
import { readSnapshotRows, type TakenSnapshot } from "../datanet/takeSnapshot.js";
import type { NodeParts } from "../parts.js";
import { bundleBytes } from "./jobBundle.js";

export type PostTrainingJob = {
	readonly datanetId: Hex;
	readonly snapshot: TakenSnapshot;
	/** Fields to change in the default recipe; a job commits after every step. */
	readonly recipe?: unknown;
	readonly payWei: bigint;
	/** The least that the chain allows, or the pay if that is more, by default. */
	readonly stakeWei?: bigint;
	/** From claim to submission; a day by default. */
	readonly trainSeconds?: number;
	/** Tells jobs of the same terms apart. */
	readonly label?: string;
};

const DAY = 86_400;

export type PostedJob = {
	readonly jobId: Hex;
	readonly steps: number;
	readonly payWei: bigint;
	readonly feesWei: bigint;
};

/** Throws the recipe's errors, `rows-unusable` where no row fits it, and what the chain refuses. */
export async function postTrainingJob(parts: NodeParts, wanted: PostTrainingJob): Promise<PostedJob> {
	const { ledger, engine, engineId, keys, data } = parts;
	const { datanetId, snapshot, payWei, trainSeconds = DAY, label = "1" } = wanted;
	const recipe = parseRecipe({ ...(wanted.recipe as object | undefined), commitEvery: 1 });
	checkJobRecipe(recipe);
	const rows = await readSnapshotRows(parts, datanetId, snapshot.version);
	const { root, version } = snapshot;
	const replay = openReplay({ engine, rows, snapshotRoot: root, recipe });
	const steps = replay.linkSteps.length - 1;
	replay.close();
	const bundle = bundleBytes([rows]);
	const snapshots = [{ datanetId, version, root }];
	const [least, feesWei] = await Promise.all([readLeastJobStake(ledger), readAccessFees(ledger, snapshots)]);
	const stakeWei = wanted.stakeWei ?? atLeast(payWei, least);
	const text = recipeText(recipe);
	const poster = keys.account("owner");
	const terms = [datanetId, String(version), text, String(payWei), String(trainSeconds), label];
	await fundOpen(ledger, keys.account("treasury"), { to: poster.address, atLeastWei: payWei + feesWei });
	const { jobId } = await postJob(ledger, poster, {
		salt: keys.secret("job", ...terms),
		baseDigest: engine.base.digest,
		engineId,
		snapshots,
		recipe: text,
		steps,
		trainSeconds: BigInt(trainSeconds),
		payWei,
		stakeWei,
		dataDigest: sha256(bundle),
		dataCertificate: await putBlob(data, bundle),
	});
	return { jobId, steps, payWei, feesWei };
}

function atLeast(wei: bigint, least: bigint): bigint {
	if (wei < least) return least;
	return wei;
}
