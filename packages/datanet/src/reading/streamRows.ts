// A file of any format as a stream of rows, from any place on, never more of it in memory than a row or a row group. It must not
// know other rows.
import { CallerError } from "@openledger/protocol";
import { MAX_LINE_BYTES, MAX_STREAM_BYTES } from "../limits.js";
import type { Fault } from "../rejection.js";
import { checkRow, type FileRow } from "./checkRow.js";
import { parseCsvHeader, parseCsvRecord } from "./parseCsvRecord.js";
import { parseJsonLine } from "./parseJsonLine.js";
import { type Source, sourceChunks } from "./sourceChunks.js";
import { type RawRecord, splitRecords } from "./splitRecords.js";
import { paragraphs, sections, type TextBlock, type TextLine } from "./textBlocks.js";

/** `text`: a row a paragraph. `markdown`: a row a section. */
export type RowFormat = "jsonl" | "csv" | "parquet" | "markdown" | "text";
/** Formats that are read line by line. */
export type LineFormat = Exclude<RowFormat, "parquet">;
export const ROW_FORMATS: readonly RowFormat[] = ["jsonl", "csv", "parquet", "markdown", "text"];

/** `record` counts from 0 over everything in the file that could be a row, blank lines too: to go on, skip so many. */
export type StreamedRow = { readonly record: number; readonly line: number; readonly row: FileRow | Fault };

type Fields = ReadonlyMap<string, unknown>;
export type StreamOptions = { readonly skip?: number; readonly maxBytes?: number };

const ENDINGS: Readonly<Record<string, RowFormat>> = {
	jsonl: "jsonl",
	ndjson: "jsonl",
	csv: "csv",
	parquet: "parquet",
	md: "markdown",
	markdown: "markdown",
	txt: "text",
};
const BATCH = 256;
// A byte order mark is dropped at the start of the file only; elsewhere it is part of the text.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The format that a file's ending stands for; throws `datanet/unknown-format`. */
export function formatOf(path: string): RowFormat {
	const format = ENDINGS[/\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ""];
	if (format !== undefined) return format;
	throw new CallerError(`the ending of ${path} stands for no format; name one of ${ROW_FORMATS.join(", ")}`, {
		code: "datanet/unknown-format",
	});
}

/** Rows of a file in slices; the options skip so many records. Throws as `readRows`, and `datanet/bad-parquet`. */
export async function* streamRows(
	path: string,
	format: RowFormat,
	{ skip = 0, maxBytes = MAX_STREAM_BYTES }: StreamOptions = {},
): AsyncGenerator<readonly StreamedRow[]> {
	if (format === "parquet") {
		const { parquetRows } = await import("./parquetRows.js");
		for await (const rows of parquetRows(path, skip)) {
			yield rows.map(({ line, fields }) => ({
				record: line - 1,
				line,
				row: "code" in fields ? fields : checkRow(line, fields),
			}));
		}
		return;
	}
	let batch: StreamedRow[] = [];
	for (const row of lineRows(path, format, { skip, maxBytes })) {
		batch.push(row);
		if (batch.length < BATCH) continue;
		yield batch;
		batch = [];
	}
	if (batch.length > 0) yield batch;
}

/** The same for what is read line by line, bytes too. Blank records are passed over. */
export function* lineRows(
	source: Source,
	format: LineFormat,
	{ skip = 0, maxBytes }: StreamOptions = {},
): Generator<StreamedRow> {
	const records = splitRecords(sourceChunks(source, maxBytes), { quotes: format === "csv" });
	let record = -1;
	if (format === "markdown" || format === "text") {
		const blocks = (format === "text" ? paragraphs : sections)(textLines(records));
		for (const block of blocks) {
			if (++record >= skip) yield { record, line: block.line, row: blockRow(block) };
		}
		return;
	}
	const parse = format === "csv" ? csvParser(records) : parseJsonLine;
	for (const raw of records) {
		if (++record < skip) continue;
		const text = decode(raw);
		if (typeof text !== "string") yield { record, line: raw.line, row: text };
		else if (text.trim() !== "") {
			const fields = parse(text);
			yield { record, line: raw.line, row: "code" in fields ? fields : checkRow(raw.line, fields) };
		}
	}
}

function csvParser(records: Generator<RawRecord>): (text: string) => Fields | Fault {
	// Not for…of, which would end the generator with the header.
	const first = records.next();
	const header = first.done ? undefined : decode(first.value);
	const columns = parseCsvHeader(typeof header === "string" ? header : undefined);
	return (text) => parseCsvRecord(text, columns);
}

function* textLines(records: Iterable<RawRecord>): Generator<TextLine> {
	for (const raw of records) yield { line: raw.line, text: decode(raw) };
}

function blockRow({ line, text }: TextBlock): FileRow | Fault {
	return typeof text === "string" ? checkRow(line, new Map([["text", text]])) : text;
}

function decode(record: RawRecord): string | Fault {
	const until =
		record.lastLine === record.line ? "" : `, which began on line ${record.line} and ran to line ${record.lastLine}`;
	if (record.unclosed) {
		return { code: "unclosed-quote", reason: `the file ended inside a quoted cell${until}; close the quote` };
	}
	if (record.bytes === undefined) {
		return { code: "line-too-long", reason: `the row is longer than ${MAX_LINE_BYTES} bytes${until}; shorten it` };
	}
	try {
		return decoder.decode(record.bytes);
	} catch {
		return { code: "bad-utf8", reason: "the row is not UTF-8; save the file in that encoding" };
	}
}
