// What the chain has of a model, each held against what this node's files give when they are read anew. It must not believe run.json, nor the
// database: digests are computed from the bytes.

import { join } from "node:path";
import { readBase, readModel } from "@openledger/chain";
import { loadRun, type TrainedRun } from "@openledger/factory";
import { snapshotRoot } from "@openledger/protocol";
import { errorText } from "../errors.js";
import type { NodeParts } from "../parts.js";
import { snapshotShape } from "./erasedRows.js";
import { findModel } from "./readModels.js";

export type CommitmentCheck = {
	readonly what: string;
	readonly onChain: string | null;
	/** Computed here; null where it could not be. */
	readonly here: string | null;
	readonly same: boolean;
	/** How it was computed, or why not. */
	readonly how: string;
};

/** Throws `model/not-found`. Files that are damaged make a check fail, not the whole. */
export async function checkCommitments(parts: NodeParts, idOrName: string) {
	const begun = performance.now();
	const { engine, ledger } = parts;
	const stored = await findModel(parts, idOrName);
	const model = await readModel(ledger, stored.id);
	const base = await readBase(ledger, engine.base.digest, parts.engineId);
	let run: TrainedRun | undefined;
	let fault = "";
	try {
		run = await loadRun(join(parts.home, "runs", stored.runFolder), engine);
	} catch (error) {
		fault = errorText(error);
	}
	const check = (
		what: string,
		onChain: string | undefined,
		here: string | undefined,
		how: string,
	): CommitmentCheck => ({
		what,
		onChain: onChain ?? null,
		here: here ?? null,
		same: onChain !== undefined && onChain === here,
		how: here === undefined ? fault : how,
	});
	const rows = await rootHere(parts, stored);
	const checks = [
		check("Base", model?.baseDigest, engine.base.digest, "digest of the base's files as they were loaded"),
		check("Engine", model?.engineId, parts.engineId, "the engine that computes on this node"),
		check(
			"Snapshot of rows",
			model?.snapshots[0]?.root,
			rows.root,
			rows.fault ?? `Merkle root over ${rows.count} rows' commitments, owners and clusters`,
		),
		check(
			"Run commitment",
			model?.runCommitment,
			run?.runCommitment,
			`last of ${run?.chain.length} links, each computed again from the one before it, its rows and its states' digests`,
		),
		check("History root", model?.runHistoryRoot, run?.historyRoot, "Merkle root over those links"),
		check("Adapter", model?.adapterDigest, run?.adapterDigest, "SHA-256 of adapter_model.safetensors"),
		check(
			"Influence features",
			model?.featuresRoot,
			run?.featuresRoot,
			`Merkle root over the features of ${run?.features.rows} rows`,
		),
	];
	return {
		checks,
		owner: model?.owner ?? null,
		registry: ledger.addresses.modelRegistry,
		base: base ?? null,
		milliseconds: Math.round(performance.now() - begun),
	};
}

async function rootHere(parts: NodeParts, of: Parameters<typeof snapshotShape>[1]) {
	try {
		const rows = await snapshotShape(parts, of);
		return { root: snapshotRoot(rows as unknown as Parameters<typeof snapshotRoot>[0]), count: rows.length };
	} catch (error) {
		return { root: undefined, count: 0, fault: errorText(error) };
	}
}
