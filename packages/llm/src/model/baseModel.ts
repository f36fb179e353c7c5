// A base model in memory: config, tokenizer and numbers, under one digest. Reading and writing folders is in baseFolder.ts.

import { type Digest, sha256 } from "../digest.js";
import { ModelError } from "../errors.js";
import { readSafetensors } from "../formats/safetensors.js";
import { createTokenizer, type Tokenizer } from "../tokenizer/index.js";
import { type LlamaConfig, parseConfig } from "./config.js";
import { parameterShapes } from "./parameters.js";

export interface BaseModel {
	readonly name: string;
	readonly config: LlamaConfig;
	readonly tokenizer: Tokenizer;
	/** Jinja source, from tokenizer_config.json. */
	readonly chatTemplate: string;
	/** Generation stops at this id. */
	readonly endOfText: number;
	readonly padding: number;
	readonly parameters: ReadonlyMap<string, Float32Array>;
	/** sha256 over the digests of config.json, tokenizer.json, tokenizer_config.json, model.safetensors, in that order. */
	readonly digest: Digest;
}

/** The four files of a base model folder. */
export interface BaseFiles {
	readonly config: Uint8Array;
	readonly tokenizer: Uint8Array;
	readonly tokenizerConfig: Uint8Array;
	readonly model: Uint8Array;
}

function json(bytes: Uint8Array, file: string): Record<string, unknown> {
	try {
		return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as Record<string, unknown>;
	} catch (cause) {
		throw new ModelError("config-malformed", `${file}: is not UTF-8 JSON`, { cause });
	}
}

/** Digest of a base model's four files. */
export function baseDigest(files: BaseFiles): Digest {
	const parts = [files.config, files.tokenizer, files.tokenizerConfig, files.model].map((f) => sha256(f));
	return sha256(new TextEncoder().encode(parts.join("\n")));
}

/** Builds a base from its files. Every parameter must be there with its shape, and nothing else. */
export function readBase(files: BaseFiles, name: string): BaseModel {
	const configJson = json(files.config, `${name}/config.json`);
	const config = parseConfig(configJson, `${name}/config.json`);
	const tokenizer = createTokenizer(json(files.tokenizer, `${name}/tokenizer.json`));
	const { chat_template: chatTemplate } = json(files.tokenizerConfig, `${name}/tokenizer_config.json`);
	if (typeof chatTemplate !== "string")
		throw new ModelError("config-malformed", `${name}/tokenizer_config.json: chat_template must be a string`);
	const id = (key: string): number => {
		const value = configJson[key];
		if (!Number.isSafeInteger(value) || (value as number) < 0 || (value as number) >= config.vocabSize) {
			throw new ModelError(
				"config-malformed",
				`${name}/config.json: ${key} must be a token id below ${config.vocabSize}`,
			);
		}
		return value as number;
	};
	if (tokenizer.vocabSize > config.vocabSize) {
		throw new ModelError(
			"config-malformed",
			`${name}: tokenizer.json has ${tokenizer.vocabSize} tokens, config.json allows ${config.vocabSize}`,
		);
	}
	const file = `${name}/model.safetensors`;
	const { tensors } = readSafetensors(files.model, file);
	const parameters = new Map<string, Float32Array>();
	for (const [key, shape] of parameterShapes(config)) {
		const tensor = tensors.get(key);
		if (tensor === undefined)
			throw new ModelError("tensor-missing", `${file}: ${key} is missing; config.json asks for it`);
		if (tensor.shape.length !== shape.length || tensor.shape.some((d, i) => d !== shape[i])) {
			throw new ModelError("tensor-shape", `${file}: ${key} is [${tensor.shape}], config.json asks for [${shape}]`);
		}
		parameters.set(key, tensor.data);
	}
	for (const key of tensors.keys()) {
		if (!parameters.has(key))
			throw new ModelError("tensor-unexpected", `${file}: ${key} is no parameter of this model`);
	}
	return {
		name,
		config,
		tokenizer,
		chatTemplate,
		endOfText: id("eos_token_id"),
		padding: id("pad_token_id"),
		parameters,
		digest: baseDigest(files),
	};
}
