import { defineConfig } from "vitest/config";

// Packages resolve to their sources ("source" export condition), so tests need no build.
const resolve = { conditions: ["source", "node"] };
const ssr = { resolve: { conditions: ["source", "node"], externalConditions: ["source", "node"] } };
const common = { testTimeout: 60_000, hookTimeout: 120_000, pool: "forks" } as const;

/**
 * Rooms whose tests leave nothing behind in their process: their files share one, since half of a short file's time was loading what the one
 * before had loaded.
 */
const SHARED = [
	...["protocol", "tensor", "llm", "attribution", "datanet", "factory", "openlora", "rollup", "sdk"].map(
		(room) => `packages/${room}/src/**/*.test.ts`,
	),
	...["packages/chain/src", "apps/node/src", "apps/web/src", "apps/cli/src", "models", "bench"].map(
		(folder) => `${folder}/**/*.test.ts`,
	),
];

export default defineConfig({
	test: {
		maxWorkers: 2,
		globalSetup: ["test/homeTemplate.ts"],
		projects: [
			{ resolve, ssr, test: { ...common, name: "shared", include: SHARED, isolate: false } },
			{
				resolve,
				ssr,
				test: {
					...common,
					name: "apart",
					include: [
						"packages/*/src/**/*.test.ts",
						"apps/*/src/**/*.test.ts",
						"test/**/*.test.ts",
						"examples/**/*.test.ts",
					],
					exclude: SHARED,
				},
			},
		],
	},
});
