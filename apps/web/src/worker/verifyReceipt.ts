// Verifies a receipt where the reader is, and tells each step. It must not know where it runs: a worker gives it the browser's fetch and cache, a
// test its own.

import { type Check, runListed, watchComparisons } from "@openledger/factory";
import { bytesToHex, type Hex } from "@openledger/protocol";
import type { Compared, VerifyMessage, VerifyRequest } from "../shared/verification/messages.js";
import { checkAll, type Shown } from "./checkAll.js";
import type { ReceiptEvidence } from "./checkRecord.js";
import { evidenceSource, type KeptBytes } from "./evidenceSource.js";
import { saysNothing } from "./saysNothing.js";

export type VerifyOptions = {
	readonly tell: (message: VerifyMessage) => void;
	readonly fetch?: typeof fetch;
	/** Where base files are kept between visits. */
	readonly kept?: KeptBytes;
	/** Draws the rows; default anew. */
	readonly nonce?: Hex;
};

/** Comparisons that are shown of one check. */
const SHOWN = 12;

/** Tells every step; ends with `done`, or with `stopped` where something could not be had, which shows nothing either way. */
export async function verifyReceipt(request: VerifyRequest, options: VerifyOptions): Promise<void> {
	const { tell, kept, nonce = bytesToHex(crypto.getRandomValues(new Uint8Array(32))) } = options;
	const begun = performance.now();
	const progress = (unit: "bytes" | "rows") => (done: number, total: number) => {
		if (step !== undefined) tell({ kind: "progress", what: step.what, unit, done, total });
	};
	const carry = options.fetch && { fetch: options.fetch };
	const source = evidenceSource({ origin: request.origin, kept, onBytes: progress("bytes"), ...carry });
	let step: Step | undefined;
	const onBegin = (what: string): void => {
		step = beginStep(what, source.counts);
		watchComparisons(step.watch);
		tell({ kind: "begin", what });
	};
	const onEnd = (check: Check): void => {
		if (step !== undefined) tell({ kind: "end", ...check, ...step.end(source.counts) });
	};
	try {
		const told = (await source.json(`/api/receipts/${request.receiptId}/evidence`)) as ReceiptEvidence;
		let shown: Shown = { isWhole: false, checked: [], notChecked: [], chances: [] };
		const checks = await runListed(
			async (check) => {
				shown = await checkAll({ ...request, nonce, told, source, onRow: progress("rows") }, check);
			},
			{ onBegin, onEnd, isOurs: saysNothing },
		);
		const failed = checks.find(({ ok }) => !ok);
		const milliseconds = Math.round(performance.now() - begun);
		const first = failed === undefined ? {} : { firstDifference: failed.what };
		tell({ kind: "done", identical: failed === undefined, ...first, ...shown, nonce, milliseconds, ...source.counts });
	} catch (error) {
		if (!saysNothing(error)) throw error;
		tell({ kind: "stopped", what: step?.what, message: (error as Error).message });
	} finally {
		watchComparisons(undefined);
	}
}

type Step = ReturnType<typeof beginStep>;
type Counts = { readonly bytes: number; readonly keptBytes: number };

function beginStep(what: string, { bytes, keptBytes }: Counts) {
	const begun = performance.now();
	const compared: Compared[] = [];
	let comparisons = 0;
	return {
		what,
		watch(one: Compared): void {
			comparisons++;
			// The one that fails is the last.
			if (compared.length === SHOWN) compared.pop();
			compared.push(one);
		},
		end: (counts: Counts) => ({
			milliseconds: Math.round(performance.now() - begun),
			bytes: counts.bytes - bytes,
			keptBytes: counts.keptBytes - keptBytes,
			compared,
			comparisons,
		}),
	};
}
