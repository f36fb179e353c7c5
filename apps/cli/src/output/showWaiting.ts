// A line that says for how long something is awaited, once that is long. It must not know what is awaited.

import type { Terminal } from "./terminal.js";

const PATIENCE_MS = 2000;

/** Shows nothing for two seconds, and nothing where a line cannot be written over. */
export function showWaiting(terminal: Pick<Terminal, "live" | "isLive" | "noteStyle">, whom: string): { end(): void } {
	if (!terminal.isLive) return { end() {} };
	const begun = performance.now();
	const timer = setInterval(() => {
		const waited = performance.now() - begun;
		if (waited < PATIENCE_MS) return;
		terminal.live(terminal.noteStyle.dim(`waiting for ${whom} … ${Math.round(waited / 1000)} s`));
	}, 500);
	let isOver = false;
	return {
		end() {
			clearInterval(timer);
			if (!isOver) terminal.live(undefined);
			isOver = true;
		},
	};
}

/** Shows it while `work` is under way. */
export async function whileWaiting<T>(
	terminal: Parameters<typeof showWaiting>[0],
	whom: string,
	work: Promise<T>,
): Promise<T> {
	const waiting = showWaiting(terminal, whom);
	try {
		return await work;
	} finally {
		waiting.end();
	}
}
