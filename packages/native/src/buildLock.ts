// One build at a time in a folder. A lock whose holder is gone, or that is older than any build takes, is taken over.
import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

const OLDEST_MS = 10 * 60_000;
const LOOK_AGAIN_MS = 100;

function isHeld(path: string): boolean {
	try {
		const holder = Number(readFileSync(path, "utf8"));
		if (performance.timeOrigin + performance.now() - statSync(path).mtimeMs > OLDEST_MS) return false;
		if (!Number.isInteger(holder) || holder <= 0) return true;
		process.kill(holder, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === "EPERM";
	}
}

/** Runs `task` while no other process builds; `done` is asked while waiting, and ends the wait without the lock. */
export async function underLock<T>(
	path: string,
	done: () => T | undefined,
	task: () => Promise<T>,
	signal?: AbortSignal,
): Promise<T | undefined> {
	for (;;) {
		try {
			const lock = openSync(path, "wx", 0o600);
			writeSync(lock, String(process.pid));
			closeSync(lock);
			break;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
		}
		if (!isHeld(path)) {
			rmSync(path, { force: true });
			continue;
		}
		await wait(LOOK_AGAIN_MS);
		const found = done();
		if (found !== undefined || signal?.aborted) return found;
	}
	try {
		return done() ?? (await task());
	} finally {
		rmSync(path, { force: true });
	}
}
