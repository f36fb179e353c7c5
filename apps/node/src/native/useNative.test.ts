// What a node does with native kernels that are there, missing, damaged, somebody else's or turned off.

import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { nativeForTests, testFolder } from "../../../../packages/native/src/testing.js";
import { readConfig } from "../config.js";
import { openNode } from "../openNode.js";
import { smallWorld } from "../testing/smallWorld.js";
import { useNative } from "./useNative.js";

const native = await nativeForTests();
let folder: string;
let lines: string[];
const log = (line: string) => void lines.push(line);

beforeEach(() => {
	lines = [];
	folder = mkdtempSync(join(tmpdir(), "openledger-use-native-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("default: without a folder there is nothing to use and nothing to build", async () => {
	const used = useNative(undefined, log, { buildAfterMs: 0 });
	expect(used.kernels).toBeUndefined();
	await wait(50);
	await used.close();
	expect(lines).toEqual([]);
});

test.skipIf(native === undefined)("default: kernels that are built are used", async () => {
	const used = useNative(testFolder, log);
	expect(used.kernels).toBeTypeOf("function");
	await used.close();
	expect(lines).toEqual([]);
});

test.skipIf(native === undefined)(
	"default: a node that finds them computes with them, and ends them with itself",
	async () => {
		const [world, other] = [await smallWorld(), await smallWorld()];
		try {
			const node = await openNode({ ...world.config, nativeFolder: testFolder });
			const { kernels } = node.parts.engine.machine;
			// Native products keep their scratch themselves.
			expect(kernels.gemmScratchBytes(100, 100, 100)).toBe(0);
			const plain = await openNode(other.config);
			const request = { messages: [{ role: "user", content: "What is the capital of Peru?" }], maxTokens: 4 } as const;
			expect(node.parts.engine.generate(request)).toEqual(plain.parts.engine.generate(request));
			await Promise.all([node.close(), plain.close()]);
			expect(() => kernels.fill(0, 0, 1)).toThrow(expect.objectContaining({ code: "native/closed" }));
		} finally {
			world.remove();
			other.remove();
		}
	},
);

test("behavior: a folder that others can write is left alone, with one line", async () => {
	chmodSync(folder, 0o777);
	const used = useNative(folder, log, { buildAfterMs: 0 });
	expect(used.kernels).toBeUndefined();
	await wait(50);
	await used.close();
	if (process.platform === "linux" && process.arch === "x64")
		expect(lines).toEqual([expect.stringMatching(/^WebAssembly computes.*written by others.*chmod go-w/)]);
});

test.skipIf(native === undefined)(
	"behavior: a build in the background ends with the node, and leaves nothing half",
	async () => {
		const inside = join(folder, "native");
		const used = useNative(inside, log, { buildAfterMs: 0 });
		for (
			let i = 0;
			i < 100 && !(existsSync(inside) && readdirSync(inside).some((name) => name.startsWith(".build-")));
			i++
		)
			await wait(20);
		await used.close();
		expect(readdirSync(inside)).toEqual([]);
		expect(lines).toEqual([]);
	},
);

test("behavior: the folder is the user's cache, OPENLEDGER_NATIVE turns it off, another word is refused", () => {
	const before = { ...process.env };
	try {
		delete process.env.OPENLEDGER_NATIVE;
		process.env.XDG_CACHE_HOME = "/somewhere/cache";
		expect(readConfig().nativeFolder).toBe("/somewhere/cache/openledger/native");
		process.env.XDG_CACHE_HOME = "not/absolute";
		expect(readConfig().nativeFolder).toMatch(/[\\/]\.cache[\\/]openledger[\\/]native$/);
		process.env.OPENLEDGER_NATIVE = "off";
		expect(readConfig().nativeFolder).toBeUndefined();
		process.env.OPENLEDGER_NATIVE = "yes";
		expect(() => readConfig()).toThrow(/OPENLEDGER_NATIVE is "yes"; it must be auto or off/);
	} finally {
		process.env = before;
	}
});
