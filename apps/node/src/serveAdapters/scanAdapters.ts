// A folder with many adapters in PEFT form, found without reading a number of them: names, sizes and ranks, from the configs. What cannot
// be served is passed over and named. It must not know what serves them.

import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { adapterModules, type LlamaConfig, ModelError, parseAdapterConfig } from "@openledger/llm";
import { CallerError } from "@openledger/protocol";
import { errorText } from "../errors.js";

export type FoundAdapter = {
	/** Path beneath the scanned folder, with slashes. */
	readonly id: string;
	readonly folder: string;
	/** In memory, as f32; without a base the size of the file. */
	readonly bytes: number;
	/** The greatest of its modules. */
	readonly rank: number;
	/** Seconds since 1970: when the weights were written. */
	readonly created: number;
};

export type PassedOver = { readonly folder: string; readonly why: string };

export type Scan = { readonly adapters: readonly FoundAdapter[]; readonly passedOver: readonly PassedOver[] };

export type ScanOptions = {
	/** The base they are for, to know what fits it and what it takes; unknown behind vLLM. */
	readonly base?: LlamaConfig;
	/** Told now and then how many folders have been looked at. */
	readonly onProgress?: (looked: number) => void;
};

const CONFIG = "adapter_config.json";
const MODEL = "adapter_model.safetensors";
/** team/project/adapter; what lies deeper is no collection of adapters. */
const MAX_DEPTH = 3;
export const MAX_ADAPTERS = 100_000;
const MAX_CONFIG_BYTES = 2 ** 20;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,127}$/;
/** Folders between two turns of the event loop. */
const TURN = 200;

/** Looks through a folder, in the order of the names. Throws `serve/no-folder`, and `serve/too-many` above MAX_ADAPTERS. */
export async function scanAdapters(root: string, { base, onProgress }: ScanOptions = {}): Promise<Scan> {
	const adapters: FoundAdapter[] = [];
	const passedOver: PassedOver[] = [];
	const sizeOf = adapterSizes(base);
	const top = existing(root);
	let looked = 0;

	async function walk(folder: string, depth: number): Promise<void> {
		for (const entry of entriesOf(folder)) {
			const place = join(folder, entry.name);
			if (entry.name.startsWith(".") || !isFolder(entry, place, top)) continue;
			if (++looked % TURN === 0) {
				onProgress?.(looked);
				await turn();
			}
			try {
				const found = look(place, relative(top, place).split(sep).join("/"), sizeOf);
				if (found !== undefined) adapters.push(found);
				else if (depth < MAX_DEPTH) await walk(place, depth + 1);
			} catch (error) {
				passedOver.push({ folder: place, why: whyOf(error) });
			}
			if (adapters.length > MAX_ADAPTERS) {
				const message = `${root} holds more than ${MAX_ADAPTERS} adapters; serve them from several folders and servers`;
				throw new CallerError(message, { code: "serve/too-many" });
			}
		}
	}
	await walk(top, 1);
	onProgress?.(looked);
	return { adapters, passedOver };
}

type SizeOf = (config: unknown, fileBytes: number) => { readonly bytes: number; readonly rank: number };

/** What a folder holds; undefined if it is no adapter's. Throws for an adapter that cannot be served. */
function look(folder: string, id: string, sizeOf: SizeOf): FoundAdapter | undefined {
	const configFile = join(folder, CONFIG);
	const about = statSync(configFile, { throwIfNoEntry: false });
	if (about === undefined) return undefined;
	if (!NAME.test(id))
		throw unusable("its name may have 128 letters, digits and . _ / : @ - and begins with a letter or a digit");
	if (about.size > MAX_CONFIG_BYTES) throw unusable(`${CONFIG} has more than ${MAX_CONFIG_BYTES} bytes`);
	const model = statSync(join(folder, MODEL), { throwIfNoEntry: false });
	if (model?.isFile() !== true) throw unusable(`${MODEL} is not there`);
	const created = Math.floor(model.mtimeMs / 1000);
	return { id, folder, ...sizeOf(JSON.parse(readFileSync(configFile, "utf8")), model.size), created };
}

/** Sizes by config. Most adapters of a collection have the same one, and its patterns take time to match. */
function adapterSizes(base: LlamaConfig | undefined): SizeOf {
	const known = new Map<string, { readonly bytes: number; readonly rank: number }>();
	return (json, fileBytes) => {
		const config = parseAdapterConfig(json, CONFIG);
		if (base === undefined) return { bytes: fileBytes, rank: config.rank };
		const key = JSON.stringify(config);
		const before = known.get(key);
		if (before !== undefined) return before;
		const modules = adapterModules(base, config);
		const numbers = modules.reduce((sum, m) => sum + m.rank * (m.inputSize + m.outputSize), 0);
		const size = { bytes: 4 * numbers, rank: Math.max(...modules.map((m) => m.rank)) };
		if (known.size < 1000) known.set(key, size);
		return size;
	};
}

function entriesOf(folder: string): Dirent[] {
	return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A link may lead to a folder beneath the same root, and nowhere else. */
function isFolder(entry: Dirent, place: string, root: string): boolean {
	if (!entry.isSymbolicLink()) return entry.isDirectory();
	try {
		const there = realpathSync(place);
		return there.startsWith(root + sep) && !place.startsWith(there + sep) && statSync(there).isDirectory();
	} catch {
		return false;
	}
}

function existing(folder: string): string {
	try {
		const real = realpathSync(folder);
		if (statSync(real).isDirectory()) return real;
	} catch (cause) {
		throw new CallerError(`${folder} cannot be read; name a folder with adapters in PEFT form`, {
			code: "serve/no-folder",
			cause,
		});
	}
	throw new CallerError(`${folder} is a file; name a folder with adapters in PEFT form`, { code: "serve/no-folder" });
}

const unusable = (why: string) => new CallerError(why, { code: "serve/unusable-adapter" });

function whyOf(error: unknown): string {
	if (error instanceof SyntaxError) return `${CONFIG} is not JSON`;
	if (error instanceof ModelError || error instanceof CallerError) return error.message;
	return errorText(error);
}
