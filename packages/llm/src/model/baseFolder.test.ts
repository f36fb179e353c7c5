import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sha256 } from "../digest.js";
import { ModelError } from "../errors.js";
import { type NamedTensor, readSafetensors } from "../formats/safetensors.js";
import { writeSafetensors } from "../formats/writeSafetensors.js";
import { writeAdapterConfig } from "../lora/peftConfig.js";
import { tinyAdapter } from "../selftest/tinyAdapter.js";
import { tinyFamilies } from "../selftest/tinyFamilies.js";
import { loadAdapter, loadBase, writeFolder } from "./baseFolder.js";
import { type BaseFiles, baseDigest, readBase, type Shards } from "./baseModel.js";

const families = new Map(tinyFamilies().map((f) => [f.name, f]));
const { files: whole, adapter: adapterConfig } = families.get("llama3")!;
const { files: sharded } = families.get("qwen2")!;
const shards = sharded.model as Shards;
const [firstName, secondName] = [...shards.files.keys()] as [string, string];
const json = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
const utf8 = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

function codeOf(files: BaseFiles): string {
	try {
		readBase(files, "x");
	} catch (error) {
		expect(error).toBeInstanceOf(ModelError);
		return (error as ModelError).code;
	}
	return "ok";
}

const codeOfFolder = (path: string) =>
	loadBase(path).then(
		() => "ok",
		(error) => (error as ModelError).code,
	);

/** The qwen2 model, which is tied, with other tensors in one file. */
function tied(change: (tensors: Map<string, NamedTensor>) => void): BaseFiles {
	const tensors = new Map([...shards.files].flatMap(([name, bytes]) => [...readSafetensors(bytes, name).tensors]));
	change(tensors);
	return { ...sharded, model: writeSafetensors(tensors, "F16", { "model.embed_tokens.weight": "lm_head.weight" }) };
}

let folder = "";
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "base-folder-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, files: BaseFiles): Promise<string> {
	const path = join(folder, name);
	await writeFolder(path, {
		"config.json": files.config,
		"tokenizer.json": files.tokenizer,
		"tokenizer_config.json": files.tokenizerConfig,
		...(files.chatTemplate && { "chat_template.jinja": files.chatTemplate }),
		...(files.model instanceof Uint8Array
			? { "model.safetensors": files.model }
			: { "model.safetensors.index.json": files.model.index, ...Object.fromEntries(files.model.files) }),
	});
	return path;
}

describe("base folders", () => {
	test("one file or several: numbers and digest as from memory", async () => {
		for (const files of [whole, sharded, { ...whole, chatTemplate: new TextEncoder().encode("{{ messages }}") }]) {
			const read = await loadBase(await write(`ok-${baseDigest(files)}`, files));
			expect(read.digest).toBe(baseDigest(files));
			expect(read.parameters).toEqual(readBase(files, "x").parameters);
		}
	});

	test("the digest is the one of the docstring", () => {
		const lines = [whole.config, whole.tokenizer, whole.tokenizerConfig, whole.model as Uint8Array].map((f) =>
			sha256(f),
		);
		expect(baseDigest(whole)).toBe(sha256(new TextEncoder().encode(lines.join("\n"))));
		const order = [sharded.config, sharded.tokenizer, sharded.tokenizerConfig, shards.index];
		const all = [...order, shards.files.get(firstName)!, shards.files.get(secondName)!].map((f) => sha256(f));
		const turned = { ...shards, files: new Map([...shards.files].reverse()) };
		expect(baseDigest({ ...sharded, model: turned })).toBe(sha256(new TextEncoder().encode(all.join("\n"))));
	});

	test("a tied matrix is found under either name; a second copy must be the same", () => {
		const expected = readBase(
			tied(() => {}),
			"x",
		).parameters;
		const renamed = tied((t) => {
			t.set("lm_head.weight", t.get("model.embed_tokens.weight")!);
			t.delete("model.embed_tokens.weight");
		});
		expect(readBase(renamed, "x").parameters).toEqual(expected);
		const twice = tied((t) => t.set("lm_head.weight", t.get("model.embed_tokens.weight")!));
		expect(readBase(twice, "x").parameters).toEqual(expected);
		const other = tied((t) => {
			const { shape, data } = t.get("model.embed_tokens.weight")!;
			t.set("lm_head.weight", { shape, data: data.map((x) => x + 1) });
		});
		expect(codeOf(other)).toBe("tensor-unexpected");
		expect(codeOf(tied((t) => t.delete("model.embed_tokens.weight")))).toBe("tensor-missing");
	});

	test("behavior: an index that lies is refused", () => {
		const map = json(shards.index).weight_map as Record<string, string>;
		const index = (changed: object) => ({ ...sharded, model: { ...shards, index: utf8({ weight_map: changed }) } });
		const [name] = Object.keys(map) as [string];
		expect(codeOf(index({ ...map, [name]: secondName }))).toBe("tensor-unexpected");
		expect(codeOf(index({ ...map, more: firstName }))).toBe("tensor-missing");
		expect(codeOf(index({ ...map, more: "more.safetensors" }))).toBe("file-missing");
		expect(codeOf({ ...sharded, model: { ...shards, files: new Map([...shards.files, ["z", whole.config]]) } })).toBe(
			"tensor-unexpected",
		);
	});

	test("behavior: a config that lies about shapes is refused before numbers are read", async () => {
		for (const [key, value] of Object.entries({
			hidden_size: 64,
			num_key_value_heads: 4,
			vocab_size: 300,
			head_dim: 16,
		}))
			expect(codeOf({ ...whole, config: utf8({ ...json(whole.config), [key]: value }) })).toBe("tensor-shape");
		for (const key of ["attention_bias", "mlp_bias"])
			expect(codeOf({ ...whole, config: utf8({ ...json(whole.config), [key]: false }) })).toBe("tensor-unexpected");
		expect(codeOf({ ...whole, config: utf8({ ...json(whole.config), num_hidden_layers: 3 }) })).toBe("tensor-missing");
		const claims = { ...whole, config: utf8({ ...json(whole.config), hidden_size: 20_000, vocab_size: 20_000 }) };
		expect(await codeOfFolder(await write("claims", claims))).toBe("tensor-shape");
		const path = await write("oversized", whole);
		await truncate(join(path, "model.safetensors"), 2 ** 33);
		expect(await codeOfFolder(path)).toBe("tensor-shape");
		await writeFile(join(path, "config.json"), "{");
		expect(await codeOfFolder(path)).toBe("config-malformed");
	});

	test("behavior: a file of numbers that is not there or cut short is named", async () => {
		const path = await write("incomplete", sharded);
		await truncate(join(path, firstName), 100);
		await expect(loadBase(path)).rejects.toThrow(/together have \d+ bytes; .* at least \d+, .*truncated/);
		await rm(join(path, secondName));
		await expect(loadBase(path)).rejects.toMatchObject({
			code: "file-missing",
			message: `${join(path, secondName)} cannot be read; the index names it`,
		});
		const short = await write("short", whole);
		await truncate(join(short, "model.safetensors"), 9000);
		await expect(loadBase(short)).rejects.toThrow(`${join(short, "model.safetensors")} has 9000 bytes`);
	});

	test("behavior: an adapter larger than its config allows is refused unread", async () => {
		const base = await loadBase(await write("adapter-base", whole));
		const path = join(folder, "adapter");
		const { config, model } = tinyAdapter(base, adapterConfig);
		await writeFolder(path, {
			"adapter_config.json": JSON.stringify(writeAdapterConfig(config, "x")),
			"adapter_model.safetensors": model,
		});
		expect((await loadAdapter(path, base)).digest).toBe(sha256(model));
		await truncate(join(path, "adapter_model.safetensors"), 2 ** 30);
		await expect(loadAdapter(path, base)).rejects.toMatchObject({ code: "file-too-large" });
	});

	test("token ids: a list of ends, padding that is not named", () => {
		const { pad_token_id, ...rest } = json(whole.config);
		const base = readBase({ ...whole, config: utf8({ ...rest, eos_token_id: [3, 5] }) }, "x");
		expect([base.endOfText, base.endTokens, base.padding]).toEqual([3, [3, 5], 3]);
		expect(codeOf({ ...whole, config: utf8({ ...rest, eos_token_id: null }) })).toBe("config-malformed");
		expect(pad_token_id).toBeDefined();
	});
});
