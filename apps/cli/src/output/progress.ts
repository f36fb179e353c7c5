// Progress of long work on stderr: a bar that moves on a terminal, a line now and then elsewhere. It must not know the work.

import { cut } from "./table.js";
import type { Terminal } from "./terminal.js";

export type Step = {
	readonly stage: string;
	readonly message: string;
	readonly done?: number | undefined;
	readonly total?: number | undefined;
};

const BAR = 16;
const LABEL = 8;
/** Elsewhere than on a terminal, a line of a bar is printed this often. */
const EVERY_PERCENT = 10;

/** Returns what to call at every step, and what to call at the end. */
export function openProgress(terminal: Terminal): { step(step: Step): void; end(): void } {
	const { noteStyle: style, isLive, width } = terminal;
	let printed = "";
	return {
		step({ stage, message, done, total }) {
			const label = style.cyan(stage.padEnd(LABEL));
			if (done === undefined || total === undefined) {
				terminal.note(label + (isLive ? cut(message, width - LABEL) : message));
				return;
			}
			const share = total === 0 ? 1 : Math.min(1, done / total);
			const numbers = `${done}/${total}`;
			if (isLive) {
				const filled = Math.round(share * BAR);
				const bar = style.green("━".repeat(filled)) + style.dim("━".repeat(BAR - filled));
				const rest = width - LABEL - BAR - numbers.length - 4;
				terminal.live(`${label}${bar} ${numbers}  ${style.dim(cut(message, rest))}`);
				if (done >= total) terminal.note(`${label}${bar} ${numbers}`);
				return;
			}
			const mark = `${stage} ${message.split(",")[0]?.replace(/[\d.]+/g, "")} ${Math.floor((share * 100) / EVERY_PERCENT)}`;
			if (mark === printed) return;
			printed = mark;
			terminal.note(`${label}${numbers}  ${message}`);
		},
		end: () => terminal.live(undefined),
	};
}
