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
const TENTHS = 10;

/** Returns what to call at every step, and what to call at the end. */
export function openProgress(terminal: Terminal): { step(step: Step): void; end(): void } {
	const { noteStyle: style, isLive, width } = terminal;
	/** On a terminal: the bar that still moves. Work that goes on to the next thing has finished this one. */
	let moving: { readonly stage: string; readonly total: number } | undefined;
	let printed = "";

	const labelOf = (stage: string) => style.cyan(stage.padEnd(LABEL));
	const bar = (share: number) => {
		const filled = Math.round(share * BAR);
		return style.green("━".repeat(filled)) + style.dim("━".repeat(BAR - filled));
	};
	const finish = () => {
		if (moving !== undefined) terminal.note(`${labelOf(moving.stage)}${bar(1)} ${moving.total}/${moving.total}`);
		moving = undefined;
	};
	const draw = (stage: string, message: string, done: number, total: number) => {
		if (moving?.stage !== stage || moving.total !== total) finish();
		moving = { stage, total };
		const numbers = `${done}/${total}`;
		const rest = width - LABEL - BAR - numbers.length - 3;
		terminal.live(
			`${labelOf(stage)}${bar(total === 0 ? 1 : done / total)} ${numbers}  ${style.dim(cut(message, rest))}`,
		);
	};
	const print = (stage: string, message: string, done: number, total: number) => {
		// Numbers in a message change all the time; what is new is another text, or another tenth of the way.
		const tenth = total === 0 ? 0 : Math.floor((done / total) * TENTHS);
		const mark = `${stage} ${message.replace(/[\d.]+/g, "")} ${tenth}`;
		if (mark !== printed) terminal.note(`${labelOf(stage)}${done}/${total}  ${message}`);
		printed = mark;
	};
	return {
		step({ stage, message, done, total }) {
			if (done === undefined || total === undefined) {
				if (isLive) finish();
				terminal.note(labelOf(stage) + (isLive ? cut(message, width - LABEL) : message));
			} else if (isLive) draw(stage, message, Math.min(done, total), total);
			else print(stage, message, Math.min(done, total), total);
		},
		end: () => terminal.live(undefined),
	};
}
