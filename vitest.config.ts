import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

// Packages resolve to their sources ("source" export condition), so tests need no build.
const resolve = { conditions: ["source", "node"] };
const ssr = { resolve: { conditions: ["source", "node"], externalConditions: ["source", "node"] } };
const common = { testTimeout: 60_000, hookTimeout: 300_000, pool: "forks" } as const;

/** What these tests compile and time is disturbed by what ran in their process before. */
const APART = ["packages/native/src/**/*.test.ts"];

/** The rest share their processes: half of a short file's time was loading what the one before had loaded. */
const SHARED = ["packages/*/src", "apps/*/src", "models", "bench", "test", "examples"].map(
	(folder) => `${folder}/**/*.test.ts`,
);

/** Where nothing is known of earlier runs, files go by size; but those that run whole programs are short and slow: first, so that none is last. */
class ProgramsFirst extends BaseSequencer {
	override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		const isProgram = ({ moduleId }: TestSpecification) => moduleId.includes("/test/e2e/");
		const sorted = await super.sort(files);
		return [...sorted.filter(isProgram), ...sorted.filter((file) => !isProgram(file))];
	}
}

export default defineConfig({
	test: {
		maxWorkers: 2,
		sequence: { sequencer: ProgramsFirst },
		globalSetup: ["test/homeTemplate.ts", "test/programs.ts"],
		projects: [
			{ resolve, ssr, test: { ...common, name: "shared", include: SHARED, exclude: APART, isolate: false } },
			{ resolve, ssr, test: { ...common, name: "apart", include: APART } },
		],
	},
});
