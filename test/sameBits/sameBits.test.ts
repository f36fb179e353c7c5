// The golden hashes wherever this machine can compute them: other Nodes, V8's other compilers, processors without wide instructions,
// a browser, and plain JavaScript without WebAssembly. What is missing here is skipped, and its name says why. Native kernels are asked for
// the same hashes in packages/native/src/wholePrograms.test.ts.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type EngineComparison, engineId, engineSelftest } from "@openledger/llm";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleSelftest } from "./bundleSelftest.js";
import { findChromium, inChromium, openChromium } from "./inChromium.js";
import { findNodes, onNode } from "./onNode.js";
import { twinKernels } from "./twinKernels.js";

const MAJORS = ["20", "22", "24"];
const isX64 = process.arch === "x64";
const THREADS = [1, 2, 4];
/** What a compiler makes of the kernels shows alone and shared; how two share them needs no flag. */
const FEWER = [1, 4];
/** Of V8, each with what it means, and on how many threads, if not on FEWER. */
const FLAGS: readonly {
	readonly flags: readonly string[];
	readonly means: string;
	readonly x64?: true;
	readonly threads?: readonly number[];
}[] = [
	{ flags: [], means: "as it comes", threads: THREADS },
	{ flags: ["--liftoff-only"], means: "WebAssembly by the baseline compiler alone" },
	{ flags: ["--no-liftoff"], means: "WebAssembly by the optimising compiler alone" },
	{ flags: ["--no-enable-avx"], means: "without AVX, AVX2 and FMA", x64: true },
];
const MORE_FLAGS: typeof FLAGS = [
	{
		flags: ["--no-enable-avx", "--no-enable-sse4-2", "--no-enable-bmi1", "--no-enable-bmi2", "--no-enable-lzcnt"],
		means: "with the instructions of 2007",
		x64: true,
	},
	{ flags: ["--no-opt"], means: "JavaScript by the baseline compilers alone", threads: [1] },
	{
		flags: ["--always-turbofan", "--no-liftoff"],
		means: "JavaScript by the optimising compiler from its first call",
		threads: [1],
	},
];

const folder = mkdtempSync(join(tmpdir(), "openledger-same-bits-"));
const file = join(folder, "selftest.mjs");
let bundle = "";

beforeAll(async () => {
	bundle = await bundleSelftest();
	writeFileSync(file, bundle);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** So many threads took part, one variant after the other, and each computed every golden hash. */
function expectGolden(found: EngineComparison, threads: readonly number[]): void {
	const told = found.variants.map(({ threads, ok, differs }) => ({ threads, ok, differs }));
	expect(told).toEqual(threads.map((threads) => ({ threads, ok: true, differs: [] })));
	expect(found.hash).toBe(found.golden);
}

const nodes = findNodes();
const own = process.versions.node.split(".")[0]!;

describe.each([...new Set([...MAJORS, own])].sort())("Node %s", (major) => {
	const node = nodes.get(major);
	for (const { flags, means, x64, threads = FEWER } of major === own ? [...FLAGS, ...MORE_FLAGS] : FLAGS) {
		const name = `${means} (${flags.join(" ") || "no flags"}), threads ${threads.join(", ")}`;
		const missing =
			node === undefined
				? "not installed; node scripts/install-nodes.mjs brings it"
				: x64 && !isX64
					? `the flag is for x64, this is ${process.arch}`
					: undefined;
		if (node === undefined || missing !== undefined) {
			test.skip(`${name}: skipped, ${missing}`, () => {});
			continue;
		}
		test(name, async () => {
			const found = await onNode(node, flags, pathToFileURL(file).href, threads);
			expect(found.version.split(".")[0]).toBe(major);
			expect(found.engineId).toBe(engineId());
			expectGolden(found, threads);
		});
	}
});

describe("Chromium", () => {
	const chromium = findChromium();
	let browser: Browser | undefined;
	beforeAll(async () => {
		if (chromium !== undefined) browser = await openChromium(chromium);
	});
	afterAll(() => browser?.close());
	for (const isolated of [false, true]) {
		const name = isolated ? "a page with shared memory" : "a page as any server sends it";
		if (chromium === undefined) {
			test.skip(`${name}: skipped, no chromium on the path; apt-get install chromium brings it`, () => {});
			continue;
		}
		test(name, async () => {
			const found = await inChromium(browser!, bundle, isolated);
			expect([found.isIsolated, found.hasSharedMemory]).toEqual([isolated, isolated]);
			expect(found.engineId).toBe(engineId());
			// Threads are Node's alone so far: a browser works on one, whatever it is asked for, and says so.
			expectGolden(found, [1]);
		});
	}
});

test("plain JavaScript: the slow twins of the kernels, without WebAssembly", async () => {
	const found = await engineSelftest({ kernels: twinKernels });
	expect(found.parts.filter(({ ok }) => !ok)).toEqual([]);
	expect(found.ok).toBe(true);
});
