// `openledger serve` and `openledger adapters` as people meet them: processes, signals, a folder that grows meanwhile.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createEngine, loadBase, tinyAdapter, writeAdapterConfig } from "@openledger/llm";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { writeTinyBase } from "../../apps/node/src/testing/writeTinyBase.js";
import { startVllmServer } from "../../packages/openlora/src/backend/vllm/testing/vllmServer.js";
import { openledger, openledgerEach, type Running, start, temporaryHome } from "./openledger.js";

const { home, remove } = temporaryHome();
const base = join(home, "tiny");
const adapters = join(home, "adapters");
const env = { OPENLEDGER_HOME: home };
const running: Running[] = [];
let files: Readonly<Record<string, string | Uint8Array>>;

function put(name: string): void {
	mkdirSync(join(adapters, name), { recursive: true });
	for (const [file, content] of Object.entries(files)) writeFileSync(join(adapters, name, file), content);
}
beforeAll(async () => {
	await writeTinyBase(base);
	const { config, model } = tinyAdapter(await loadBase(base));
	files = {
		"adapter_config.json": JSON.stringify(writeAdapterConfig(config, "tiny")),
		"adapter_model.safetensors": model,
	};
	put("red");
	put("blue");
});
afterEach(async () => {
	for (const { process, ended } of running.splice(0)) {
		process.kill("SIGKILL");
		await ended;
	}
});
afterAll(remove);

/** Starts a server and waits for the line that says where it is. */
async function serve(flags: readonly string[]): Promise<Running & { readonly url: string; readonly said: object }> {
	const begun = start(["serve", "--adapters", adapters, "--port", "0", "--json", ...flags], env);
	running.push(begun);
	const line = await new Promise<string>((resolve, reject) => {
		begun.process.stdout.once("data", (text: string) => resolve(text));
		begun.ended.then(({ stderr }) => reject(new Error(`ended: ${stderr}`)));
	});
	const said = JSON.parse(line) as { url: string };
	return { ...begun, url: said.url, said };
}
const ask = (url: string, body: object) =>
	fetch(`${url}/v1/chat/completions`, { method: "POST", body: JSON.stringify(body) });
const messages = [{ role: "user", content: "Which river flows through Vienna?" }];

test("default: served, listed, loaded, pinned, taken out; ended by a signal once what runs is done", async () => {
	const { url, said, process, ended } = await serve(["--base", base, "--kv-mb", "8", "--cache-mb", "8", "--json-logs"]);
	expect(said).toMatchObject({ base: "tiny", adapters: 2, passedOver: [], proves: "bit-exact" });
	const adapter = async (...args: string[]) => await openledger(["adapters", ...args], env);
	put("green");
	expect(await adapter("load", "green", join(adapters, "green"), "--pin")).toMatchObject({ code: 0 });
	const again = await adapter("load", "green", join(adapters, "green"));
	expect([again.code, again.stderr]).toEqual([2, expect.stringContaining("--replace")]);
	expect(await adapter("unload", "blue")).toMatchObject({ code: 0 });
	const listed = JSON.parse((await adapter("list", "--json")).stdout) as { id: string; openledger: object }[];
	expect(listed.map(({ id }) => id).sort()).toEqual(["green", "red"]);
	expect(listed.find(({ id }) => id === "green")!.openledger).toMatchObject({ state: "resident", pinned: true });
	expect((await adapter("list")).stdout).toMatch(/green +resident +yes/);
	expect((await ask(url, { model: "blue", messages })).status).toBe(404);

	const stream = await ask(url, { model: "green", messages, max_tokens: 100, temperature: 1, seed: 2, stream: true });
	process.kill("SIGTERM");
	const text = await stream.text();
	expect(text.trimEnd().endsWith("data: [DONE]")).toBe(true);
	const { code, stderr } = await ended;
	expect([code, stderr]).toEqual([0, expect.stringContaining("closed")]);
	expect(stderr).toContain('"route":"/v1/chat/completions"');
	expect(stderr).not.toContain("Vienna");
}, 300_000);

test("behavior: what cannot be started says what would be right", async () => {
	const wrong: readonly (readonly [readonly string[], string])[] = [
		[["serve", "--base", join(home, "none"), "--port", "0"], "config.json"],
		[["serve", "--base", base, "--adapters", join(home, "none"), "--port", "0"], "adapters in PEFT form"],
		[["serve", "--backend", "vllm"], "--vllm-url"],
		[["serve", "--base", base, "--vllm-url", "http://127.0.0.1:1"], "--backend vllm"],
		[["adapters", "list", "--url", "http://127.0.0.1:9"], "openledger serve"],
		[["adapters", "list", "--admin-key-file", join(home, "no-key")], "admin key"],
	];
	const found = await openledgerEach(
		wrong.map(([args]) => args),
		env,
	);
	for (const [i, { code, stderr }] of found.entries()) {
		expect([wrong[i]![0], code === 0, stderr]).toEqual([wrong[i]![0], false, expect.stringContaining(wrong[i]![1])]);
		expect(stderr).not.toContain("    at ");
	}
}, 300_000);

test("behavior: behind vLLM; requests that hang are waited for, and the second signal ends at once", async () => {
	// It speaks vLLM's protocol, and falls silent when it is told to.
	const vllm = await startVllmServer({ engine: createEngine(await loadBase(base)), name: "tiny" });
	const resolver = join(home, "resolver");
	const flags = ["--backend", "vllm", "--vllm-url", vllm.url, "--resolver-dir", resolver, "--drain-seconds", "600"];
	const { url, said, process, ended } = await serve(flags);
	expect(said).toMatchObject({ base: "tiny", proves: "nothing" });
	expect((await ask(url, { model: "red", messages })).status).toBe(200);
	expect(vllm.loaded()).toEqual([expect.stringMatching(/^[0-9a-f]{32}-red$/)]);
	vllm.fail("silent");
	const hanging = ask(url, { model: "red", messages }).catch(() => undefined);
	await expect
		.poll(async () => await (await fetch(`${url}/metrics`)).text())
		.toMatch(/^openledger_http_requests_in_flight 1$/m);
	process.kill("SIGTERM");
	await expect.poll(async () => (await fetch(`${url}/ready`)).status).toBe(503);
	// What a terminal and its parent both pass on counts as one.
	await new Promise((resolve) => setTimeout(resolve, 600));
	process.kill("SIGTERM");
	expect((await ended).code).toBe(130);
	await hanging;
	await vllm.close();
	expect(vllm.unexpected).toEqual([]);
}, 180_000);
