// A datanet's rows as people look through them: newest first, a page at a time, found by what they say or whose they are. Reads only.

import type { Hex } from "@openledger/protocol";
import { and, desc, eq, lt } from "drizzle-orm";
import { contributions, rows } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import type { SignedTombstone } from "./eraseRow.js";
import { openRow } from "./sealedRows.js";

export type ListRows = {
	/** Found anywhere in the row's texts, its contributor's name or its commitment; large and small letters are the same. */
	readonly search?: string;
	readonly contributor?: string;
	readonly contributionId?: Hex;
	/** 1 to 500, by default 100. */
	readonly limit?: number;
	/** Only rows with smaller numbers than this. */
	readonly before?: number;
};

export type ListedRow = {
	readonly row: number;
	readonly line: number;
	readonly commitment: Hex;
	readonly contributor: string;
	readonly account: Hex;
	readonly contributionId: Hex;
	readonly cluster: number;
	readonly status: "stored" | "offered" | "accepted" | "rejected" | "erased";
	/** Absent where the row is erased. */
	readonly prompt?: string;
	readonly response?: string;
	/** Turns of the conversation before the prompt. */
	readonly turns?: number;
	readonly erasedAt?: number;
	readonly tombstone?: SignedTombstone;
};

const MAX_LIMIT = 500;
const DEFAULT_LIMIT = 100;
const AT_ONCE = 500;
/** Rows that one search opens; it is gone on with from where it stopped. */
const MAX_SCANNED = 20_000;

/** A page of rows; `next` is the next one's `before`, absent at the end. A search may end early with few rows and a `next`. */
export async function listRows(
	parts: NodeParts,
	datanetId: Hex,
	options: ListRows = {},
): Promise<{ readonly rows: readonly ListedRow[]; readonly next?: number }> {
	const { search = "", contributor, contributionId } = options;
	const limit = Math.min(Math.max(1, options.limit ?? DEFAULT_LIMIT), MAX_LIMIT);
	const wanted = search.toLowerCase();
	const found: ListedRow[] = [];
	let before = options.before;
	for (let scanned = 0; scanned < MAX_SCANNED; ) {
		const batch = await parts.db
			.select()
			.from(rows)
			.innerJoin(contributions, eq(rows.contributionId, contributions.id))
			.where(
				and(
					eq(rows.datanetId, datanetId),
					...(before === undefined ? [] : [lt(rows.position, before)]),
					...(contributor === undefined ? [] : [eq(contributions.contributorName, contributor)]),
					...(contributionId === undefined ? [] : [eq(rows.contributionId, contributionId)]),
				),
			)
			.orderBy(desc(rows.position))
			.limit(wanted === "" ? limit + 1 : AT_ONCE);
		for (const { rows: row, contributions: by } of batch) {
			const shown = show(parts, row, by);
			if (wanted === "" || says(shown, wanted)) {
				if (found.length === limit) return { rows: found, next: before! };
				found.push(shown);
			}
			before = row.position;
		}
		scanned += batch.length;
		if (batch.length < (wanted === "" ? limit + 1 : AT_ONCE)) return { rows: found };
	}
	return { rows: found, ...(before !== undefined && { next: before }) };
}

function show(parts: NodeParts, row: typeof rows.$inferSelect, by: typeof contributions.$inferSelect): ListedRow {
	const said = row.erasedAt === null ? openRow(parts, row)?.row : undefined;
	return {
		row: row.position,
		line: row.line,
		commitment: row.commitment,
		contributor: by.contributorName,
		account: by.contributor,
		contributionId: by.id,
		cluster: row.cluster,
		status: said === undefined ? "erased" : by.status,
		...(said && { prompt: said.prompt, response: said.response }),
		...(said?.before && { turns: said.before.length }),
		...(row.erasedAt !== null && { erasedAt: row.erasedAt }),
		...(row.tombstone !== null && { tombstone: row.tombstone as SignedTombstone }),
	};
}

function says({ prompt = "", response = "", contributor, account, commitment }: ListedRow, wanted: string): boolean {
	return [prompt, response, contributor, account, commitment].some((text) => text.toLowerCase().includes(wanted));
}
