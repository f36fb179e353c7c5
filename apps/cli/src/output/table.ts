// Plain tables: no frames, columns two spaces apart, the widest column gives way when a line would be too long.

import CliTable from "cli-table3";
import type { Terminal } from "./terminal.js";

export type Column = { readonly head: string; readonly align?: "left" | "right" };

const GAP = 2;
const NARROWEST = 12;

/** Rows of text under dim heads; a cell's line breaks become spaces. */
export function table(terminal: Terminal, columns: readonly Column[], rows: readonly (readonly string[])[]): string {
	const { style, width } = terminal;
	const cells = rows.map((row) => row.map((cell) => cell.replace(/\s+/g, " ").trim()));
	const made = new CliTable({
		head: columns.map(({ head }) => style.dim(head)),
		colAligns: columns.map(({ align = "left" }) => align),
		colWidths: fit(columns, cells, width),
		chars: { ...NO_FRAME, middle: " ".repeat(GAP) },
		style: { "padding-left": 0, "padding-right": 0, head: [], border: [], compact: true },
	});
	made.push(...cells.map((row) => [...row]));
	const lines = made.toString().split("\n");
	return lines.map((line) => line.trimEnd()).join("\n");
}

/** Lines of name and value, values under one another. */
export function facts(terminal: Terminal, entries: readonly (readonly [name: string, value: string])[]): string {
	const longest = Math.max(...entries.map(([name]) => name.length));
	return entries.map(([name, value]) => `${terminal.style.dim(name.padEnd(longest))}  ${value}`).join("\n");
}

/** Cuts a text to so many columns, with an ellipsis where something is missing. */
export function cut(text: string, columns: number): string {
	const plain = text.replace(/\s+/g, " ").trim();
	return plain.length <= columns ? plain : `${plain.slice(0, Math.max(0, columns - 1)).trimEnd()}…`;
}

const NO_FRAME = Object.fromEntries(
	["top", "bottom", "left", "right", "mid"].flatMap((side) => [
		...[side, `${side}-mid`, `${side}-left`, `${side}-right`].map((name) => [name, ""] as const),
	]),
);

function fit(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): number[] {
	const widths = columns.map(({ head }, i) =>
		Math.max(head.length, ...rows.map((row) => plainLength(row[i] ?? "")), 1),
	);
	const room = width - GAP * (columns.length - 1);
	for (let over = widths.reduce((sum, w) => sum + w, 0) - room; over > 0; ) {
		const widest = widths.indexOf(Math.max(...widths));
		const second = Math.max(...widths.filter((_, i) => i !== widest), NARROWEST);
		const give = Math.min(over, Math.max(1, widths[widest]! - second));
		if (widths[widest]! - give < NARROWEST) break;
		widths[widest]! -= give;
		over -= give;
	}
	return widths;
}

function plainLength(text: string): number {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: colours take no room
	return text.replace(/\u001b\[[0-9;]*m/g, "").length;
}
