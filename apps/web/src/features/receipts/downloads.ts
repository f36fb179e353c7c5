// A receipt as a file: all of it as JSON, its paid rows as CSV.

import type { FullReceipt } from "./useReceipts.js";

/** Begins a download of a text that the page made. */
export function saveText(name: string, type: string, text: string): void {
	const url = URL.createObjectURL(new Blob([text], { type }));
	const link = document.createElement("a");
	link.href = url;
	link.download = name;
	link.click();
	// The browser has taken it by then.
	setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

type Leaf = { readonly row: number; readonly contributor: string; readonly sharePpm: number };

const HEAD = ["receipt", "row", "account", "contributor", "share_ppm", "wei"];

/** One line a paid row. `leaves` are all of them; amounts stand where the node shows them. */
export function receiptCsv({ id, rows, shares }: FullReceipt, leaves: readonly Leaf[]): string {
	const names = new Map(shares.map(({ account, contributor }) => [account.toLowerCase(), contributor]));
	const wei = new Map(rows.map((row) => [row.row, row.wei]));
	const lines = leaves.map(({ row, contributor, sharePpm }) => {
		const name = names.get(contributor.toLowerCase()) ?? contributor;
		return [id, String(row), contributor, name, String(sharePpm), wei.get(row) ?? ""].map(cell).join(",");
	});
	return `${[HEAD.join(","), ...lines].join("\r\n")}\r\n`;
}

/** Quoted where it must be; what a spreadsheet would take for a formula begins with an apostrophe. */
function cell(text: string): string {
	const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
	return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
