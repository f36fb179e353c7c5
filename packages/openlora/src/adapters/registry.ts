// Names of adapters: each is a pointer to one version of the weights, and may come to point to another. Thousands of them are nothing but
// this. It must not know requests, memory or HTTP.

import type { Adapter, BaseModel, Digest } from "@openledger/llm";
import { ApiError } from "../errors.js";
import { type AdapterSource, createAdapterSource } from "./adapterSource.js";

/** An adapter to serve under a name. No file is read before it is asked for. */
export interface RegisteredAdapter {
	readonly id: string;
	readonly owner: string;
	/** Seconds since 1970. */
	readonly created: number;
	/** Stays in memory once it is loaded. */
	readonly pinned?: boolean;
	/** sha256 of adapter_model.safetensors, if known: other files are not served under the name. */
	readonly digest?: Digest;
	/** Bytes of its numbers as f32, as far as they are known. */
	readonly bytes?: number;
	readonly rank?: number;
	/** A PEFT folder; or `load` instead. */
	readonly folder?: string;
	readonly load?: () => Promise<Adapter>;
}

export interface NamedAdapter {
	readonly id: string;
	readonly owner: string;
	readonly created: number;
	readonly source: AdapterSource;
	/** Requests and tokens answered under this name since it came. */
	requests: number;
	tokens: number;
}

export interface AdapterRegistry {
	readonly size: number;
	/** Points the name to this one. Throws `ApiError` name_taken, too_many_adapters. */
	put(adapter: RegisteredAdapter): NamedAdapter;
	/** The same for a source that was read already. */
	point(named: Pick<NamedAdapter, "id" | "owner" | "created" | "source">): NamedAdapter;
	/** Throws `ApiError` name_taken for the base's. */
	checkName(id: string): void;
	get(id: string): NamedAdapter | undefined;
	/** Throws `ApiError` 404 model_not_found, saying which models there are. */
	find(id: string): NamedAdapter;
	remove(id: string): NamedAdapter;
	all(): IterableIterator<NamedAdapter>;
	/** Some of the names, for people. */
	names(): string;
}

export interface AdapterRegistryOptions {
	readonly base: BaseModel;
	/** The base's own name, which no adapter can have. */
	readonly baseName: string;
	/** Most names. */
	readonly most: number;
	/** Told when a name points to a source no longer, and when a source is to be pinned. */
	readonly onRetired: (source: AdapterSource) => void;
	readonly onPinned: (source: AdapterSource) => void;
}

const NAMES_SHOWN = 8;

export function createAdapterRegistry(options: AdapterRegistryOptions): AdapterRegistry {
	const { base, baseName, most, onRetired, onPinned } = options;
	const named = new Map<string, NamedAdapter>();

	function checkName(id: string): void {
		if (id === baseName) throw new ApiError(409, "name_taken", `${id} is the base's name; choose another`);
	}

	function point({ id, owner, created, source }: Pick<NamedAdapter, "id" | "owner" | "created" | "source">) {
		checkName(id);
		const before = named.get(id);
		if (before === undefined && named.size >= most) {
			const message = `${most} adapters are registered already; unload some first`;
			throw new ApiError(409, "too_many_adapters", message, { param: "lora_name" });
		}
		const entry = { id, owner, created, source, requests: before?.requests ?? 0, tokens: before?.tokens ?? 0 };
		named.set(id, entry);
		if (before !== undefined && before.source !== source) onRetired(before.source);
		return entry;
	}

	function names(): string {
		const shown = [...named.keys()].slice(0, NAMES_SHOWN).join(", ");
		const more = named.size - NAMES_SHOWN;
		return named.size === 0 ? "none yet" : more > 0 ? `${shown} and ${more} more` : shown;
	}

	function find(id: string): NamedAdapter {
		const found = named.get(id);
		if (found !== undefined) return found;
		const message = `there is no model ${JSON.stringify(id.slice(0, 200))}; models: ${names()}`;
		throw new ApiError(404, "model_not_found", message, { param: "model", type: "not_found_error" });
	}

	return {
		get size() {
			return named.size;
		},
		put({ id, owner, created, pinned, digest, bytes, rank, folder, load }) {
			const source = createAdapterSource(base, {
				label: id,
				...(folder !== undefined && { folder }),
				...(load !== undefined && { read: load }),
				...(digest !== undefined && { digest }),
				...(bytes !== undefined && { bytes }),
				...(rank !== undefined && { rank }),
			});
			const entry = point({ id, owner, created, source });
			if (pinned === true) onPinned(source);
			return entry;
		},
		point,
		checkName,
		get: (id) => named.get(id),
		find,
		remove(id) {
			const entry = find(id);
			named.delete(id);
			onRetired(entry.source);
			return entry;
		},
		all: () => named.values(),
		names,
	};
}
