// What many tests begin with, made once in a run of tests and copied: a database is five seconds of a processor, a home with a trained model
// twelve. That a home is begun from nothing is shown by the demo, and by whoever comes first in a run.

import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const WAIT_MS = 120_000;

/** Copies what this run has made under `name` to the folder `to`, or makes it there and leaves a copy; alone, without a run, only makes it. */
export async function copyMade(name: string, to: string, make: () => Promise<void>): Promise<void> {
	mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
	const run = process.env.OPENLEDGER_TEST_TEMPLATE;
	if (run === undefined) return await make();
	const made = join(run, name);
	const marker = `${made}-making`;
	// Two that begin at once would both make it; one that failed lets the next one try.
	for (const end = Date.now() + WAIT_MS; !existsSync(made) && !isFirst(marker) && Date.now() < end; )
		await new Promise((done) => setTimeout(done, 100));
	if (existsSync(made)) {
		cpSync(made, to, { recursive: true });
		return;
	}
	const own = `${made}-${process.pid}`;
	try {
		await make();
		cpSync(to, own, { recursive: true });
		renameSync(own, made);
	} catch (error) {
		rmSync(own, { recursive: true, force: true });
		rmSync(marker, { force: true });
		// Another was quicker; theirs is as good.
		if (!existsSync(made)) throw error;
	}
}

/** Whether it is for this process to make it: nobody does, or who did was killed. */
function isFirst(marker: string): boolean {
	try {
		writeFileSync(marker, String(process.pid), { flag: "wx" });
		return true;
	} catch {
		if (!isAlive(marker)) rmSync(marker, { force: true });
		return false;
	}
}

function isAlive(marker: string): boolean {
	try {
		const pid = Number(readFileSync(marker, "utf8"));
		// Written a moment after it was made.
		return pid === 0 || process.kill(pid, 0);
	} catch (error) {
		return (error as NodeJS.ErrnoException).code !== "ESRCH";
	}
}
