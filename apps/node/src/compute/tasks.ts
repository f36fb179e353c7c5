// Work that goes on beside the look-out: one task a name at a time, each tried again after it failed, later and later. It must not know what
// the tasks do.

import { errorText } from "../errors.js";

export type Tasks = {
	/** Begins the task unless it runs or has to wait after a failure. With `isShared`, others try the same, so that a failure or two means nothing. */
	start(name: string, work: () => Promise<unknown>, options?: { readonly isShared?: boolean }): void;
	/** Waits until all that run have ended. */
	idle(): Promise<void>;
};

type Failure = { readonly text: string; readonly waitMs: number; readonly until: number; readonly times: number };

/** Failures in a row of a shared task before one is told. */
const TELLING = 5;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 60_000;

/** `log` is told of a failure once, not each time it comes again. */
export function createTasks(signal: AbortSignal, log: (line: string) => void): Tasks {
	const running = new Map<string, Promise<void>>();
	const failed = new Map<string, Failure>();

	async function run(name: string, work: () => Promise<unknown>, least: number): Promise<void> {
		try {
			await work();
			failed.delete(name);
		} catch (error) {
			if (signal.aborted) return;
			const text = errorText(error);
			const before = failed.get(name);
			const times = before?.text === text ? before.times + 1 : 1;
			if (times === least) log(`${name}: ${text}`);
			const waitMs = Math.min(LONGEST_WAIT_MS, 2 * (before?.waitMs ?? FIRST_WAIT_MS / 2));
			failed.set(name, { text, times, waitMs, until: performance.now() + waitMs });
		} finally {
			running.delete(name);
		}
	}

	return {
		start(name, work, { isShared = false } = {}) {
			if (signal.aborted || running.has(name) || performance.now() < (failed.get(name)?.until ?? 0)) return;
			running.set(name, run(name, work, isShared ? TELLING : 1));
		},
		async idle() {
			while (running.size > 0) await Promise.all(running.values());
		},
	};
}
