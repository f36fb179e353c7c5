// Verifies a receipt from what it commits to: record, signature, chain, request, money, base, rows, run, then answer and shares once more.
// It trusts nothing in memory but code: base, rows and run are read anew from disk. It names the first thing that differs.

import { randomBytes } from "node:crypto";
import { assuranceOf, MAX_CHALLENGED } from "@openledger/attribution";
import { isChainTrouble } from "@openledger/chain";
import { type CheckOne, runListed } from "@openledger/factory";
import { bytesToHex, CallerError, checkDigest, type Hex } from "@openledger/protocol";
import { errorText } from "../errors.js";
import type { NodeParts } from "../parts.js";
import { checkSpans } from "../spans/checkSpans.js";
import { readReceipt } from "./readAnswer.js";
import { checkBySpot } from "./verify/checkBySpot.js";
import { checkInFull } from "./verify/checkInFull.js";
import { checkRecord } from "./verify/checkRecord.js";
import { proveScores } from "./verify/proveScores.js";
import type { Verification, VerifyOptions } from "./verify/verification.js";

export type { Check, Verification, VerifyOptions } from "./verify/verification.js";

const ROWS = 32;
const WEIGHTED = 8;

/**
 * Runs all checks up to the first that fails. Throws `receipt/not-found`, `verify/no-such-row` where a named row is not in the snapshot, and
 * `verify/too-many-rows` where a spot check cannot show as many, and the chain's own errors where it does not answer; everything else is a
 * failed check.
 */
export function verifyReceipt(parts: NodeParts, id: Hex, options: VerifyOptions = {}): Promise<Verification> {
	// One at a time: each holds an engine of its own.
	return parts.turns("verification", () => verify(parts, id, options));
}

async function verify(parts: NodeParts, id: Hex, options: VerifyOptions): Promise<Verification> {
	const { mode = "full", rows = ROWS, weighted = WEIGHTED, named = [] } = options;
	const { stored, leaves, counted } = await readReceipt(parts, id);
	const begun = performance.now();
	const drawNonce = () => bytesToHex(randomBytes(32));
	// In spot mode it is drawn when the prover has committed itself.
	let nonce = options.nonce && checkDigest(options.nonce, "nonce");
	const nonceNow = () => (nonce ??= drawNonce());
	const prover = options.prover ?? (() => proveScores(parts, id));
	let cost = { bytes: 0, runBytes: 0, rowsMadeAgain: 0 };
	let assurance: Verification["assurance"];
	const checks = await runListed(
		async (check: CheckOne) => {
			const record = await checkRecord(parts, id, stored, check);
			requireRows(named, record.rowCount);
			if (mode === "spot") {
				const even = Math.min(rows === "all" ? record.rowCount : rows, record.rowCount);
				requireRoom(even + weighted + named.length);
			}
			const given = { id, record, stored, leaves, counted, rows, named, prover };
			if (mode === "full") {
				const found = await checkInFull(parts, { ...given, nonce: nonceNow() }, check);
				cost = { bytes: found.bytes, runBytes: 0, rowsMadeAgain: found.madeAgain };
				assurance = assuranceOf({ mode, rows: found.rows, drawn: found.drawn, paid: leaves.length, weighted: 0 });
			} else {
				const spot = await checkBySpot(parts, { ...given, weighted, nonce: nonceNow }, check);
				const { found, bytes, runBytes, rows: count } = spot;
				cost = { bytes, runBytes, rowsMadeAgain: found.recomputed.length };
				const drawn = found.even.length;
				assurance = assuranceOf({ mode, rows: count, drawn, paid: found.paid.length, weighted: found.weighted.length });
			}
			await check("spans", async () => {
				const { receipt, model } = record;
				const asked = { receiptId: id, receipt, salt: stored.salt, response: stored.response, node: model.node };
				return [await checkSpans(parts, { ...asked, snapshot: model.snapshots[0]! }, mode), undefined];
			});
		},
		// A chain that does not answer says nothing about the receipt.
		{ errorText, isOurs: isChainTrouble },
	);
	const failed = checks.find(({ ok }) => !ok);
	return {
		receiptId: id,
		mode,
		nonce: nonceNow(),
		identical: failed === undefined,
		checks,
		...(failed && { firstDifference: failed.what }),
		...(failed === undefined && assurance && { assurance }),
		cost: { ...cost, milliseconds: Math.round(performance.now() - begun), retrainings: 0 },
	};
}

/** Rows that a snapshot is too large for are no difference: the receipt is not at fault. */
function requireRoom(asked: number): void {
	if (asked <= MAX_CHALLENGED) return;
	throw new CallerError(
		`a spot check shows at most ${MAX_CHALLENGED} rows, ${asked} were asked for; ask for fewer, or verify in full`,
		{ code: "verify/too-many-rows", details: { asked } },
	);
}

function requireRows(named: readonly number[], count: number): void {
	const strange = named.find((row) => !Number.isInteger(row) || row < 0 || row >= count);
	if (strange === undefined) return;
	throw new CallerError(`there is no row ${strange} in the snapshot; its rows are 0 to ${count - 1}`, {
		code: "verify/no-such-row",
		details: { row: strange },
	});
}
