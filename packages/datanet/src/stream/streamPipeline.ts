// A file of up to millions of rows through the pipeline, in bounded memory, and on from where it stood after a kill: the verdicts are
// the same. It must not know wallets or chains.
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { bytesToHex, CallerError, type Hex, type Row } from "@openledger/protocol";
import { createRowIndex, type RowIndex } from "../copies/rowIndex.js";
import type { KnownRow } from "../intake/intake.js";
import { BANDS } from "../intake/minhash.js";
import { MAX_STREAM_BYTES, MAX_STREAM_ROWS } from "../limits.js";
import type { Pipeline } from "../pipeline/createPipeline.js";
import { judgeFault, judgeRow } from "../pipeline/judgeRow.js";
import { type IntakeReport, reportOf } from "../pipeline/report.js";
import { BLOCK_ROWS, emptyTally, type Tally } from "../pipeline/tally.js";
import type { RowVerdict } from "../pipeline/verdict.js";
import { sourceChunks } from "../reading/sourceChunks.js";
import { type RowFormat, streamRows } from "../reading/streamRows.js";
import { openAppendLog } from "./appendLog.js";
import { readDurable, writeDurably } from "./checkpoint.js";
import { NO_ROWS, openDiskRows, type RowLengths } from "./diskRows.js";
import { examineAhead } from "./examineAhead.js";
import { type Examiner, openExaminer } from "./openExaminer.js";

export type StreamPipelineOptions = {
	readonly format: RowFormat;
	/** A folder of its own: accepted.jsonl, verdicts.jsonl (rows with something to say), report.json, and what a restart needs. */
	readonly dir: string;
	/** Rows of this datanet that were taken before. */
	readonly existing?: Iterable<KnownRow>;
	/** Rows of other datanets. */
	readonly elsewhere?: Iterable<Row>;
	/** How often to write down where it stands, in rows; a multiple of 1,024, default 16,384. */
	readonly checkpointRows?: number;
	readonly onProgress?: (progress: StreamProgress) => void;
};

export type StreamProgress = { readonly rows: number; readonly accepted: number; readonly rejected: number };
export type StreamResult = IntakeReport & {
	/** sha256 of the file's bytes. */
	readonly source: Hex;
	readonly bytes: number;
	/** Rows that an earlier run, which was ended, had judged already. */
	readonly resumedAt: number;
};

type Checkpoint = {
	readonly version: 1;
	readonly source: Hex;
	readonly pipeline: Hex;
	readonly format: RowFormat;
	readonly known: number;
	readonly founded: number;
	readonly record: number;
	readonly rows: RowLengths;
	readonly verdicts: number;
	readonly tally: Tally;
	readonly report?: StreamResult;
};

const CHECKPOINT_ROWS = 16 * BLOCK_ROWS;
const KEYS = 2 + BANDS;
const encoder = new TextEncoder();

/**
 * Streams a file through the pipeline; call it again after a kill, with the same arguments, and it goes on. A finished one gives its
 * report again. Throws `datanet/other-run` if the folder holds the state of another file, pipeline or format, `datanet/too-many-rows`
 * beyond 4,000,000 kept rows, and what reading throws.
 */
export async function streamPipeline(
	pipeline: Pipeline,
	path: string,
	options: StreamPipelineOptions,
): Promise<StreamResult> {
	const { format, dir, checkpointRows = CHECKPOINT_ROWS } = options;
	if (checkpointRows <= 0 || checkpointRows % BLOCK_ROWS !== 0) {
		throw new CallerError(`checkpointRows is no multiple of ${BLOCK_ROWS}`, { code: "datanet/bad-option" });
	}
	mkdirSync(dir, { recursive: true, mode: 0o700 });
	const file = join(dir, "checkpoint.json");
	const source = digestOf(path);
	const found = readDurable<Checkpoint>(file);
	checkSame(found, { source: source.digest, pipeline: pipeline.digest, format });
	if (found?.report !== undefined) return found.report;

	const kept = openDiskRows(dir, found?.rows ?? NO_ROWS, found?.known ?? Number.POSITIVE_INFINITY, KEYS);
	const told = openAppendLog(join(dir, "verdicts.jsonl"), found?.verdicts ?? 0);
	let examiner: Examiner | undefined;
	try {
		const expected = Math.min(MAX_STREAM_ROWS, await expectedRows(path, format, source.lines));
		const plain = createRowIndex(kept, { expected });
		const index: RowIndex = {
			...plain,
			keep(row, filed) {
				if (kept.rows() >= MAX_STREAM_ROWS) throw tooMany();
				const cluster = plain.keep({ ...row, cluster: filed.cluster } as Row, filed);
				kept.file(filed);
				return cluster;
			},
		};
		for (const filed of kept.filed()) plain.restore(filed);
		const tally = found?.tally ?? emptyTally();
		const founded = found?.founded ?? fileKnown(index, options, tally);
		const known = found?.known ?? kept.rows();
		if (found === undefined) kept.beginDelivery();
		const resumedAt = tally.rows;

		const save = (record: number, report?: StreamResult) => {
			kept.sync();
			told.sync();
			const state = { source: source.digest, pipeline: pipeline.digest, format, known, founded, record };
			const lengths = { rows: kept.lengths(), verdicts: told.length() };
			writeDurably(file, { version: 1, ...state, ...lengths, tally, ...(report && { report }) } satisfies Checkpoint);
		};
		if (found === undefined) save(0);

		const parts = { pipeline, index, tally };
		let record = found?.record ?? 0;
		examiner = openExaminer(pipeline, { rows: expected - record });
		for await (const batch of examineAhead(examiner, streamRows(path, format, { skip: record }))) {
			for (const [one, examined] of batch) {
				const verdict = "code" in one.row ? judgeFault(parts, one.line, one.row) : judgeRow(parts, one.row, examined);
				tell(told, verdict);
				record = one.record + 1;
				if (tally.rows % checkpointRows === 0) save(record);
				if (tally.rows % BLOCK_ROWS === 0) {
					const { rows, accepted, flagged, rejected } = tally;
					options.onProgress?.({ rows, accepted: accepted + flagged, rejected });
				}
			}
		}
		if (tally.rows === 0) {
			throw new CallerError("the file holds no rows; write at least one prompt with its response, or one text", {
				code: "datanet/no-rows",
			});
		}
		tally.clusters -= founded;
		const report = { ...reportOf(pipeline, tally), source: source.digest, bytes: source.bytes, resumedAt };
		writeDurably(join(dir, "report.json"), report);
		save(record, report);
		return report;
	} finally {
		examiner?.close();
		told.close();
		kept.close();
	}
}

/** Files the rows that were there before; gives the number of their clusters. */
function fileKnown(index: RowIndex, { existing = [], elsewhere = [] }: StreamPipelineOptions, tally: Tally): number {
	for (const row of existing) {
		index.keep(row, { ...index.foreign(row), cluster: row.cluster });
		tally.clusters = Math.max(tally.clusters, row.cluster + 1);
	}
	for (const row of elsewhere) index.keep(row, index.foreign(row));
	return tally.clusters;
}

function tell(told: ReturnType<typeof openAppendLog>, { line, outcome, findings }: RowVerdict): void {
	if (findings.length > 0) told.append(encoder.encode(`${JSON.stringify({ line, outcome, findings })}\n`));
}

/** Digest, size and number of lines in one pass: what ran over another file must not go on over this one. */
function digestOf(path: string): { readonly digest: Hex; readonly bytes: number; readonly lines: number } {
	const hash = createHash("sha256");
	let bytes = 0;
	let lines = 1;
	for (const chunk of sourceChunks(path, MAX_STREAM_BYTES)) {
		hash.update(chunk);
		bytes += chunk.length;
		for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines++;
	}
	return { digest: bytesToHex(hash.digest()), bytes, lines };
}

async function expectedRows(path: string, format: RowFormat, lines: number): Promise<number> {
	if (format !== "parquet") return lines;
	const { parquetRowCount } = await import("../reading/parquetRows.js");
	return await parquetRowCount(path);
}

function checkSame(found: Checkpoint | undefined, wanted: Pick<Checkpoint, "source" | "pipeline" | "format">): void {
	if (found === undefined) return;
	for (const name of ["source", "pipeline", "format"] as const) {
		if (found.version === 1 && found[name] === wanted[name]) continue;
		throw new CallerError(`the folder holds the state of another ${name}; give a folder of its own`, {
			code: "datanet/other-run",
			details: { found: found[name], wanted: wanted[name] },
		});
	}
}

function tooMany(): CallerError {
	return new CallerError(`more than ${MAX_STREAM_ROWS} rows would be kept; split the file`, {
		code: "datanet/too-many-rows",
	});
}
