// A contributor's file, read into rows. It must not know what the datanet thinks of them.

import { type FileRow, type RejectedRow, type RowFormat, readRows } from "@openledger/datanet";
import { CallerError, utf8 } from "@openledger/protocol";

export type DeliveredFile = {
	/** Whose rows they are to be: rows that name somebody else are rejected. Left out: rows may name anybody. */
	readonly contributor?: string;
	readonly format: Exclude<RowFormat, "parquet">;
	readonly content: string | Uint8Array;
};

export type DeliveredRows = { readonly rows: readonly FileRow[]; readonly rejected: readonly RejectedRow[] };

/** Throws what reading throws for the file as a whole. */
export function readDelivery({ contributor, format, content }: DeliveredFile): DeliveredRows {
	const read = readRows(typeof content === "string" ? utf8(content) : content, { format });
	if (contributor === undefined) return read;
	const other = (row: FileRow) => row.contributor !== undefined && row.contributor !== contributor;
	// A wallet's address is no name that a file may write.
	const right = contributor.startsWith("0x") ? "leave the field out" : `leave the field out, or write ${contributor}`;
	const reason = `the row names another contributor; ${right}`;
	const foreign = read.rows.filter(other).map(({ line }) => ({ line, code: "bad-contributor" as const, reason }));
	return {
		rows: read.rows.filter((row) => !other(row)),
		rejected: [...read.rejected, ...foreign].sort((a, b) => a.line - b.line),
	};
}

/** Throws `datanet/no-rows` where no line is a row, with the first line's fault. */
export function refuseNone({ rows, rejected }: DeliveredRows): void {
	if (rows.length > 0) return;
	const [first] = rejected;
	const why = first === undefined ? "" : `; line ${first.line}: ${first.reason}`;
	throw new CallerError(`no line is a row${why}`, { code: "datanet/no-rows" });
}
