// What an intake counts: per check, per code, languages, lengths and labels, and the digest over all verdicts. Plain values that
// a checkpoint can hold. It must not know rows' owners.
import { createHash } from "node:crypto";
import { bytesToHex, type Hex, ZERO_DIGEST } from "@openledger/protocol";
import type { RowVerdict } from "./verdict.js";

/** Verdicts that are hashed together; a checkpoint stands between two blocks. */
export const BLOCK_ROWS = 1024;
/** Different short answers that are counted one by one; what comes after is counted together. */
const MAX_LABELS = 10_000;
const LABEL_CHARACTERS = 40;

export type Tally = {
	rows: number;
	accepted: number;
	flagged: number;
	rejected: number;
	/** flagged and rejected rows by check. */
	checks: Record<string, [flagged: number, rejected: number]>;
	codes: Record<string, number>;
	languages: Record<string, number>;
	/** Accepted responses by the number of binary digits of their characters: 1, 2–3, 4–7, … */
	lengths: number[];
	/** Accepted responses of at most 40 characters, in lower case. */
	labels: Record<string, number>;
	/** Different labels counted one by one. */
	labelCount: number;
	otherLabels: number;
	/** Accepted rows that founded a cluster. */
	clusters: number;
	verdicts: Hex;
	block: string;
};

export function emptyTally(): Tally {
	return {
		rows: 0,
		accepted: 0,
		flagged: 0,
		rejected: 0,
		checks: {},
		codes: {},
		languages: {},
		lengths: [],
		labels: Object.create(null) as Record<string, number>,
		labelCount: 0,
		otherLabels: 0,
		clusters: 0,
		verdicts: ZERO_DIGEST,
		block: "",
	};
}

/** Counts one verdict; `response` and `language` of rows that could be read. */
export function count(tally: Tally, verdict: RowVerdict, response = "", language?: string): void {
	tally.rows++;
	tally[verdict.outcome]++;
	const actions = new Map<string, number>();
	for (const { check, action, code } of verdict.findings) {
		actions.set(check, Math.max(actions.get(check) ?? 0, action === "reject" ? 1 : 0));
		tally.codes[code] = (tally.codes[code] ?? 0) + 1;
	}
	for (const [check, place] of actions) {
		tally.checks[check] ??= [0, 0];
		tally.checks[check][place]!++;
	}
	if (language !== undefined) tally.languages[language] = (tally.languages[language] ?? 0) + 1;
	if (verdict.outcome !== "rejected") countResponse(tally, response);
	tally.block += verdictLine(verdict);
	if (tally.rows % BLOCK_ROWS === 0) closeBlock(tally);
}

/** The digest over all verdicts: of each block of 1,024 lines with the digest before it. */
export function verdictsDigest(tally: Tally): Hex {
	if (tally.block !== "") closeBlock(tally);
	return tally.verdicts;
}

function closeBlock(tally: Tally): void {
	const hash = createHash("sha256").update(tally.verdicts).update(tally.block);
	tally.verdicts = bytesToHex(hash.digest());
	tally.block = "";
}

/** What of a verdict is attested: the line, the cluster, checks and codes; not the wording. */
function verdictLine({ line, outcome, cluster, findings }: RowVerdict): string {
	const found = findings.map(({ check, action, code }) => `${check}:${action}:${code}`).join(",");
	return `${line}\t${outcome}\t${cluster ?? ""}\t${found}\n`;
}

export function countResponse(tally: Tally, response: string): void {
	const digits = 32 - Math.clz32(response.length);
	tally.lengths[digits] = (tally.lengths[digits] ?? 0) + 1;
	if (response.length > LABEL_CHARACTERS) return;
	const label = response.trim().toLowerCase();
	if (Object.hasOwn(tally.labels, label)) tally.labels[label]!++;
	else if (tally.labelCount < MAX_LABELS) {
		tally.labelCount++;
		tally.labels[label] = 1;
	} else tally.otherLabels++;
}
