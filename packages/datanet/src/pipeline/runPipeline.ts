// A delivery that fits in memory, through the pipeline: a verdict for every line, the rows that are taken, and a report. It
// must not know files, wallets or chains.
import type { Row } from "@openledger/protocol";
import { createRowIndex, memoryStore } from "../copies/rowIndex.js";
import type { AcceptedRow, KnownRow } from "../intake/intake.js";
import type { FileRow } from "../reading/checkRow.js";
import type { RejectedRow } from "../rejection.js";
import type { Pipeline } from "./createPipeline.js";
import { judgeFault, judgeRow } from "./judgeRow.js";
import { type IntakeReport, reportOf } from "./report.js";
import { emptyTally } from "./tally.js";
import type { RowVerdict } from "./verdict.js";

export type PipelineInput = {
	/** As readRows gives them: rows and the lines that are none, each in ascending order of lines. */
	readonly rows: readonly FileRow[];
	readonly rejected?: readonly RejectedRow[];
	/** Rows of this datanet that were taken before, in that order. */
	readonly existing?: readonly KnownRow[];
	/** Rows of other datanets. */
	readonly elsewhere?: readonly Row[];
};

export type PipelineResult = {
	readonly verdicts: readonly RowVerdict[];
	readonly accepted: readonly AcceptedRow<FileRow>[];
	/** One reason a line, the first that rejected it. */
	readonly rejected: readonly RejectedRow[];
	readonly report: IntakeReport;
};

/** Runs the checks over a delivery. The result depends on nothing but the arguments. */
export function runPipeline(pipeline: Pipeline, input: PipelineInput): PipelineResult {
	const { rows, rejected: faults = [], existing = [], elsewhere = [] } = input;
	const index = createRowIndex(memoryStore());
	for (const row of existing) index.keep(row, { ...index.foreign(row), cluster: row.cluster });
	for (const row of elsewhere) index.keep(row, index.foreign(row));
	const tally = emptyTally();
	tally.clusters = existing.reduce((next, { cluster }) => Math.max(next, cluster + 1), 0);
	const founded = tally.clusters;
	const parts = { pipeline, index, tally };

	const verdicts: RowVerdict[] = [];
	const accepted: AcceptedRow<FileRow>[] = [];
	const rejected: RejectedRow[] = [];
	let nextFault = 0;
	const takeFaults = (before: number) => {
		for (; nextFault < faults.length && faults[nextFault]!.line < before; nextFault++) {
			const { line, ...fault } = faults[nextFault]!;
			verdicts.push(judgeFault(parts, line, fault));
			rejected.push({ line, ...fault });
		}
	};
	for (const row of rows) {
		takeFaults(row.line);
		const verdict = judgeRow(parts, row);
		verdicts.push(verdict);
		if (verdict.outcome !== "rejected") accepted.push({ ...row, cluster: verdict.cluster! });
		else rejected.push(rejectedRow(verdict));
	}
	takeFaults(Number.POSITIVE_INFINITY);
	tally.clusters -= founded;
	return { verdicts, accepted, rejected, report: reportOf(pipeline, tally) };
}

function rejectedRow({ line, findings }: RowVerdict): RejectedRow {
	const { code, reason } = findings.find(({ action }) => action === "reject")!;
	return { line, code: code as RejectedRow["code"], reason };
}
