// What many tests begin with, made once in a run of tests and copied: a database is five seconds of a processor, a home with a trained model
// twelve. How each is made from nothing is tested where nothing is copied (node.test.ts, the demo).

import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
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
	try {
		await make();
	} catch (error) {
		rmSync(marker, { recursive: true, force: true });
		throw error;
	}
	const own = `${made}-${process.pid}`;
	cpSync(to, own, { recursive: true });
	try {
		renameSync(own, made);
	} catch (error) {
		// Another was quicker; theirs is as good.
		if (!existsSync(made)) throw error;
		rmSync(own, { recursive: true });
	}
}

function isFirst(marker: string): boolean {
	try {
		mkdirSync(marker);
		return true;
	} catch {
		return false;
	}
}
