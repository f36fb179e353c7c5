import { defineConfig } from "vitest/config";

// Packages resolve to their sources ("source" export condition), so tests need no build.
export default defineConfig({
	resolve: { conditions: ["source", "node"] },
	ssr: { resolve: { conditions: ["source", "node"], externalConditions: ["source", "node"] } },
	test: {
		include: [
			"packages/*/src/**/*.test.ts",
			"apps/*/src/**/*.test.ts",
			"test/**/*.test.ts",
			"models/**/*.test.ts",
			"examples/**/*.test.ts",
			"bench/**/*.test.ts",
		],
		testTimeout: 60_000,
		hookTimeout: 120_000,
		maxWorkers: 2,
		pool: "forks",
	},
});
