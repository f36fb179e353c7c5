// A home that was begun and closed, copied: making a database and deploying all contracts takes a processor five seconds, and most tests
// begin with it. How a home is begun is tested where nothing is copied.

import { cpSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";

/** Copies the home that this run of tests has begun, or begins it at `home` and leaves a copy; in a run without a template does nothing. */
export async function copyHome(home: string, begin: () => Promise<void>): Promise<void> {
	const folder = process.env.OPENLEDGER_TEST_TEMPLATE;
	if (folder === undefined) return;
	const template = join(folder, "home");
	if (existsSync(template)) {
		cpSync(template, home, { recursive: true });
		return;
	}
	await begin();
	const own = join(folder, `making-${process.pid}`);
	mkdirSync(own, { recursive: true });
	cpSync(home, join(own, "home"), { recursive: true });
	try {
		renameSync(join(own, "home"), template);
	} catch (error) {
		// Another was quicker; theirs is as good.
		if (!existsSync(template)) throw error;
	}
}
