// What a trainer published with its submission, fetched and held against the chain. It must not know whether the run is right.

import type { Submission } from "@openledger/chain";
import type { Replay } from "@openledger/factory";
import type { Hex } from "@openledger/protocol";
import { errorText } from "../errors.js";
import { readRunBundle, readRunFile } from "./runBundle.js";
import { openRunReader, type RunReader } from "./runReader.js";
import type { Workplace } from "./workplace.js";

/** Undefined where nothing was published that can be used, which only costs a longer replay; why is told. */
export async function openSubmission(
	{ data, log }: Workplace,
	replay: Replay,
	jobId: Hex,
	run: Submission | undefined,
): Promise<RunReader | undefined> {
	if (run === undefined || run.dataCertificate === "0x") return undefined;
	try {
		const bundle = await readRunBundle(data, run.dataCertificate, run.dataRoot);
		return await openRunReader((name) => readRunFile(data, bundle, name), replay, run);
	} catch (error) {
		log(`job ${jobId.slice(0, 10)}: its run's files cannot be used, so the run is taken again: ${errorText(error)}`);
		return undefined;
	}
}
