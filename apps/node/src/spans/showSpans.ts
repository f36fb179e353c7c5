// A span receipt as people look at it: places in characters, with the text around them. Reads only.

import { byRarity, type SpanRecord } from "@openledger/attribution";
import type { DatanetRow } from "@openledger/datanet";
import type { Hex } from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { spanReceipts } from "../database/schema.js";
import type { NodeParts } from "../parts.js";

/** Characters of a row that are shown before and after a stretch. */
const AROUND = 60;
/** Places told of one stretch. */
const PLACES = 5;

/** The stored span receipt of an answer, rarest stretch first; null where none was kept. */
export async function showSpans(
	parts: NodeParts,
	receiptId: Hex,
	response: string,
	rows: readonly DatanetRow[] | undefined,
) {
	const [stored] = await parts.db.select().from(spanReceipts).where(eq(spanReceipts.receiptId, receiptId));
	if (stored === undefined) return null;
	const record = stored.record as SpanRecord;
	const { digest, signature, rarities } = stored;
	const answer = Buffer.from(response, "utf8");
	const rated = record.spans.map((span, i) => ({ ...span, rarity: rarities[i] ?? 0 }));
	const spans = byRarity(rated).map(({ start, end, count, rarity, occurrences }) => ({
		start: charactersIn(answer, start),
		end: charactersIn(answer, end),
		count,
		rarity,
		places: occurrences.slice(0, PLACES).map((place) => ({
			row: place.row,
			contributor: rows?.[place.row]?.contributorName ?? place.contributor ?? "",
			account: place.contributor,
			field: place.field,
			...around(rows?.[place.row], place, end - start),
		})),
	}));
	return { digest, signature, indexRoot: record.indexRoot, spans };
}

type Place = { readonly field: string; readonly offset: number };

/** What stands before and after a stretch in its row; nothing where the row is no longer kept. */
function around(row: DatanetRow | undefined, { field, offset }: Place, length: number) {
	const text = row && textOf(row, field);
	if (text === undefined) return {};
	const bytes = Buffer.from(text.normalize("NFC"), "utf8");
	const before = [...bytes.subarray(0, offset).toString("utf8")];
	const after = [...bytes.subarray(offset + length).toString("utf8")];
	return {
		before: (before.length > AROUND ? "…" : "") + before.slice(-AROUND).join(""),
		after: after.slice(0, AROUND).join("") + (after.length > AROUND ? "…" : ""),
	};
}

function textOf({ prompt, response, before = [] }: DatanetRow, field: string): string | undefined {
	if (field === "prompt") return prompt;
	if (field === "response") return response;
	return before[Number(field.replace(/^before:/, ""))]?.content;
}

/** A place in UTF-8 as a place in UTF-16. */
function charactersIn(bytes: Buffer, at: number): number {
	return bytes.subarray(0, at).toString("utf8").length;
}
