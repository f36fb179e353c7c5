// Where output goes and how it is drawn: results on stdout, everything on the way on stderr. It must not know any command.

import type { CliConfig } from "../config.js";

export type Style = (text: string) => string;
export type Styles = { readonly [name in keyof typeof CODES]: Style };
export type Terminal = {
	/** Results: one line of JSON, or text. */
	result(text: string): void;
	/** A part of a result that is not whole yet; `result` ends its line. */
	piece(text: string): void;
	/** Progress, notes and errors. */
	note(text: string): void;
	/** True where a line of progress may be written over. */
	readonly isLive: boolean;
	/** Columns that a line may fill. */
	readonly width: number;
	/** Styles for stdout and for stderr, as each may be a file. */
	readonly style: Styles;
	readonly noteStyle: Styles;
	/** Writes over the current line of stderr; undefined clears it. */
	live(text: string | undefined): void;
};

const CODES = {
	bold: [1, 22],
	dim: [2, 22],
	red: [31, 39],
	green: [32, 39],
	yellow: [33, 39],
	cyan: [36, 39],
} as const;
const MAX_WIDTH = 100;
const MIN_WIDTH = 60;

export function openTerminal({ color }: Pick<CliConfig, "color">): Terminal {
	const { stdout, stderr } = process;
	let isDirty = false;
	const live = (text: string | undefined) => {
		if (!stderr.isTTY) return;
		stderr.write(`\r\u001b[2K${text ?? ""}`);
		isDirty = text !== undefined;
	};
	const clean = () => {
		if (isDirty) live(undefined);
	};
	return {
		result(text) {
			clean();
			stdout.write(`${text}\n`);
		},
		piece(text) {
			clean();
			stdout.write(text);
		},
		note(text) {
			clean();
			stderr.write(`${text}\n`);
		},
		live,
		isLive: stderr.isTTY === true,
		width: Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, stdout.columns ?? MAX_WIDTH)),
		style: styles(color ?? stdout.isTTY === true),
		noteStyle: styles(color ?? stderr.isTTY === true),
	};
}

function styles(isColored: boolean): Styles {
	const entries = Object.entries(CODES).map(([name, [on, off]]) => {
		const style: Style = (text) => (isColored && text !== "" ? `\u001b[${on}m${text}\u001b[${off}m` : text);
		return [name, style];
	});
	return Object.fromEntries(entries) as Styles;
}
