// Reads a contributor's file into rows, and tells for every row it cannot take why. It must not know other rows' owners.
import { CallerError } from "@openledger/protocol";
import { MAX_REJECTED, MAX_ROWS } from "../limits.js";
import type { RejectedRow } from "../rejection.js";
import type { FileRow } from "./checkRow.js";
import type { Source } from "./sourceChunks.js";
import { type LineFormat, lineRows } from "./streamRows.js";

export type ReadRowsOptions = { readonly format: LineFormat };
export type ReadRowsResult = { readonly rows: readonly FileRow[]; readonly rejected: readonly RejectedRow[] };

const FORMATS: readonly LineFormat[] = ["jsonl", "csv", "markdown", "text"];

/**
 * Reads JSON Lines, CSV, Markdown or text from bytes or a path. A row is {prompt, response} (or completion), Alpaca's {instruction,
 * input?, output}, {messages} as OpenAI writes them (JSON only) or {text}, each perhaps with a contributor; forms may stand beside one
 * another. A section of Markdown is a row of text, and so is a paragraph of text.
 *
 * A bad row is never thrown: it is in `rejected` with line, code and reason. Blank lines are passed over. Throws a
 * CallerError for the file as a whole: `datanet/file-not-found`, `-unreadable`, `-too-big` (64 MiB), `datanet/bad-header`,
 * `datanet/no-rows`, `datanet/too-many-rows` (250,000), `datanet/too-many-rejected` (10,000), `datanet/unknown-format`.
 */
export function readRows(source: Source, options: ReadRowsOptions): ReadRowsResult {
	const { format } = options;
	if (!FORMATS.includes(format)) {
		throw new CallerError(`the format is none of ${FORMATS.join(", ")}; name one of them`, {
			code: "datanet/unknown-format",
		});
	}
	const rows: FileRow[] = [];
	const rejected: RejectedRow[] = [];
	for (const { line, row } of lineRows(source, format)) {
		if ("code" in row) rejected.push({ line, ...row });
		else rows.push(row);
		checkCounts(rows.length, rejected.length);
	}
	if (rows.length + rejected.length > 0) return { rows, rejected };
	throw new CallerError("the file holds no rows; write at least one prompt with its response, or one text", {
		code: "datanet/no-rows",
	});
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
