// One CSV record (RFC 4180) through csv-parse, and the header that names its columns. It must not know what fields mean.
import { CallerError } from "@openledger/protocol";
import { parse } from "csv-parse/sync";
import type { Fault } from "../rejection.js";
import { CONTRIBUTOR_FIELD } from "./checkRow.js";
import { areColumns } from "./rowForms.js";

/** The columns of a file, in its order; throws `datanet/bad-header`. */
export function parseCsvHeader(text: string | undefined): readonly string[] {
	const cells = text === undefined ? [] : splitCells(text);
	const names = Array.isArray(cells) ? cells.map((cell) => cell.trim().toLowerCase()) : [];
	const isOnce = new Set(names).size === names.length;
	if (isOnce && areColumns(names.filter((name) => name !== CONTRIBUTOR_FIELD))) return names;
	throw new CallerError(
		"the first line does not name the columns; it must be prompt,response or prompt,completion or instruction,input,output or text, perhaps with contributor",
		{ code: "datanet/bad-header" },
	);
}

/** The record's cells under the names of the columns, or its fault. An empty contributor is none. */
export function parseCsvRecord(text: string, columns: readonly string[]): ReadonlyMap<string, unknown> | Fault {
	const cells = splitCells(text);
	if (!Array.isArray(cells)) return cells;
	if (cells.length !== columns.length) {
		return {
			code: "wrong-column-count",
			reason: `the row has ${cells.length} columns; the header names ${columns.length}, so quote cells that hold commas`,
		};
	}
	const fields = new Map(columns.map((name, index) => [name, cells[index]]));
	if (fields.get(CONTRIBUTOR_FIELD) === "") fields.delete(CONTRIBUTOR_FIELD);
	return fields;
}

function splitCells(text: string): string[] | Fault {
	try {
		const records: string[][] = parse(text, { relax_column_count: true, record_delimiter: ["\n", "\r\n"] });
		if (records.length === 1) return records[0]!;
	} catch {
		// Told below, in our own words.
	}
	return { code: "bad-csv", reason: "the row is not CSV; put a cell with quotes in quotes and double those inside" };
}
