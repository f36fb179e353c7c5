// Before the tests: the programs that they start as processes of their own, bundled once. Through a loader that reads TypeScript each start
// takes a processor two seconds longer. `inject("programs")` has each one's file by its path from the root.

import type { TestProject } from "vitest/node";
import { bundlePrograms } from "./e2e/bundlePrograms.js";

const PROGRAMS = [
	"apps/node/src/testing/killedAudit.ts",
	"apps/node/src/testing/killedOffers.ts",
	"apps/node/src/testing/killedSettlement.ts",
	"apps/node/src/testing/killedWriter.ts",
	"apps/node/src/testing/servedNode.ts",
	"packages/attribution/src/features/testing/appendForever.ts",
	"packages/attribution/src/spans/testing/appendForever.ts",
	"packages/datanet/src/stream/testing/streamFile.ts",
	"packages/factory/src/testing/killedRun.ts",
	"apps/node/src/testing/dishonest/cheatingTrainer.ts",
	"test/e2e/main.ts",
	"test/e2e/web/nodeProgram.ts",
	"test/e2e/manyMain.ts",
] as const;

declare module "vitest" {
	interface ProvidedContext {
		readonly programs: Readonly<Record<(typeof PROGRAMS)[number], string>>;
	}
}

export default async function setup(project: TestProject): Promise<() => void> {
	let remove = await bundle(project);
	project.onTestsRerun(async () => {
		remove();
		remove = await bundle(project);
	});
	return () => remove();
}

async function bundle(project: TestProject): Promise<() => void> {
	const { files, remove } = await bundlePrograms(
		Object.fromEntries(PROGRAMS.map((path) => [path.replace(/\.ts$/, ""), path])),
	);
	const byPath = PROGRAMS.map((path) => [path, files[path.replace(/\.ts$/, "")]!]);
	project.provide("programs", Object.fromEntries(byPath) as Record<(typeof PROGRAMS)[number], string>);
	return remove;
}
