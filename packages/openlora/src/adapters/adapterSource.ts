// Where an adapter's numbers come from, and what they must be: what was read once must be the same whenever it is read again.
// It must not know names, caches or requests.

import { type Adapter, adapterModules, type BaseModel, type Digest, loadAdapter } from "@openledger/llm";
import { ApiError } from "../errors.js";
import { adapterKey } from "./adapterKey.js";

/** One version of one adapter. Thousands of them are held, so it is small; its numbers are not in it unless it came from memory. */
export interface AdapterSource {
	/** For messages. */
	readonly label: string;
	/** sha256 of adapter_model.safetensors; unknown until the first read, unless it was stated. */
	readonly digest: Digest | undefined;
	/** Identity by content, `adapterKey`; unknown until the first read. */
	readonly key: Digest | undefined;
	/** Bytes of its numbers as f32; until the first read what was stated, or 0. */
	readonly bytes: number;
	/** The greatest rank of its modules, once known. */
	readonly rank: number | undefined;
	readonly folder: string | undefined;
	/** Reads it. Rejects with the llm room's `ModelError`, or with `ApiError` adapter_changed if it is not what it was. */
	load(): Promise<Adapter>;
}

export interface AdapterSourceOptions {
	readonly label: string;
	/** A PEFT folder; or `read` instead. */
	readonly folder?: string;
	readonly read?: () => Promise<Adapter>;
	/** What it must turn out to be. */
	readonly digest?: Digest;
	/** Bytes in memory, as far as anybody knows. */
	readonly bytes?: number;
	readonly rank?: number;
}

/** No file is read before `load`. */
export function createAdapterSource(base: BaseModel, options: AdapterSourceOptions): AdapterSource {
	return new Source(base, options);
}

/** A class, since ten thousand objects with closures of their own would take several times the memory. */
class Source implements AdapterSource {
	readonly label: string;
	readonly folder: string | undefined;
	digest: Digest | undefined;
	key: Digest | undefined;
	bytes: number;
	rank: number | undefined;
	readonly #base: BaseModel;
	readonly #read: (() => Promise<Adapter>) | undefined;

	constructor(base: BaseModel, { label, folder, read, digest, bytes, rank }: AdapterSourceOptions) {
		if ((folder === undefined) === (read === undefined))
			throw new TypeError(`adapter ${label}: give a folder, or a way to read it, and not both`);
		this.label = label;
		this.folder = folder;
		this.digest = digest;
		this.key = undefined;
		this.bytes = bytes ?? 0;
		this.rank = rank;
		this.#base = base;
		this.#read = read;
	}

	async load(): Promise<Adapter> {
		const adapter = await (this.#read === undefined ? loadAdapter(this.folder!, this.#base) : this.#read());
		const key = adapterKey(adapter);
		const isAnother =
			(this.digest !== undefined && this.digest !== adapter.digest) || (this.key !== undefined && this.key !== key);
		if (isAnother) {
			const message = `the files of ${this.label} are not those that were registered (digest ${adapter.digest}, registered ${this.digest}); load it again to serve them`;
			throw new ApiError(409, "adapter_changed", message, { param: "model" });
		}
		if (this.key === undefined) {
			this.digest = adapter.digest;
			this.key = key;
			this.bytes = adapterBytes(adapter);
			this.rank = adapterModules(this.#base.config, adapter.config).reduce((most, m) => Math.max(most, m.rank), 0);
		}
		return adapter;
	}
}

/** Bytes of an adapter's numbers in memory. */
export function adapterBytes(adapter: Adapter): number {
	let bytes = 0;
	for (const { A, B } of adapter.weights.values()) bytes += A.byteLength + B.byteLength;
	return bytes;
}
