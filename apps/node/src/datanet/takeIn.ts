// A delivery through its datanet's pipeline, and the signed record of what the checks said. It must not know how rows are kept,
// nor what happens on chain.

import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import {
	createPipeline,
	type FileRow,
	type IntakePolicy,
	type KnownRow,
	type Pipeline,
	type PipelineResult,
	type RejectedRow,
	runPipeline,
} from "@openledger/datanet";
import {
	type Address,
	CallerError,
	type CheckCount,
	canonicalJson,
	type Hex,
	type Row,
	signAttestation,
} from "@openledger/protocol";
import type { NodeParts } from "../parts.js";

export type TakeIn = {
	readonly licence: string;
	readonly rowSchema: unknown;
	readonly rows: readonly FileRow[];
	readonly rejected: readonly RejectedRow[];
	/** Rows of this datanet, and of the node's other datanets. */
	readonly existing: readonly KnownRow[];
	readonly elsewhere: readonly Row[];
};

/** What the checks said of a contribution, signed by the datanet's owner; holds nothing of the rows. */
export type IntakeRecord = {
	readonly pipeline: Hex;
	readonly verdicts: Hex;
	readonly offered: number;
	readonly accepted: number;
	readonly rejected: number;
	readonly checks: readonly CheckCount[];
	/** Rows that were taken, with something for people to look at. */
	readonly flagged: readonly {
		readonly line: number;
		readonly check: string;
		readonly code: string;
		readonly reason: string;
	}[];
	readonly signer: Address;
	readonly signature: Hex;
};

/** Flagged rows that a record names; the counts have them all. */
const MAX_FLAGGED = 10_000;
const MAX_PIPELINES = 16;
const pipelines = new Map<string, Promise<Pipeline>>();

/** Runs the checks. The same delivery to the same datanet in the same state gives the same verdicts. */
export async function takeIn(delivery: TakeIn): Promise<PipelineResult> {
	const { licence, rowSchema, rows, rejected, existing, elsewhere } = delivery;
	const pipeline = await pipelineOf(licence, rowSchema);
	return runPipeline(pipeline, { rows, rejected, existing, elsewhere });
}

/** Signs what was found and writes it down, whole or not at all; the same again is the same file. */
export async function saveIntake(
	{ keys, chainId, ledger, home }: NodeParts,
	found: PipelineResult,
	of: { readonly contributionId: Hex; readonly datanetId: Hex; readonly rowsRoot: Hex },
): Promise<void> {
	const { pipeline, verdicts, offered, accepted, rejected, flagged: flags, checks } = found.report;
	const counts = { pipeline, verdicts, offered, accepted, rejected, checks };
	const owner = keys.account("owner");
	const { datanetId, rowsRoot, contributionId } = of;
	const registry = ledger.addresses.datanetRegistry;
	const chain = { chainId: BigInt(chainId), registry };
	const signature = await signAttestation(owner, { ...chain, datanetId, rowsRoot, ...counts, flagged: flags });
	const flagged = found.verdicts
		.filter(({ outcome }) => outcome === "flagged")
		.flatMap(({ line, findings }) => findings.map(({ check, code, reason }) => ({ line, check, code, reason })))
		.slice(0, MAX_FLAGGED);
	const record: IntakeRecord = { ...counts, flagged, signer: keys.address("owner"), signature };
	mkdirSync(join(home, "intake"), { recursive: true, mode: 0o700 });
	const file = fileOf(home, contributionId);
	const handle = openSync(`${file}.new`, "w", 0o600);
	try {
		writeSync(handle, JSON.stringify(record));
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
	renameSync(`${file}.new`, file);
}

/** The record of a contribution; undefined for one that was taken before there were pipelines. */
export function readIntake({ home }: NodeParts, contributionId: Hex): IntakeRecord | undefined {
	try {
		return JSON.parse(readFileSync(fileOf(home, contributionId), "utf8")) as IntakeRecord;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw error;
	}
}

function fileOf(home: string, contributionId: Hex): string {
	return join(home, "intake", `${contributionId.slice(2)}.json`);
}

/** A datanet's policy follows from its terms: what it says on chain is what is checked. */
async function pipelineOf(licence: string, rowSchema: unknown): Promise<Pipeline> {
	const policy: IntakePolicy = {
		licence: { rows: licence, datanet: licence, usage: "paid" },
		...(rowSchema !== null && rowSchema !== undefined && { schema: rowSchema }),
	};
	const name = canonicalJson([licence, rowSchema ?? null]);
	const known = pipelines.get(name);
	if (known !== undefined) return known;
	if (pipelines.size >= MAX_PIPELINES) pipelines.clear();
	const made = createPipeline(policy).catch((error: unknown) => {
		// A datanet may have a licence that is no SPDX expression: there is no rule for it then.
		if (!(error instanceof CallerError) || error.code !== "datanet/bad-licence") throw error;
		const { licence: _, ...rest } = policy;
		return createPipeline(rest);
	});
	pipelines.set(name, made);
	made.catch(() => pipelines.delete(name));
	return made;
}
