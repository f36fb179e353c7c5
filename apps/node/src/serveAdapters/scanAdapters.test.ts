import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adapterModules, LINEARS, tinyAdapter, tinyBase, writeAdapterConfig } from "@openledger/llm";
import type { AdapterAdmin, ServedModel } from "@openledger/openlora";
import { afterAll, expect, test } from "vitest";
import { beneathRoots } from "./adapterRoots.js";
import { scanAdapters } from "./scanAdapters.js";

const root = mkdtempSync(join(tmpdir(), "openledger-scan-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const base = tinyBase();
const { config, model } = tinyAdapter(base);
const peft = JSON.stringify(writeAdapterConfig(config, base.name));

function put(folder: string, files: Readonly<Record<string, string | Uint8Array>>): string {
	const place = join(root, folder);
	mkdirSync(place, { recursive: true });
	for (const [name, content] of Object.entries(files)) writeFileSync(join(place, name), content);
	return place;
}
const whole = { "adapter_config.json": peft, "adapter_model.safetensors": model };

test("default: adapters by their path, with size and rank; what cannot be served is named", async () => {
	put("good/red", whole);
	put("good/team/blue", whole);
	put("good/.hidden", whole);
	put("good/notes", { "readme.txt": "nothing" });
	put("good/half", { "adapter_config.json": peft });
	put("good/torn", { ...whole, "adapter_config.json": "{" });
	put("good/dora", { ...whole, "adapter_config.json": peft.replace('"use_dora":false', '"use_dora":true') });
	put("good/big rank", whole);
	put("outside", whole);
	symlinkSync(join(root, "outside"), join(root, "good", "linked-out"));
	symlinkSync(join(root, "good", "team"), join(root, "good", "linked-in"));
	const looked: number[] = [];
	const found = await scanAdapters(join(root, "good"), { base: base.config, onProgress: (n) => looked.push(n) });
	const numbers = adapterModules(base.config, { ...config, targets: LINEARS }).reduce(
		(sum, m) => sum + m.rank * (m.inputSize + m.outputSize),
		0,
	);
	expect(found.adapters.map(({ id }) => id)).toEqual(["linked-in/blue", "red", "team/blue"]);
	expect(found.adapters[1]).toMatchObject({ bytes: 4 * numbers, rank: 4 });
	expect(found.adapters[1]!.created).toBeGreaterThan(1_700_000_000);
	const why = Object.fromEntries(found.passedOver.map(({ folder, why }) => [folder.slice(root.length + 6), why]));
	expect(Object.keys(why)).toEqual(["big rank", "dora", "half", "torn"]);
	expect(why.dora).toContain("use_dora");
	expect(why.half).toContain("adapter_model.safetensors is not there");
	expect(why.torn).toContain("not JSON");
	expect(looked.at(-1)).toBeGreaterThan(5);
});

test("behavior: a folder that is not there, a file, an empty one", async () => {
	await expect(scanAdapters(join(root, "none"))).rejects.toMatchObject({ code: "serve/no-folder" });
	await expect(scanAdapters(join(root, "outside", "adapter_config.json"))).rejects.toMatchObject({
		code: "serve/no-folder",
	});
	mkdirSync(join(root, "empty"));
	expect(await scanAdapters(join(root, "empty"))).toEqual({ adapters: [], passedOver: [] });
});

test("behavior: a thousand take a moment, and the event loop lives meanwhile", async () => {
	for (let i = 0; i < 1000; i++) put(`many/a${i}`, whole);
	let turns = 0;
	const beat = setInterval(() => turns++, 1);
	const begun = performance.now();
	const { adapters } = await scanAdapters(join(root, "many"), { base: base.config });
	clearInterval(beat);
	expect(adapters).toHaveLength(1000);
	expect(performance.now() - begun).toBeLessThan(15_000);
	expect(turns).toBeGreaterThan(2);
});

test("behavior: over HTTP only what lies beneath the roots is put in, and a path tells nothing", async () => {
	const asked: string[] = [];
	const admin: AdapterAdmin = {
		load: async ({ path }) => {
			asked.push(path);
			return {} as ServedModel;
		},
		unload: async () => {},
		pin: async () => ({}) as ServedModel,
		list: () => [],
	};
	const roots = [join(root, "good")];
	const guarded = beneathRoots(admin, roots);
	const load = (path: string) => guarded.load({ name: "x", path });
	await load(join(root, "good", "red"));
	await load("red");
	await load("team/../red");
	expect(new Set(asked)).toEqual(new Set([join(roots[0]!, "red")]));
	const wrong = ["../outside", join(root, "outside"), "/etc", "linked-out", "none", join(root, "good"), "a\0b", ""];
	const said = new Set<string>();
	for (const path of wrong)
		await load(path).catch((error: Error & { code: string }) => said.add(`${error.code} ${error.message}`));
	expect(asked).toHaveLength(3);
	expect([...said]).toEqual([expect.stringMatching(/^path_not_allowed /)]);
});
