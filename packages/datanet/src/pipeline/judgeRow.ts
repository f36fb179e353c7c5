// One row through all checks, and into the index if it is taken. Streams and deliveries in memory both come through here, so
// that they decide alike. It must not know where rows come from or go to.
import type { RowIndex } from "../copies/rowIndex.js";
import type { FileRow } from "../reading/checkRow.js";
import type { Fault } from "../rejection.js";
import { COPIES, type Examined, type Pipeline, type PipelineFinding, READING } from "./createPipeline.js";
import { count, type Tally } from "./tally.js";
import type { RowVerdict } from "./verdict.js";

export type JudgeParts = { readonly pipeline: Pipeline; readonly index: RowIndex; readonly tally: Tally };

/** A line that is no row: rejected by reading. */
export function judgeFault({ tally }: JudgeParts, line: number, fault: Fault): RowVerdict {
	const findings = [{ check: READING.name, action: "reject", ...fault } as const];
	const verdict: RowVerdict = { line, outcome: "rejected", findings };
	count(tally, verdict);
	return verdict;
}

/**
 * The row's verdict; a row that is taken is filed, and owns what it says from here on. `examined` is what the pipeline says of the row alone,
 * where somebody has asked it already.
 */
export function judgeRow(
	{ pipeline, index, tally }: JudgeParts,
	row: FileRow,
	examined: Examined = pipeline.examine(row),
): RowVerdict {
	const { findings, language } = examined;
	const verdict = findings.some(({ action }) => action === "reject")
		? ({ line: row.line, outcome: "rejected", findings } as const)
		: compareRow({ pipeline, index, tally }, row, findings);
	count(tally, verdict, row.response, language);
	return verdict;
}

function compareRow(
	{ pipeline, index, tally }: JudgeParts,
	row: FileRow,
	others: readonly PipelineFinding[],
): RowVerdict {
	const { kind, elsewhere, filed } = index.judge(row);
	const own = finding(kind, elsewhere ? pipeline.elsewhere : "reject", elsewhere);
	const findings = own === undefined ? others : [...others, own];
	if (own?.action === "reject") return { line: row.line, outcome: "rejected", findings };
	const cluster = index.keep(row, filed);
	if (cluster === tally.clusters) tally.clusters++;
	return { line: row.line, outcome: findings.length > 0 ? "flagged" : "accepted", cluster, findings };
}

function finding(
	kind: "new" | "duplicate" | "near-duplicate",
	action: "flag" | "reject",
	elsewhere: boolean,
): PipelineFinding | undefined {
	if (kind === "new") return undefined;
	const where = elsewhere ? "in another datanet" : "in the datanet";
	const what = kind === "duplicate" ? "this very row is" : "a row with the same words is";
	const right = kind === "duplicate" ? "one that is not" : "another fact or phrasing";
	const code = elsewhere ? `${kind}-elsewhere` : kind;
	return { check: COPIES.name, action, code, reason: `${what} ${where} already; contribute ${right}` };
}
