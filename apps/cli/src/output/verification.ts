// A verification in words: each check, the verdict, and what it is worth. It must not know how anything was checked.

import type { Verification } from "../client/records.js";
import { cut } from "./table.js";
import type { Terminal } from "./terminal.js";

const WHAT = 11;
const HEAD = 13;

export function verificationText(terminal: Pick<Terminal, "style" | "width">, found: Verification): string {
	const { style, width } = terminal;
	const checks = found.checks.map(({ what, ok, detail }) => {
		// Why a check failed is told in full.
		const told = ok ? style.dim(cut(detail, width - WHAT - 4)) : detail;
		return `${ok ? style.green("✓") : style.red("✗")} ${what.padEnd(WHAT)} ${told}`;
	});
	const verdict = found.identical
		? style.green(style.bold("identical"))
		: style.red(style.bold(`different: ${found.firstDifference}`));
	return [...checks, "", verdict, ...worth(terminal, found)].join("\n");
}

function worth(terminal: Pick<Terminal, "style" | "width">, { assurance, cost, mode }: Verification): string[] {
	const { style } = terminal;
	const under = (head: string, texts: readonly string[]) =>
		texts.flatMap((text, i) => {
			const lines = wrap(text, terminal.width - HEAD - 2);
			return lines.map((line, k) => {
				const title = i === 0 && k === 0 ? head : "";
				return `${style.dim(title.padEnd(HEAD))}${k === 0 ? "· " : "  "}${line}`;
			});
		});
	const moved = mode === "spot" ? `${bytes(cost.bytes)} moved` : `${bytes(cost.bytes)} of features read`;
	const once = cost.runBytes > 0 ? [`${bytes(cost.runBytes)} once for the run`] : [];
	const facts = [moved, ...once, seconds(cost.milliseconds), `${cost.retrainings} retrainings`].join(", ");
	const spent = `${style.dim("Cost".padEnd(HEAD))}  ${facts}`;
	if (assurance === undefined) return ["", spent];
	// Of few rows, 1% and 5% may be the same one.
	const told = assurance.chances.filter(({ bad }, i) => bad !== assurance.chances[i - 1]?.bad);
	const chances = told.map(({ fraction, bad, caught }) => {
		const size = `${Number((100 * fraction).toFixed(1))}% of the rows (${bad})`;
		return `one that bends ${size} is found with ${chance(caught)}`;
	});
	return [
		"",
		...under("Checked", assurance.checked),
		...under("Not checked", assurance.notChecked),
		...under("A fraud", chances),
		spent,
	];
}

function chance(part: number): string {
	if (part === 1) return "certainty";
	const percent = 100 * part;
	return percent > 99.9 ? "more than 99.9%" : `${percent.toFixed(1)}%`;
}

function bytes(count: number): string {
	if (count < 1000) return `${count} bytes`;
	return count < 1e6 ? `${(count / 1000).toFixed(1)} kB` : `${(count / 1e6).toFixed(1)} MB`;
}

function seconds(milliseconds: number): string {
	return milliseconds < 1000 ? `${milliseconds} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Lines of at most so many columns, broken at spaces. */
function wrap(text: string, columns: number): string[] {
	const lines: string[] = [];
	let line = "";
	for (const word of text.split(" ")) {
		if (line !== "" && line.length + 1 + word.length > columns) {
			lines.push(line);
			line = word;
		} else line = line === "" ? word : `${line} ${word}`;
	}
	return [...lines, line];
}
