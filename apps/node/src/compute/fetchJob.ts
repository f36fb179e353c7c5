// Brings what a trainer published with its submission into a folder, for whoever posted the job or looks at it: each file is what was listed, the
// list is what stands on chain, and so is the adapter. It must not know whether the run is right.

import { type Ledger, readRun } from "@openledger/chain";
import { CallerError, type Hex } from "@openledger/protocol";
import type { DataLayer } from "@openledger/rollup";
import { fetchRun, readRunBundle } from "./runBundle.js";

export type FetchJob = { readonly ledger: Ledger; readonly data: DataLayer; readonly jobId: Hex };
export type FetchedJob = { readonly adapterDigest: Hex; readonly files: readonly string[] };

/** Inside the folder, as PEFT names it; its sha256 is the adapter's digest. */
const ADAPTER = "adapter/adapter_model.safetensors";

/**
 * Throws `job/not-submitted`, `job/not-published` where the trainer showed nothing, `run/bad-bundle` where what it showed is not what it
 * committed to, and the data layer's errors.
 */
export async function fetchJob({ ledger, data, jobId }: FetchJob, folder: string): Promise<FetchedJob> {
	const run = await readRun(ledger, jobId);
	if (run === undefined)
		throw refused("job/not-submitted", `nothing was submitted for job ${jobId} yet; see: openledger job show`);
	const { adapterDigest, dataCertificate, dataRoot } = run;
	if (dataCertificate === "0x")
		throw refused("job/not-published", `the trainer of job ${jobId} published no files; ask it for them`);
	const bundle = await readRunBundle(data, dataCertificate, dataRoot);
	const listed = Object.hasOwn(bundle.files, ADAPTER) ? bundle.files[ADAPTER]!.sha256 : undefined;
	if (listed !== adapterDigest) {
		const message = `what was published for job ${jobId} holds ${listed ?? "no adapter"}, committed was ${adapterDigest}`;
		throw refused("run/bad-bundle", message);
	}
	await fetchRun(data, bundle, folder);
	return { adapterDigest, files: Object.keys(bundle.files) };
}

const refused = (code: string, message: string) => new CallerError(message, { code });
