// Reads a contributor's file into rows, and tells for every row it cannot take why. It must not know other rows' owners.
import { CallerError } from "@openledger/protocol";
import { MAX_LINE_BYTES, MAX_REJECTED, MAX_ROWS } from "../limits.js";
import type { Fault, RejectedRow } from "../rejection.js";
import { checkRow, type FileRow } from "./checkRow.js";
import { parseCsvHeader, parseCsvRecord } from "./parseCsvRecord.js";
import { parseJsonLine } from "./parseJsonLine.js";
import { type Source, sourceChunks } from "./sourceChunks.js";
import { type RawRecord, splitRecords } from "./splitRecords.js";

export type ReadRowsOptions = { readonly format: "jsonl" | "csv" };
export type ReadRowsResult = { readonly rows: readonly FileRow[]; readonly rejected: readonly RejectedRow[] };

type Fields = ReadonlyMap<string, unknown>;

// A byte order mark is dropped at the start of the file only; elsewhere it is part of the text.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads JSON Lines or CSV from bytes or a path. A row is {prompt, response} (or completion), Alpaca's {instruction, input?, output},
 * {messages} as OpenAI writes them (JSON only) or {text}, each perhaps with a contributor; forms may stand beside one another.
 *
 * A bad row is never thrown: it is in `rejected` with line, code and reason. Blank lines are passed over. Throws a
 * CallerError for the file as a whole: `datanet/file-not-found`, `-unreadable`, `-too-big` (64 MiB), `datanet/bad-header`,
 * `datanet/no-rows`, `datanet/too-many-rows` (250,000), `datanet/too-many-rejected` (10,000), `datanet/unknown-format`.
 */
export function readRows(source: Source, options: ReadRowsOptions): ReadRowsResult {
	const { format } = options;
	if (format !== "jsonl" && format !== "csv") {
		throw new CallerError("the format is neither jsonl nor csv; name one of them", { code: "datanet/unknown-format" });
	}
	const records = splitRecords(sourceChunks(source), { quotes: format === "csv" });
	const parse = format === "csv" ? csvParser(records) : parseJsonLine;
	const rows: FileRow[] = [];
	const rejected: RejectedRow[] = [];
	for (const record of records) {
		const row = readRecord(record, parse);
		if (row === undefined) continue;
		if ("code" in row) rejected.push({ line: record.line, ...row });
		else rows.push(row);
		checkCounts(rows.length, rejected.length);
	}
	if (rows.length + rejected.length > 0) return { rows, rejected };
	throw new CallerError("the file holds no rows; write at least one prompt with its response, or one text", {
		code: "datanet/no-rows",
	});
}

function csvParser(records: Generator<RawRecord>): (text: string) => Fields | Fault {
	// Not for…of, which would end the generator with the header.
	const first = records.next();
	const header = first.done ? undefined : decode(first.value);
	const columns = parseCsvHeader(typeof header === "string" ? header : undefined);
	return (text) => parseCsvRecord(text, columns);
}

function readRecord(record: RawRecord, parse: (text: string) => Fields | Fault): FileRow | Fault | undefined {
	const text = decode(record);
	if (typeof text !== "string") return text;
	if (text.trim() === "") return undefined;
	const fields = parse(text);
	return "code" in fields ? fields : checkRow(record.line, fields);
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

function checkCounts(rows: number, rejected: number): void {
	if (rows > MAX_ROWS) {
		throw new CallerError(`the file holds more than ${MAX_ROWS} rows; split it into smaller files`, {
			code: "datanet/too-many-rows",
		});
	}
	if (rejected > MAX_REJECTED) {
		throw new CallerError(`more than ${MAX_REJECTED} rows are bad; check that file and format belong together`, {
			code: "datanet/too-many-rejected",
		});
	}
}
