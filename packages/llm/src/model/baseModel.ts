// A base model in memory: config, tokenizer and numbers, under one digest. Reading and writing folders is in baseFolder.ts.

import { type Digest, sha256 } from "../digest.js";
import { ModelError } from "../errors.js";
import { parseShardIndex, shardFiles } from "../formats/shardIndex.js";
import { createTokenizer, type Tokenizer, TokenizerError } from "../tokenizer/index.js";
import { type LlamaConfig, parseConfig } from "./config.js";
import { readParameters } from "./readParameters.js";

export interface BaseModel {
	readonly name: string;
	readonly config: LlamaConfig;
	readonly tokenizer: Tokenizer;
	/** Jinja source, from chat_template.jinja or tokenizer_config.json. */
	readonly chatTemplate: string;
	/** Tokens by the names that the template knows: `bos_token`, `eos_token` and others of tokenizer_config.json. */
	readonly templateTokens: Readonly<Record<string, string>>;
	/** Generation stops at this id. */
	readonly endOfText: number;
	/** All ids that end an answer; `endOfText` is the first. */
	readonly endTokens: readonly number[];
	readonly padding: number;
	readonly parameters: ReadonlyMap<string, Float32Array>;
	/** See `baseDigest`. */
	readonly digest: Digest;
}

/** A model cut into several safetensors files. */
export interface Shards {
	/** model.safetensors.index.json */
	readonly index: Uint8Array;
	/** Each file that the index names, by name. */
	readonly files: ReadonlyMap<string, Uint8Array>;
}

/** The files of a base model folder. */
export interface BaseFiles {
	readonly config: Uint8Array;
	readonly tokenizer: Uint8Array;
	readonly tokenizerConfig: Uint8Array;
	/** chat_template.jinja, where the template stands apart. */
	readonly chatTemplate?: Uint8Array;
	/** model.safetensors, or the files it was cut into. */
	readonly model: Uint8Array | Shards;
}

function text(bytes: Uint8Array, file: string): string {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch (cause) {
		throw new ModelError("config-malformed", `${file}: is not UTF-8`, { cause });
	}
}

/** A file's JSON object, or a ModelError that names the file. */
export function readJson(bytes: Uint8Array, file: string): Record<string, unknown> {
	let json: unknown;
	try {
		json = JSON.parse(text(bytes, file));
	} catch (cause) {
		throw new ModelError("config-malformed", `${file}: is not UTF-8 JSON`, { cause });
	}
	if (json === null || typeof json !== "object" || Array.isArray(json))
		throw new ModelError("config-malformed", `${file}: must be a JSON object`);
	return json as Record<string, unknown>;
}

/**
 * sha256 over a model's digests, one a line, each the sha256 of a file, in this order: config.json, tokenizer.json,
 * tokenizer_config.json; then model.safetensors, or model.safetensors.index.json and its files in the order of their names
 * (UTF-16 code units); last, where there is one, `chat_template.jinja ` and the digest of that file.
 */
export function baseDigest(files: BaseFiles): Digest {
	const parts: string[] = [files.config, files.tokenizer, files.tokenizerConfig].map((f) => sha256(f));
	if (files.model instanceof Uint8Array) parts.push(sha256(files.model));
	else {
		parts.push(sha256(files.model.index));
		for (const name of [...files.model.files.keys()].sort()) parts.push(sha256(files.model.files.get(name)!));
	}
	if (files.chatTemplate !== undefined) parts.push(`chat_template.jinja ${sha256(files.chatTemplate)}`);
	return sha256(new TextEncoder().encode(parts.join("\n")));
}

function chatTemplateOf(files: BaseFiles, name: string): string {
	if (files.chatTemplate !== undefined) return text(files.chatTemplate, `${name}/chat_template.jinja`);
	const file = `${name}/tokenizer_config.json`;
	const { chat_template: stated } = readJson(files.tokenizerConfig, file);
	// The older form for several templates is a list of {name, template}.
	const list: readonly unknown[] = Array.isArray(stated) ? stated : [];
	const named = list.find((t) => (t as { name?: unknown } | null)?.name === "default") as { template?: unknown };
	const template = named?.template ?? stated;
	if (typeof template !== "string") throw new ModelError("config-malformed", `${file}: chat_template must be a string`);
	return template;
}

const TEMPLATE_TOKENS = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

function templateTokensOf(files: BaseFiles, name: string): Record<string, string> {
	const file = `${name}/tokenizer_config.json`;
	const json = readJson(files.tokenizerConfig, file);
	const tokens: Record<string, string> = {};
	for (const key of TEMPLATE_TOKENS) {
		const stated = json[key] ?? null;
		const text = typeof stated === "object" ? (stated as { content?: unknown } | null)?.content : stated;
		if (stated === null) continue;
		if (typeof text !== "string") throw new ModelError("config-malformed", `${file}: ${key} must be a token's text`);
		tokens[key] = text;
	}
	return tokens;
}

function tokenIds(json: Readonly<Record<string, unknown>>, key: string, vocabSize: number, file: string): number[] {
	const value = json[key] ?? null;
	const ids: readonly unknown[] = Array.isArray(value) ? value : value === null ? [] : [value];
	if (!ids.every((id) => typeof id === "number" && Number.isSafeInteger(id) && id >= 0 && id < vocabSize))
		throw new ModelError("config-malformed", `${file}: ${key} must be a token id below ${vocabSize}`);
	return [...(ids as readonly number[])];
}

function readModel(config: LlamaConfig, model: Uint8Array | Shards, name: string): Map<string, Float32Array> {
	if (model instanceof Uint8Array) return readParameters(config, new Map([[`${name}/model.safetensors`, model]]));
	const file = `${name}/model.safetensors.index.json`;
	const map = parseShardIndex(readJson(model.index, file), file);
	const files = new Map<string, Uint8Array>();
	for (const shard of shardFiles(map)) {
		const bytes = model.files.get(shard);
		if (bytes === undefined) throw new ModelError("file-missing", `${name}/${shard} is missing; the index names it`);
		files.set(`${name}/${shard}`, bytes);
	}
	for (const given of model.files.keys()) {
		if (!files.has(`${name}/${given}`))
			throw new ModelError("tensor-unexpected", `${name}/${given}: the index does not name this file`);
	}
	return readParameters(config, files, map);
}

function readTokenizer(bytes: Uint8Array, file: string): Tokenizer {
	const json = readJson(bytes, file);
	try {
		return createTokenizer(json, file);
	} catch (cause) {
		if (!(cause instanceof TokenizerError)) throw cause;
		const code = cause.code === "tokenizer-unsupported" ? "config-unsupported" : "config-malformed";
		throw new ModelError(code, cause.message, { cause });
	}
}

/** Builds a base from its files. Every parameter must be there with its shape, and nothing else. */
export function readBase(files: BaseFiles, name: string): BaseModel {
	const file = `${name}/config.json`;
	const configJson = readJson(files.config, file);
	const config = parseConfig(configJson, file);
	const tokenizer = readTokenizer(files.tokenizer, `${name}/tokenizer.json`);
	const chatTemplate = chatTemplateOf(files, name);
	if (tokenizer.vocabSize > config.vocabSize) {
		throw new ModelError(
			"config-malformed",
			`${name}/tokenizer.json: has ${tokenizer.vocabSize} tokens; vocab_size of ${file} allows ${config.vocabSize}`,
		);
	}
	const endTokens = tokenIds(configJson, "eos_token_id", config.vocabSize, file);
	const [endOfText] = endTokens;
	if (endOfText === undefined)
		throw new ModelError("config-malformed", `${file}: eos_token_id must be a token id below ${config.vocabSize}`);
	const [padding = endOfText] = tokenIds(configJson, "pad_token_id", config.vocabSize, file);
	const parameters = readModel(config, files.model, name);
	return {
		name,
		config,
		tokenizer,
		chatTemplate,
		templateTokens: templateTokensOf(files, name),
		endOfText,
		endTokens,
		padding,
		parameters,
		digest: baseDigest(files),
	};
}
