// Builds the explorer as `npm run build:web` does, into a folder of its own.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../..", import.meta.url));

export type BuiltPage = { readonly folder: string; remove(): void };

export async function buildPage(): Promise<BuiltPage> {
	const folder = mkdtempSync(join(tmpdir(), "openledger-page-"));
	const vite = join(root, "node_modules", "vite", "bin", "vite.js");
	const args = [vite, "build", "--outDir", folder, "--emptyOutDir", "--logLevel", "error"];
	// What a test runner sets would build the page for tests.
	const { NODE_ENV: _, VITEST: __, ...env } = process.env;
	await promisify(execFile)(process.execPath, args, { cwd: join(root, "apps", "web"), env });
	return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
