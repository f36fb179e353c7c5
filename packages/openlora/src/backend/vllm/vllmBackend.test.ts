// What can go wrong between us and a vLLM: over a real socket, against a server that speaks its protocol.
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { ChatOrder } from "../../chat/chatOrder.js";
import { ApiError } from "../../errors.js";
import type { AnswerPiece } from "../backend.js";
import { type SuiteWorld, suiteWorld } from "../suite/testing/suiteWorld.js";
import { startVllmServer, type VllmServer, type VllmServerOptions } from "./testing/vllmServer.js";
import { openVllmBackend, type VllmBackend, type VllmBackendOptions } from "./vllmBackend.js";

let world: SuiteWorld;
let red: string;
const opened: { backend: VllmBackend; server: VllmServer }[] = [];

beforeAll(async () => {
	world = suiteWorld();
	red = await world.write("red", 1);
});
afterAll(() => world.remove());
afterEach(async () => {
	for (const { backend, server } of opened.splice(0)) {
		await backend.close();
		await server.close();
		expect(server.unexpected).toEqual([]);
	}
});

async function open(server: Partial<VllmServerOptions> = {}, client: Partial<VllmBackendOptions> = {}) {
	const started = await startVllmServer({ engine: world.engine, name: "tiny", ...server });
	const resolverFolder = mkdtempSync(join(world.folder, "resolver-"));
	const backend = await openVllmBackend({ url: started.url, resolverFolder, ...client });
	backend.register([{ id: "red", folder: red, bytes: 1, rank: 4, created: 1, owner: "us" }]);
	opened.push({ backend, server: started });
	return { backend, server: started, resolverFolder };
}
const SECRET = "the prompt that nobody may read";
const order = (more: Partial<ChatOrder> = {}): ChatOrder => ({
	model: "red",
	messages: [{ role: "user", content: SECRET }],
	maxTokens: 6,
	temperaturePpm: 0,
	topPPpm: 1_000_000,
	seed: 0,
	...more,
});
async function failure(work: () => unknown): Promise<ApiError> {
	try {
		await work();
	} catch (error) {
		if (error instanceof ApiError) {
			expect(error.message).not.toContain(SECRET);
			return error;
		}
		throw error;
	}
	throw new Error("did not fail");
}

test("default: the resolver's layout: one folder for each adapter, named by its identity, for this base", async () => {
	const { backend, server, resolverFolder } = await open();
	await backend.generate(order());
	const [name] = readdirSync(resolverFolder);
	expect(readdirSync(resolverFolder)).toEqual(server.loaded());
	expect(name).toMatch(/^[0-9a-f]{32}-red$/);
	expect(readdirSync(join(resolverFolder, name!)).sort()).toEqual(["adapter_config.json", "adapter_model.safetensors"]);
	const config = JSON.parse(readFileSync(join(resolverFolder, name!, "adapter_config.json"), "utf8"));
	expect(config).toMatchObject({ peft_type: "LORA", base_model_name_or_path: "org/tiny", r: 4, lora_alpha: 16 });
	expect(backend.model!("red")!.digest!.slice(2, 34)).toBe(name!.slice(0, 32));
	await backend.adapters.unload("red");
	await backend.close();
	expect([readdirSync(resolverFolder), server.loaded()]).toEqual([[], []]);
});

test("behavior: however many wait for an adapter, it is loaded once", async () => {
	const { backend, server } = await open();
	await Promise.all(Array.from({ length: 20 }, (_, seed) => backend.generate(order({ seed }))));
	expect(server.loaded()).toHaveLength(1);
	expect(backend.stats!().adapters).toMatchObject({ missesTotal: 20, resident: 1 });
	expect(backend.stats!().adapters!.loadSeconds!.counts.reduce((sum, n) => sum + n, 0)).toBe(1);
	expect(server.peak()).toBeGreaterThan(4);
});

test("behavior: a vLLM that was started anew gets the adapter again; so does one that resolves names itself", async () => {
	const { backend, server } = await open();
	const before = await backend.generate(order());
	server.restart();
	expect(await backend.generate(order())).toEqual(before);
	expect(server.loaded()).toHaveLength(1);
	const folder = mkdtempSync(join(world.folder, "resolver-"));
	const other = await open({ resolverFolder: folder }, { resolverFolder: folder });
	await other.backend.generate(order());
	other.server.restart();
	expect(await other.backend.generate(order())).toEqual(before);
});

test("behavior: files that changed under a name are not served under it until they are loaded again", async () => {
	const { backend, server } = await open();
	const path = await world.write("changing", 4);
	backend.register([{ id: "changing", folder: path, bytes: 1, rank: 4, created: 1, owner: "us" }]);
	const asked = order({ model: "changing", maxTokens: 12, temperaturePpm: 1_500_000 });
	const before = await backend.generate(asked);
	await world.write("changing", 5);
	server.restart();
	expect(await failure(() => backend.generate(asked))).toMatchObject({ status: 409, code: "adapter_changed" });
	await backend.adapters.load({ name: "changing", path });
	expect((await backend.generate(asked)).text).not.toBe(before.text);
});

test("behavior: another of our servers has loaded it already", async () => {
	const { backend, server, resolverFolder } = await open();
	const before = await backend.generate(order());
	const second = await openVllmBackend({ url: server.url, resolverFolder });
	second.register([{ id: "red", folder: red, bytes: 1, rank: 4, created: 1, owner: "us" }]);
	expect(await second.generate(order())).toEqual(before);
	await second.close();
});

test("behavior: what failed before anything came is tried again, and only that", async () => {
	const { backend, server } = await open();
	const whole = await backend.generate(order());
	server.fail("hang-up", "busy");
	expect(await backend.generate(order())).toEqual(whole);
	server.fail("hang-up", "hang-up", "hang-up");
	expect(await failure(() => backend.generate(order()))).toMatchObject({ status: 503, code: "backend_unavailable" });
	const { begun } = server.generations;
	server.fail("failed");
	expect(await failure(() => backend.generate(order()))).toMatchObject({ status: 502, code: "backend_failed" });
	expect(server.generations.begun).toBe(begun);
	for (const [fault, code] of [
		["hang-up-midway", "backend_unavailable"],
		["error-event", "backend_failed"],
		["no-done", "backend_unavailable"],
	] as const) {
		const pieces: AnswerPiece[] = [];
		const from = server.generations.begun;
		server.fail(fault);
		const error = await failure(() => backend.generate(order(), { onPiece: (piece) => pieces.push(piece) }));
		expect([fault, error.code]).toEqual([fault, code]);
		expect(pieces.length).toBeGreaterThan(0);
		expect(server.generations.begun).toBe(from + 1);
	}
	expect(await backend.generate(order())).toEqual(whole);
});

test("behavior: a silent vLLM is not waited for longer than agreed", async () => {
	const { backend, server } = await open({}, { firstMs: 150, silentMs: 150 });
	await backend.generate(order());
	server.fail("silent");
	expect(await failure(() => backend.generate(order()))).toMatchObject({ status: 504, code: "backend_timeout" });
	const slow = await open({ tokenMs: 400 }, { firstMs: 2000, silentMs: 100 });
	expect((await failure(() => slow.backend.generate(order()))).code).toBe("backend_timeout");
});

test("behavior: whoever leaves is not computed for; a hundred who leave cost nothing", async () => {
	const { backend, server } = await open({ tokenMs: 2 });
	await backend.generate(order());
	const left = Array.from({ length: 100 }, async (_, seed) => {
		const leaving = new AbortController();
		const onPiece = () => leaving.abort();
		const asked = order({ seed, maxTokens: 40, messages: [{ role: "user", content: "Peru?" }] });
		return await failure(() => backend.generate(asked, { signal: leaving.signal, onPiece }));
	});
	for (const error of await Promise.all(left)) expect([error.status, error.code]).toEqual([499, "cancelled"]);
	await expect.poll(() => server.generations.aborted).toBe(100);
	expect(backend.stats!()).toMatchObject({ waiting: 0, running: 0 });
	await backend.drain();
});

test("behavior: keys: ours is sent and never shown, a wrong one is our fault and not the client's", async () => {
	const { backend } = await open({ apiKey: "sesame" }, { apiKey: "sesame" });
	await backend.generate(order());
	const server = await startVllmServer({ engine: world.engine, name: "tiny", apiKey: "sesame" });
	const options = { url: server.url, apiKey: "wrong-key", resolverFolder: world.folder };
	const error = await failure(() => openVllmBackend(options));
	expect(error).toMatchObject({ status: 502, code: "backend_unauthorized" });
	expect(error.message).not.toContain("wrong-key");
	await server.close();
	const gone = await failure(() => openVllmBackend(options));
	expect(gone).toMatchObject({ status: 503, code: "backend_unavailable" });
});

test("behavior: a vLLM that cannot do what is needed says so at once", async () => {
	const noLoading = await open({ allowsLoading: false });
	const message = (await failure(() => noLoading.backend.generate(order()))).message;
	expect(message).toContain("VLLM_ALLOW_RUNTIME_LORA_UPDATING");
	const old = await open({ givesTokenIds: false });
	expect((await failure(() => old.backend.generate(order()))).message).toContain("0.10.2");
	const flat = await open({ errorForm: "flat" });
	const long = order({ maxTokens: 60 });
	expect(await failure(() => flat.backend.generate(long))).toMatchObject({ status: 400, code: "backend_refused" });
	const other = { url: flat.server.url, base: "large", resolverFolder: world.folder };
	expect(await failure(() => openVllmBackend(other))).toMatchObject({ status: 404, code: "model_not_found" });
});

test("behavior: an adapter that vLLM cannot see, or will not take, is told apart", async () => {
	const unseen = await open({}, { resolverFolderThere: "/elsewhere" });
	const error = await failure(() => unseen.backend.generate(order()));
	expect([error.status, error.message.includes("resolver folder")]).toEqual([502, true]);
	const { backend } = await open();
	// A rank that its matrices do not have: our check of pairs passes, vLLM's does not.
	const path = await world.write("lying", 3, { rank: 2 });
	const config = join(path, "adapter_config.json");
	const { writeFileSync } = await import("node:fs");
	writeFileSync(config, readFileSync(config, "utf8").replace('"r":2', '"r":8'));
	const refused = await failure(() => backend.adapters.load({ name: "lying", path }));
	expect([refused.status, refused.code]).toEqual([400, "adapter_unusable"]);
	expect(backend.models().map(({ id }) => id)).toEqual(["tiny", "red"]);
});

test("behavior: names that are no names are refused", async () => {
	const { backend } = await open();
	for (const name of ["", "../up", "a b", "x".repeat(129), "-a", "a\n"])
		expect((await failure(() => backend.adapters.load({ name, path: red }))).status).toBe(400);
	await backend.adapters.load({ name: "org/team:red@2", path: red });
	expect(await backend.generate(order({ model: "org/team:red@2" }))).toEqual(await backend.generate(order()));
});
