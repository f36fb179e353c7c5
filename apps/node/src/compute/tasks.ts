// Work that goes on beside the look-out: one task a name at a time, each tried again after it failed, later and later. It must not know what
// the tasks do.

import { errorText } from "../errors.js";

export type Tasks = {
	/** Begins the task unless it runs or has to wait after a failure. */
	start(name: string, work: () => Promise<unknown>): void;
	/** Waits until all that run have ended. */
	idle(): Promise<void>;
};

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 60_000;

/** `log` is told of a failure once, not each time it comes again. */
export function createTasks(signal: AbortSignal, log: (line: string) => void): Tasks {
	const running = new Map<string, Promise<void>>();
	const failed = new Map<string, { readonly text: string; readonly waitMs: number; readonly until: number }>();

	async function run(name: string, work: () => Promise<unknown>): Promise<void> {
		try {
			await work();
			failed.delete(name);
		} catch (error) {
			if (signal.aborted) return;
			const text = errorText(error);
			const before = failed.get(name);
			if (before?.text !== text) log(`${name}: ${text}`);
			const waitMs = Math.min(LONGEST_WAIT_MS, 2 * (before?.waitMs ?? FIRST_WAIT_MS / 2));
			failed.set(name, { text, waitMs, until: performance.now() + waitMs });
		} finally {
			running.delete(name);
		}
	}

	return {
		start(name, work) {
			if (signal.aborted || running.has(name) || performance.now() < (failed.get(name)?.until ?? 0)) return;
			running.set(name, run(name, work));
		},
		async idle() {
			while (running.size > 0) await Promise.all(running.values());
		},
	};
}
