// Adapters put in and taken out of the embedded backend while it answers. It must not know requests or HTTP.

import { resolve } from "node:path";
import { type BaseModel, ModelError } from "@openledger/llm";
import type { AdapterCache } from "../adapters/adapterCache.js";
import { type AdapterSource, createAdapterSource } from "../adapters/adapterSource.js";
import type { AdapterRegistry, NamedAdapter } from "../adapters/registry.js";
import { ApiError } from "../errors.js";
import type { AdapterAdmin, ServedModel } from "./backend.js";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,127}$/;

export interface CanonicalAdminOptions {
	readonly base: BaseModel;
	/** Of adapters that are put in here. */
	readonly owner: string;
	readonly registry: AdapterRegistry;
	readonly cache: () => AdapterCache;
	readonly shown: (adapter: NamedAdapter) => ServedModel;
}

export function createCanonicalAdmin({ base, owner, registry, cache, shown }: CanonicalAdminOptions): AdapterAdmin {
	/** Reads it whole, into memory where there is room for it; throws what is wrong with its files. */
	async function tryOut(source: AdapterSource): Promise<void> {
		const hold = cache().hold(source);
		try {
			if (hold === undefined) await source.load();
			else {
				await hold.settled;
				if (hold.state === "failed") throw hold.failure;
			}
			// Now that its size is known.
			cache().check(source);
		} catch (cause) {
			if (!(cause instanceof ModelError)) throw cause;
			throw new ApiError(400, cause.code, cause.message, { param: "lora_path", cause });
		} finally {
			hold?.release();
		}
	}

	return {
		async load({ name, path, pinned }) {
			if (!NAME.test(name)) {
				const message = "a name has 1 to 128 letters, digits and . _ / : @ -, and begins with a letter or a digit";
				throw new ApiError(400, "invalid_value", message, { param: "lora_name" });
			}
			registry.checkName(name);
			const source = createAdapterSource(base, { label: name, folder: resolve(path) });
			try {
				await tryOut(source);
				if (pinned === true) cache().pin(source, true);
				return shown(registry.point({ id: name, owner, created: Math.floor(Date.now() / 1000), source }));
			} catch (error) {
				cache().drop(source);
				throw error;
			}
		},
		async unload(name) {
			registry.remove(name);
		},
		async pin(name, pinned) {
			const named = registry.find(name);
			const { source } = named;
			if (pinned) {
				// Pins count bytes, and those are known once it was read.
				if (source.key === undefined) await tryOut(source);
				// While it was read the name may have been taken out or replaced: nobody could ever unpin what it pointed to.
				if (registry.find(name).source !== source) {
					const message = `${name} was replaced while it was read; pin it again`;
					throw new ApiError(409, "adapter_changed", message, { param: "name" });
				}
				cache().pin(source, true);
				const hold = cache().hold(source);
				await hold?.settled;
				hold?.release();
			} else cache().pin(source, false);
			return shown(named);
		},
		list: () => [...registry.all()].map(shown),
	};
}
