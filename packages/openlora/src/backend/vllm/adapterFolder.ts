// An adapter as a folder in PEFT form, read without its base: what can be checked of it here, before vLLM checks the rest.
// It must not know how it is served.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { ModelError, parseAdapterConfig } from "@openledger/llm";
import { ApiError } from "../../errors.js";

export const CONFIG_FILE = "adapter_config.json";
export const MODEL_FILE = "adapter_model.safetensors";
const MAX_CONFIG_BYTES = 2 ** 20;
const MAX_MODEL_BYTES = 2 ** 32;
const MAX_HEADER_BYTES = 100 * 2 ** 20;

export interface AdapterFolder {
	readonly folder: string;
	/** adapter_config.json as it was read. */
	readonly config: Readonly<Record<string, unknown>>;
	readonly rank: number;
	/** Bytes of adapter_model.safetensors. */
	readonly bytes: number;
}

/** Reads the config and the size, no numbers. Throws an `ApiError` 400 that names the file at fault. */
export async function readAdapterFolder(folder: string): Promise<AdapterFolder> {
	const config = await readConfig(join(folder, CONFIG_FILE));
	const file = join(folder, MODEL_FILE);
	const info = await stat(file).catch(() => undefined);
	if (info?.isFile() !== true) {
		throw unusable("file-missing", `${file} is not there; an adapter folder holds ${CONFIG_FILE} and ${MODEL_FILE}`);
	}
	if (info.size > MAX_MODEL_BYTES) throw unusable("file-too-large", `${file} has more than ${MAX_MODEL_BYTES} bytes`);
	try {
		const { rank } = parseAdapterConfig(config, CONFIG_FILE);
		return { folder, config, rank, bytes: info.size };
	} catch (cause) {
		if (!(cause instanceof ModelError)) throw cause;
		throw unusable(cause.code, cause.message, cause);
	}
}

/**
 * Who an adapter is: sha256 over its config, keys sorted, and its weights. The weights alone would not do: the same
 * numbers with another alpha give other answers. `base_model_name_or_path` is left out, as it names a place and decides nothing.
 */
export async function adapterIdentity({ config }: AdapterFolder, modelFile: string): Promise<`0x${string}`> {
	const { base_model_name_or_path: _place, ...decides } = config;
	const hash = createHash("sha256").update(sortedJson(decides)).update("\n");
	for await (const part of createReadStream(modelFile)) hash.update(part as Buffer);
	return `0x${hash.digest("hex")}`;
}

/** JSON with the keys of every object sorted; a config may hold fractions, which `canonicalJson` refuses. */
function sortedJson(value: unknown): string {
	return JSON.stringify(value, (_key, inner: unknown) => {
		if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner;
		return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
	});
}

/** Refuses a weights file whose tensors are not whole pairs of A and B, by its header alone. */
export async function checkTensors(modelFile: string): Promise<void> {
	const header = await readHeader(modelFile);
	const wrong = (what: string) => unusable("tensor-unexpected", `${modelFile}: ${what}`);
	const shapes = new Map<string, readonly number[]>();
	for (const [name, entry] of Object.entries(header)) {
		if (name === "__metadata__") continue;
		const { shape } = (entry ?? {}) as { shape?: unknown };
		if (!/\.lora_[AB]\.weight$/.test(name)) throw wrong(`${name.slice(0, 200)} is no matrix of a LoRA adapter`);
		if (!Array.isArray(shape) || shape.length !== 2) throw wrong(`${name.slice(0, 200)} is no matrix`);
		shapes.set(name, shape as number[]);
	}
	if (shapes.size === 0) throw wrong("it holds no tensors");
	for (const [name, shape] of shapes) {
		const isA = name.endsWith("A.weight");
		const other = shapes.get(name.replace(/[AB]\.weight$/, isA ? "B.weight" : "A.weight"));
		if (other === undefined) throw wrong(`${name.slice(0, 200)} has no partner`);
		if (isA && shape[0] !== other[1]) throw wrong(`the ranks of ${name.slice(0, 200)} and its partner differ`);
	}
}

async function readConfig(path: string): Promise<Record<string, unknown>> {
	const info = await stat(path).catch(() => undefined);
	if (info?.isFile() !== true)
		throw unusable("file-missing", `${path} is not there; an adapter folder in PEFT form has it`);
	if (info.size > MAX_CONFIG_BYTES) throw unusable("file-too-large", `${path} has more than ${MAX_CONFIG_BYTES} bytes`);
	try {
		const json: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path)));
		if (json !== null && typeof json === "object" && !Array.isArray(json)) return json as Record<string, unknown>;
	} catch (cause) {
		throw unusable("adapter-malformed", `${path} is not UTF-8 JSON`, cause);
	}
	throw unusable("adapter-malformed", `${path} must hold a JSON object`);
}

async function readHeader(path: string): Promise<Record<string, unknown>> {
	const file = await open(path, "r");
	try {
		const malformed = (what: string) => unusable("safetensors-malformed", `${path}: ${what}`);
		const { size } = await file.stat();
		const start = Buffer.alloc(8);
		const { bytesRead } = await file.read(start, 0, 8, 0);
		const length = bytesRead === 8 ? Number(start.readBigUInt64LE()) : -1;
		if (length < 2 || length > MAX_HEADER_BYTES || 8 + length > size)
			throw malformed("its header does not fit the file");
		const header = Buffer.alloc(length);
		await file.read(header, 0, length, 8);
		try {
			return JSON.parse(header.toString("utf8")) as Record<string, unknown>;
		} catch (cause) {
			throw unusable("safetensors-malformed", `${path}: its header is not JSON`, cause);
		}
	} finally {
		await file.close();
	}
}

const unusable = (code: string, message: string, cause?: unknown): ApiError =>
	new ApiError(400, code, message, { param: "lora_path", cause });
