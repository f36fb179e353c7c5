// Base models and adapters as folders on disk, in Hugging Face form.

import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { ModelError } from "../errors.js";
import { type Adapter, readAdapter } from "../lora/peft.js";
import { type BaseFiles, type BaseModel, readBase } from "./baseModel.js";

const MAX_BYTES = 4 * 1024 ** 3;

async function readLimited(path: string, what: string): Promise<Uint8Array> {
	const info = await stat(path).catch((cause) => {
		throw new ModelError("file-missing", `${path} cannot be read; ${what}`, { cause });
	});
	if (info.size > MAX_BYTES)
		throw new ModelError("file-missing", `${path} has ${info.size} bytes; the limit is ${MAX_BYTES}`);
	return readFile(path);
}

/** Reads a Hugging Face model folder (config.json, tokenizer.json, tokenizer_config.json, model.safetensors). */
export async function loadBase(folder: string): Promise<BaseModel> {
	const read = (file: string) =>
		readLimited(
			join(folder, file),
			"a model folder holds config.json, tokenizer.json, tokenizer_config.json and model.safetensors",
		);
	const files: BaseFiles = {
		config: await read("config.json"),
		tokenizer: await read("tokenizer.json"),
		tokenizerConfig: await read("tokenizer_config.json"),
		model: await read("model.safetensors"),
	};
	return readBase(files, basename(resolve(folder)));
}

/** Reads a PEFT adapter folder for a base. */
export async function loadAdapter(folder: string, base: BaseModel): Promise<Adapter> {
	const read = (file: string) =>
		readLimited(join(folder, file), "an adapter folder holds adapter_config.json and adapter_model.safetensors");
	let config: unknown;
	try {
		config = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await read("adapter_config.json")));
	} catch (cause) {
		if (cause instanceof ModelError) throw cause;
		throw new ModelError("adapter-malformed", `${folder}/adapter_config.json: is not UTF-8 JSON`, { cause });
	}
	return readAdapter(base.config, config, await read("adapter_model.safetensors"), basename(resolve(folder)));
}

/** Writes named files into a folder, making it. */
export async function writeFolder(folder: string, files: Readonly<Record<string, Uint8Array | string>>): Promise<void> {
	await mkdir(folder, { recursive: true });
	for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}
