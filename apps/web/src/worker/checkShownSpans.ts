// Whether the words found that a page shows, and what it shows around them, are those of the verified record and rows.

import { type PublishedRow, type SignedSpanRecord, same } from "@openledger/factory";
import type { ShownReceipt } from "../shared/attribution/shownReceipt.js";

type Told = { readonly response: string; readonly rows: readonly PublishedRow[] };

/** Places in the answer, in UTF-16 on the page and in UTF-8 in the record. Throws a `Difference`. */
export function checkShownSpans(
	shown: ShownReceipt["spans"],
	signed: Pick<SignedSpanRecord, "record"> | null,
	{ response, rows }: Told,
): void {
	if (shown === null || signed === null) {
		same("whether words found are on the page", shown !== null, signed !== null);
		return;
	}
	const { spans } = signed.record;
	const bytesTo = (at: number) => encoder.encode(response.slice(0, at)).length;
	const here = shown.spans.map(({ start, end, count }) => `${bytesTo(start)}-${bytesTo(end)} ${count} times`);
	const told = spans.map(({ start, end, count }) => `${start}-${end} ${count} times`);
	same("the words found, on the page", here.sort().join(", "), told.sort().join(", "));
	shown.spans.forEach(({ start, end, places }) => {
		const found = spans.find((span) => span.start === bytesTo(start) && span.end === bytesTo(end));
		for (const { row, field, account, before, after } of places) {
			const stands = found?.occurrences.some((place) => {
				if (place.row !== row || place.field !== field || place.contributor !== account) return false;
				if (before === undefined) return true;
				const behind = place.offset + found.end - found.start;
				return isAround(textIn(rows[row]!, field), { at: place.offset, behind, before, after });
			});
			same(`the place of the words at ${start} in row ${row}, on the page`, stands, true);
		}
	});
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

type Around = {
	readonly at: number;
	readonly behind: number;
	readonly before: string;
	readonly after?: string | undefined;
};

/** Whether a row's text has this right before and behind a stretch; `…` stands for what is left out. */
function isAround(text: string, { at, behind, before, after = "" }: Around): boolean {
	const bytes = encoder.encode(text.normalize("NFC"));
	const left = decoder.decode(bytes.subarray(0, at));
	const right = decoder.decode(bytes.subarray(behind));
	return (
		(left.endsWith(before) || (before.startsWith("…") && left.endsWith(before.slice(1)))) &&
		(right.startsWith(after) || (after.endsWith("…") && right.startsWith(after.slice(0, -1))))
	);
}

function textIn({ prompt, response, before = [] }: PublishedRow, field: string): string {
	if (field === "prompt") return prompt;
	if (field === "response") return response;
	return before[Number(field.replace(/^before:/, ""))]?.content ?? "";
}
