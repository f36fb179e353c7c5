// Before the tests: a folder that lasts as long as the run, in which the first that needs a new home leaves one for the others to copy.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export default function setup(): () => void {
	const folder = mkdtempSync(join(tmpdir(), "openledger-template-"));
	process.env.OPENLEDGER_TEST_TEMPLATE = folder;
	return () => rmSync(folder, { recursive: true, force: true });
}
