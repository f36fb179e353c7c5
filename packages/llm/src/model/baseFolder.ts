// Base models and adapters as folders on disk, in Hugging Face form.

import { mkdir, open, stat, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { ModelError } from "../errors.js";
import { parseShardIndex, shardFiles } from "../formats/shardIndex.js";
import { adapterModules } from "../lora/adapterConfig.js";
import { type Adapter, readAdapter } from "../lora/peft.js";
import { parseAdapterConfig } from "../lora/peftConfig.js";
import { type BaseFiles, type BaseModel, readBase, readJson } from "./baseModel.js";
import { type LlamaConfig, parseConfig } from "./config.js";
import { parameterCount } from "./parameters.js";

/** Node reads no larger file in one piece. */
const MAX_FILE_BYTES = 2 ** 31 - 1;
const MAX_TEXT_BYTES = 64 * 2 ** 20;
/** Room that headers, alignment and a second copy of a tied matrix may take beside a model's own numbers. */
const SLACK_BYTES = 32 * 2 ** 20;

async function sizeOf(path: string): Promise<number | undefined> {
	const info = await stat(path).catch(() => undefined);
	return info?.isFile() ? info.size : undefined;
}

/** Few and long calls: adapters are read between the passes of a model that others wait for, and every call waits for one. */
async function readLimited(path: string, limit: number, what: string): Promise<Uint8Array> {
	const unreadable = (cause: unknown) => {
		throw new ModelError("file-missing", `${path} cannot be read; ${what}`, { cause });
	};
	const file = await open(path).catch(unreadable);
	try {
		const info = await file.stat();
		if (!info.isFile()) return unreadable(undefined);
		const { size } = info;
		if (size > limit) throw new ModelError("file-too-large", `${path} has ${size} bytes; the limit is ${limit}`);
		const bytes = new Uint8Array(size);
		let at = 0;
		while (at < size) {
			const { bytesRead } = await file.read(bytes, at, size - at, at);
			if (bytesRead === 0) break;
			at += bytesRead;
		}
		return bytes.subarray(0, at);
	} finally {
		file.close().catch(() => {});
	}
}

/** Files of the numbers by name. Their sizes must fit what config.json claims before one is read. */
async function readModelFiles(folder: string, config: LlamaConfig, names: readonly string[], what: string) {
	let total = 0;
	for (const name of names) {
		const size = await sizeOf(join(folder, name));
		if (size === undefined) throw new ModelError("file-missing", `${join(folder, name)} cannot be read; ${what}`);
		total += size;
	}
	const count = parameterCount(config);
	const [least, most] = [2 * count, 4 * (count + config.vocabSize * config.hiddenSize) + SLACK_BYTES];
	const has = names.length === 1 ? `${join(folder, names[0]!)} has` : `${folder}: ${names.join(", ")} together have`;
	const claimed = `the ${count} parameters of config.json take`;
	if (total > most) throw new ModelError("tensor-shape", `${has} ${total} bytes; ${claimed} at most ${most}`);
	if (total < least)
		throw new ModelError(
			"tensor-shape",
			`${has} ${total} bytes; ${claimed} at least ${least}, as f16: a file is truncated, or config.json is of another model`,
		);
	const files = new Map<string, Uint8Array>();
	for (const name of names) files.set(name, await readLimited(join(folder, name), MAX_FILE_BYTES, what));
	return files;
}

/**
 * Reads a Hugging Face model folder: config.json, tokenizer.json, tokenizer_config.json, chat_template.jinja where there is
 * one, and model.safetensors or the files of model.safetensors.index.json.
 */
export async function loadBase(folder: string): Promise<BaseModel> {
	const name = basename(resolve(folder));
	const what = "a model folder holds config.json, tokenizer.json, tokenizer_config.json and model.safetensors";
	const read = (file: string) => readLimited(join(folder, file), MAX_TEXT_BYTES, what);
	const texts = {
		config: await read("config.json"),
		tokenizer: await read("tokenizer.json"),
		tokenizerConfig: await read("tokenizer_config.json"),
	};
	const template = "chat_template.jinja";
	const chatTemplate = (await sizeOf(join(folder, template))) === undefined ? undefined : await read(template);
	const config = parseConfig(readJson(texts.config, `${name}/config.json`), `${name}/config.json`);
	const [whole, index] = ["model.safetensors", "model.safetensors.index.json"];
	const sharded =
		(await sizeOf(join(folder, whole))) === undefined && (await sizeOf(join(folder, index))) !== undefined;
	let model: BaseFiles["model"];
	if (sharded) {
		const bytes = await read(index);
		const map = parseShardIndex(readJson(bytes, `${name}/${index}`), `${name}/${index}`);
		const missing = "the index names it";
		model = { index: bytes, files: await readModelFiles(folder, config, shardFiles(map), missing) };
	} else model = (await readModelFiles(folder, config, [whole], what)).get(whole)!;
	return readBase({ ...texts, ...(chatTemplate && { chatTemplate }), model }, name);
}

/** Reads a PEFT adapter folder for a base. A file of numbers larger than its config allows is refused unread. */
export async function loadAdapter(folder: string, base: BaseModel): Promise<Adapter> {
	const read = (file: string, limit: number) =>
		readLimited(join(folder, file), limit, "an adapter folder holds adapter_config.json and adapter_model.safetensors");
	const name = basename(resolve(folder));
	const file = `${name}/adapter_config.json`;
	const bytes = await read("adapter_config.json", MAX_TEXT_BYTES);
	let config: unknown;
	try {
		config = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
	} catch (cause) {
		throw new ModelError("adapter-malformed", `${file}: is not UTF-8 JSON`, { cause });
	}
	let count = 0;
	for (const m of adapterModules(base.config, parseAdapterConfig(config, file)))
		count += m.rank * (m.inputSize + m.outputSize);
	const limit = Math.min(MAX_FILE_BYTES, 4 * count + SLACK_BYTES);
	return readAdapter(base.config, config, await read("adapter_model.safetensors", limit), name);
}

/** Writes named files into a folder, making it. */
export async function writeFolder(folder: string, files: Readonly<Record<string, Uint8Array | string>>): Promise<void> {
	await mkdir(folder, { recursive: true });
	for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}
