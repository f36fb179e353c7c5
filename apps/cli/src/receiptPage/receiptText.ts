// A receipt for a terminal: no line is wider than it, and nothing of a stranger's steers it. It must not know pages.

import type { FoundSpan, ShownReceipt } from "../client/records.js";
import { counted, open } from "../output/amounts.js";
import { cut, facts, table } from "../output/table.js";
import type { Terminal } from "../output/terminal.js";
import { visibleText } from "../output/visibleText.js";
import { piecesOf } from "./piecesOf.js";
import {
	bitsOf,
	dateOf,
	movers,
	NO_MOVERS,
	NO_SPAN_RECEIPT,
	NO_SPANS,
	notShown,
	questionOf,
	shareOf,
	whyUnattributed,
} from "./words.js";
import { wrap } from "./wrap.js";

const ROWS = [
	{ head: "Share", align: "right" },
	{ head: "OPEN", align: "right" },
	{ head: "Contributor" },
	{ head: "Row", align: "right" },
	{ head: "Prompt" },
	{ head: "Response" },
] as const;
const SPANS = [
	{ head: "", align: "right" },
	{ head: "Words" },
	{ head: "Times", align: "right" },
	{ head: "Rarity", align: "right" },
	{ head: "In" },
] as const;
const RECORD = [
	["Model", "modelId"],
	["Adapter", "adapterDigest"],
	["Base", "baseDigest"],
	["Rows", "snapshotRoot"],
	["Features", "featuresRoot"],
	["Engine", "engineId"],
	["Method", "method"],
	["Shares", "sharesRoot"],
] as const;
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** Lines of a question or an answer; the page and the JSON have all of it. */
const MOST_LINES = 24;
const PLACES = 3;

export function receiptText(terminal: Terminal, shown: ShownReceipt): string {
	const { style, width } = terminal;
	const title = (name: string, what: string) => `${style.bold(name)}  ${style.dim(what)}`;
	const paragraph = (text: string) => wrap(text, width).map(style.dim);
	const { receipt, response, spans } = shown;
	const why = whyUnattributed(shown);
	const more = notShown(shown);
	const lines = [
		facts(terminal, [
			["Receipt", shown.id],
			["Given", `${dateOf(receipt.timestamp!)}, by ${shown.model}`],
			["Fee", `${open(String(receipt.feeWei))} OPEN for ${receipt.tokensIn} + ${receipt.tokensOut} tokens`],
			["Paid to", cut(paidTo(shown), width - 9)],
			["Settled", shown.epoch === null ? "not yet" : `in epoch ${shown.epoch}`],
		]),
		"",
		...shortened(wrap(visibleText(questionOf(shown)), width)),
		"",
		...shortened(wrap(markedAnswer(response, spans?.spans ?? []), width - 2)).map((line) => `  ${style.bold(line)}`),
		"",
		title("Moved the model by", "influence: this is what pays"),
		...influenceLines(terminal, shown),
		...(more === undefined ? [] : paragraph(`… ${more}`)),
		...(why === undefined ? [] : ["", ...paragraph(why)]),
		"",
		title("Found word for word in", "copying, rarest first: this moves no money"),
		...(spans === null ? paragraph(NO_SPAN_RECEIPT) : spans.spans.length === 0 ? paragraph(NO_SPANS) : []),
		...(spans !== null && spans.spans.length > 0 ? [spansTable(terminal, response, spans.spans)] : []),
		"",
		title("Where the fee went", "in OPEN"),
		...feeLines(terminal, shown),
		"",
		title("Signed record", cut(`check it: openledger receipt verify ${shown.id.slice(0, 10)}`, width - 16)),
		facts(terminal, [
			...RECORD.map(([name, field]) => [name, String(receipt[field] ?? "")] as const),
			["Signature", cut(shown.signature, 66)],
			...(spans === null ? [] : [["Copying", spans.digest] as const]),
		]),
	];
	return lines.join("\n");
}

function influenceLines(terminal: Terminal, shown: ShownReceipt): string[] {
	const rows = movers(shown);
	if (rows.length === 0) return [terminal.style.dim(NO_MOVERS)];
	const cells = rows.map(({ sharePpm, wei, contributor, row, prompt, response }) => [
		shareOf(sharePpm),
		open(wei),
		visibleText(contributor),
		String(row),
		visibleText(prompt ?? ""),
		visibleText(response ?? "(no longer kept)"),
	]);
	return [table(terminal, ROWS, cells)];
}

function paidTo({ shares, pool }: ShownReceipt): string {
	const named = shares.map(({ contributor, ppm }) => `${contributor} ${shareOf(ppm)}`);
	return visibleText([...named, ...(pool.ppm > 0 ? [`treasury ${shareOf(pool.ppm)}`] : [])].join(", "));
}

function spansTable(terminal: Terminal, response: string, spans: readonly FoundSpan[]): string {
	const cells = spans.map(({ start, end, count, rarity, places }, n) => {
		const where = places.slice(0, PLACES).map(({ row, contributor }) => `row ${row} by ${contributor}`);
		const more = count > where.length ? [`${(count - where.length).toLocaleString("en-US")} more`] : [];
		return [
			raised(n + 1),
			visibleText(response.slice(start, end)),
			count.toLocaleString("en-US"),
			bitsOf(rarity),
			visibleText([...where, ...more].join(", ")),
		];
	});
	return table(terminal, SPANS, cells);
}

function feeLines({ width, style }: Terminal, { fee, pool }: ShownReceipt): string[] {
	const parts = ["contributors", "owner", "node", "stakers", "treasury", "platform"] as const;
	const told = parts.map((part) => `${part} ${open(fee[part])}`).join(" · ");
	const rest = pool.ppm > 0 ? ` (of the contributors' part, ${open(pool.wei)} goes to the treasury)` : "";
	return wrap(`${told}${rest}`, width).map((line) => style.dim(line));
}

/** The answer with its stretches in brackets, each followed by its number. */
function markedAnswer(response: string, spans: readonly FoundSpan[]): string {
	if (response === "") return "(an empty answer)";
	const pieces = piecesOf(response, spans).map(
		({ text, begins, ends }) =>
			"[".repeat(begins.length) + visibleText(text) + ends.map((n) => `]${raised(n + 1)}`).join(""),
	);
	return pieces.join("");
}

function raised(n: number): string {
	return [...String(n)].map((digit) => RAISED[Number(digit)]).join("");
}

function shortened(lines: readonly string[]): string[] {
	if (lines.length <= MOST_LINES) return [...lines];
	return [...lines.slice(0, MOST_LINES), `… ${counted(lines.length - MOST_LINES, "line")} more`];
}
