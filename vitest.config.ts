import { defineConfig } from "vitest/config";

// Packages resolve to their sources ("source" export condition), so tests need no build.
const resolve = { conditions: ["source", "node"] };
const ssr = { resolve: { conditions: ["source", "node"], externalConditions: ["source", "node"] } };
const common = { testTimeout: 60_000, hookTimeout: 120_000, pool: "forks" } as const;

/**
 * Rooms whose tests touch nothing that outlives them: no process, no socket, no environment. Their files share a process, since half of a
 * short file's time was loading what the one before had loaded.
 */
const PURE = ["protocol", "tensor", "llm", "attribution", "datanet", "rollup"].map(
	(room) => `packages/${room}/src/**/*.test.ts`,
);
PURE.push("apps/web/src/**/*.test.ts", "apps/cli/src/**/*.test.ts");

export default defineConfig({
	test: {
		maxWorkers: 2,
		projects: [
			{ resolve, ssr, test: { ...common, name: "pure", include: PURE, isolate: false } },
			{
				resolve,
				ssr,
				test: {
					...common,
					name: "whole",
					include: [
						"packages/*/src/**/*.test.ts",
						"apps/*/src/**/*.test.ts",
						"test/**/*.test.ts",
						"models/**/*.test.ts",
						"examples/**/*.test.ts",
						"bench/**/*.test.ts",
					],
					exclude: PURE,
				},
			},
		],
	},
});
