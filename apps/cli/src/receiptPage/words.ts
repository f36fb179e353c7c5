// What a receipt says in plain words, the same in the terminal and on the page. It must not know how it is drawn.

import type { ShownReceipt, ShownRow } from "../client/records.js";
import { counted, open, percent } from "../output/amounts.js";

const WHOLE = 1_000_000;

/** "21 November 2026, 13:57 UTC" of seconds since 1970. */
export function dateOf(timestamp: string | number): string {
	const time = new Date(Number(timestamp) * 1000);
	const day = time.toLocaleDateString("en-GB", { timeZone: "UTC", day: "numeric", month: "long", year: "numeric" });
	return `${day}, ${time.toISOString().slice(11, 16)} UTC`;
}

export function questionOf({ order }: ShownReceipt): string {
	return order.messages.at(-1)?.content ?? "";
}

/** A share as percent; what is there never shows as nothing. */
export function shareOf(ppm: number): string {
	return ppm > 0 && ppm < 500 ? "<0.1%" : percent(ppm);
}

/** A rarity as bits: "20.0 bits". */
export function bitsOf(rarity: number): string {
	return `${(rarity / 256).toFixed(1)} bits`;
}

/** Why a part of the contributors' money has no row to its name; undefined where all of it has. */
export function whyUnattributed({ pool, unattributedPpm, rowsLearnt, rowsPaid }: ShownReceipt): string | undefined {
	const rows = counted(rowsLearnt, "row");
	if (rowsPaid > 0 && unattributedPpm === WHOLE) {
		return `No row moved the model towards this answer clearly more than the others did. The contributors' part was therefore divided alike among ${counted(rowsPaid, "row")}.`;
	}
	if (pool.ppm === 0) return undefined;
	const money = `${open(pool.wei)} OPEN`;
	if (rowsPaid === 0) {
		return `Of ${rows} none moved the model towards this answer clearly more than the others did. To pay somebody all the same would be to guess, so ${money} goes to the treasury, the network's common purse.`;
	}
	return `${shareOf(pool.ppm)} could not be put down to any row: what is left moved the model too little to be told from noise. It is ${money}, and goes to the treasury, the network's common purse.`;
}

/** The rows that moved the model; none where all were paid alike because none stood out. */
export function movers({ rows, unattributedPpm }: ShownReceipt): readonly ShownRow[] {
	return unattributedPpm === WHOLE ? [] : rows;
}

/** What the rows that are not shown one by one have earned; undefined where all are shown. */
export function notShown({ rows, rowsPaid, pool, unattributedPpm }: ShownReceipt): string | undefined {
	if (unattributedPpm === WHOLE) return undefined;
	const left = rowsPaid - rows.length;
	if (left <= 0) return undefined;
	const ppm = WHOLE - pool.ppm - rows.reduce((sum, { sharePpm }) => sum + sharePpm, 0);
	return `and ${counted(left, "row")} more with ${shareOf(ppm)} together`;
}

export const INFLUENCE =
	"Influence: an estimate, taken from the training itself, of how much each row moved the model towards this answer. It decides who is paid.";
export const SPANS =
	"Copying: where the same words stand in the rows. It is another question with another answer, and moves no money: common words stand in many rows, and a row may move the model without sharing a word with the answer. The rarest words come first.";
export const NO_MOVERS = "No row stands out for this answer.";
export const NO_SPANS = "No stretch of the answer stands word for word in the rows.";
export const NO_SPAN_RECEIPT =
	"The node kept no receipt of what is found word for word with this answer, so nothing can be said of it.";
export const NO_TEXT = "The text of this row is no longer kept here.";
