// The adapters that a vLLM server serves for us: names that point to folders, folders that are copied to where vLLM reads them,
// loads that everybody who waits for one shares. Nothing is taken out of vLLM while a request uses it. It must not know of orders.

import { resolve } from "node:path";
import { ApiError } from "../../errors.js";
import type { AdapterAdmin, ServedModel } from "../backend.js";
import { readAdapterFolder } from "./adapterFolder.js";
import { putAdapter, removeAdapter } from "./resolverFolder.js";
import { retried } from "./retried.js";
import type { VllmBase } from "./vllmBase.js";
import type { VllmClient } from "./vllmClient.js";
import { cancelled } from "./vllmErrors.js";

/** An adapter folder to serve under a name: known by its config and size; its weights are read when they are first asked for. */
export interface VllmRegistration {
	readonly id: string;
	readonly folder: string;
	readonly bytes: number;
	readonly rank: number;
	readonly created: number;
	readonly owner: string;
}

/** One folder under one name. A name that gets other weights gets another of these. */
export interface VllmAdapter extends VllmRegistration {
	identity?: `0x${string}`;
	servedName?: string;
	state: "on-disk" | "loading" | "resident";
	loading?: Promise<string> | undefined;
	/** Requests that use it now. */
	users: number;
	/** No name points to it any more: it goes when its last user has. */
	isRetired: boolean;
}

export interface VllmAdapters extends AdapterAdmin {
	register(adapters: readonly VllmRegistration[]): void;
	/** Throws `ApiError` 404 `model_not_found`. */
	find(name: string): VllmAdapter;
	model(name: string): ServedModel | undefined;
	/** Runs work on an adapter that is loaded, and loads it once more if vLLM has lost it meanwhile. */
	using<T>(adapter: VllmAdapter, signal: AbortSignal | undefined, work: (servedName: string) => Promise<T>): Promise<T>;
	counts(): AdapterCounts;
	/** Waits for what is under way; what vLLM has loaded stays loaded. */
	close(): Promise<void>;
}

export interface AdapterCounts {
	readonly registered: number;
	readonly resident: number;
	readonly bytes: number;
	readonly hits: number;
	readonly misses: number;
	readonly evictions: number;
	/** Seconds of every load since the last look. */
	readonly loads: readonly number[];
}

export interface VllmAdaptersOptions {
	readonly client: VllmClient;
	readonly base: VllmBase;
	readonly owner: string;
	readonly folder: string;
	readonly folderThere: string;
}

const NAMES_SHOWN = 8;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,127}$/;

export function createVllmAdapters(options: VllmAdaptersOptions): VllmAdapters {
	const { client, base, folder, folderThere, owner } = options;
	const served = new Map<string, VllmAdapter>();
	const leaving = new Set<Promise<void>>();
	const counted = { hits: 0, misses: 0, evictions: 0 };
	let loads: number[] = [];

	function checkName(name: string): void {
		if (name === base.id) throw new ApiError(409, "name_taken", `${name} is the base's name; choose another`);
		if (NAME.test(name)) return;
		const message = "a name has 1 to 128 letters, digits and . _ / : @ -, and begins with a letter or a digit";
		throw new ApiError(400, "invalid_value", message, { param: "lora_name" });
	}

	function find(name: string): VllmAdapter {
		const found = served.get(name);
		if (found !== undefined) return found;
		const names = [base.id, ...[...served.keys()].slice(0, NAMES_SHOWN)].join(", ");
		const more = served.size > NAMES_SHOWN ? ` and ${served.size - NAMES_SHOWN} more` : "";
		const message = `there is no model ${JSON.stringify(name.slice(0, 200))}; models: ${names}${more}`;
		throw new ApiError(404, "model_not_found", message, { param: "model" });
	}

	/** One load, however many wait for it. */
	function load(adapter: VllmAdapter): Promise<string> {
		if (adapter.state === "resident") {
			counted.hits++;
			return Promise.resolve(adapter.servedName!);
		}
		counted.misses++;
		adapter.state = "loading";
		adapter.loading ??= bring(adapter).then(
			(servedName) => {
				Object.assign(adapter, { state: "resident", loading: undefined });
				return servedName;
			},
			(error: unknown) => {
				Object.assign(adapter, { state: "on-disk", loading: undefined });
				throw error;
			},
		);
		return adapter.loading;
	}

	/** For a request: what is wrong with the files is the operator's, and where they lie is nobody else's business. */
	function loadToAnswer(adapter: VllmAdapter): Promise<string> {
		return load(adapter).catch((cause: unknown) => {
			if (!(cause instanceof ApiError && cause.status === 400)) throw cause;
			const message = `the files of ${adapter.id} cannot be used; the server's operator must see to them`;
			throw new ApiError(503, "adapter_unavailable", message, { param: "model", cause });
		});
	}

	async function bring(adapter: VllmAdapter): Promise<string> {
		const begun = performance.now();
		const { servedName, identity } = await putAdapter(
			folder,
			adapter.id,
			await readAdapterFolder(adapter.folder),
			base.root,
		);
		if (adapter.identity !== undefined && adapter.identity !== identity) {
			await removeAdapter(folder, servedName);
			const message = `the files of ${adapter.id} are not those that were registered; load it again to serve them`;
			throw new ApiError(409, "adapter_changed", message, { param: "model" });
		}
		Object.assign(adapter, { servedName, identity });
		const path = `${folderThere.replace(/\/+$/, "")}/${servedName}`;
		try {
			await retried(() =>
				client.post("/v1/load_lora_adapter", { lora_name: servedName, lora_path: path }, { isLoad: true }),
			);
		} catch (error) {
			if (!(await isThere(servedName, error))) throw explained(error);
		}
		loads.push((performance.now() - begun) / 1000);
		return servedName;
	}

	/** vLLM refuses to load what it has, by 400 as for anything else; under this name it can only be these very weights. */
	async function isThere(servedName: string, error: unknown): Promise<boolean> {
		if (!(error instanceof ApiError && error.code === "backend_refused")) return false;
		const { data } = ((await client.get("/v1/models")) ?? {}) as { data?: readonly { id?: unknown }[] };
		return Array.isArray(data) && data.some(({ id }) => id === servedName);
	}

	async function leave(adapter: VllmAdapter): Promise<void> {
		if (!adapter.isRetired || adapter.users > 0 || adapter.servedName === undefined) return;
		const { servedName } = adapter;
		// The same weights may be back under the name: then they stay.
		if ([...served.values()].some((other) => other.servedName === servedName)) return;
		counted.evictions++;
		await client.post("/v1/unload_lora_adapter", { lora_name: servedName }).catch(() => {});
		await removeAdapter(folder, servedName).catch(() => {});
	}

	function retire(adapter: VllmAdapter | undefined): void {
		if (adapter === undefined) return;
		adapter.isRetired = true;
		const gone: Promise<void> = Promise.resolve(adapter.loading)
			.catch(() => {})
			.then(() => leave(adapter))
			.finally(() => leaving.delete(gone));
		leaving.add(gone);
	}

	function put(adapter: VllmAdapter): void {
		const before = served.get(adapter.id);
		served.set(adapter.id, adapter);
		retire(before);
	}

	async function using<T>(
		adapter: VllmAdapter,
		signal: AbortSignal | undefined,
		work: (servedName: string) => Promise<T>,
	): Promise<T> {
		adapter.users++;
		try {
			try {
				return await work(await unlessCancelled(loadToAnswer(adapter), signal));
			} catch (error) {
				// It was started anew and has forgotten what was loaded.
				if (!(error instanceof ApiError && error.code === "backend_not_found")) throw error;
				adapter.state = "on-disk";
				return await work(await unlessCancelled(loadToAnswer(adapter), signal));
			}
		} finally {
			adapter.users--;
			if (adapter.isRetired) retire(adapter);
		}
	}

	const shown = (adapter: VllmAdapter): ServedModel => {
		const { id, created, state, bytes, rank, folder: path } = adapter;
		const plain = { id, parent: base.id, created, owner: adapter.owner, state, pinned: false, bytes, rank, path };
		const { contextTokens } = base;
		return {
			...plain,
			...(contextTokens !== undefined && { contextTokens }),
			...(adapter.identity && { digest: adapter.identity }),
		};
	};

	return {
		find,
		using,
		register(many) {
			for (const one of many) {
				checkName(one.id);
				put(entry(one));
			}
		},
		model(name) {
			const found = served.get(name);
			return found && shown(found);
		},
		list: () => [...served.values()].map(shown),
		async load({ name, path, pinned }) {
			checkName(name);
			if (pinned === true) throw noPin();
			const { bytes, rank } = await readAdapterFolder(path);
			const created = Math.floor(Date.now() / 1000);
			const adapter = entry({ id: name, folder: resolve(path), bytes, rank, created, owner });
			// Wrong files are refused here, and the name goes on pointing to what it had.
			await load(adapter);
			put(adapter);
			return shown(adapter);
		},
		async unload(name) {
			const adapter = find(name);
			served.delete(name);
			retire(adapter);
		},
		async pin(name) {
			find(name);
			throw noPin();
		},
		counts() {
			const resident = [...served.values()].filter(({ state }) => state === "resident");
			const bytes = resident.reduce((sum, one) => sum + one.bytes, 0);
			const taken = loads;
			loads = [];
			return { ...counted, registered: served.size, resident: resident.length, bytes, loads: taken };
		},
		async close() {
			while (leaving.size > 0) await Promise.allSettled(leaving);
		},
	};
}

const entry = (registration: VllmRegistration): VllmAdapter => ({
	...registration,
	state: "on-disk",
	users: 0,
	isRetired: false,
});

function noPin(): ApiError {
	const message = "vLLM cannot pin adapters over its API; give it --max-cpu-loras for as many as are in use at once";
	return new ApiError(400, "unsupported_by_backend", message, { param: "pinned" });
}

/** Without the setting the route is not there, which looks as if the adapter were not. */
function explained(error: unknown): unknown {
	if (!(error instanceof ApiError && error.code === "backend_not_found")) return error;
	const message = `${error.message}; vLLM must run with --enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=True, and see the resolver folder`;
	return new ApiError(502, "backend_unsupported", message, { cause: error });
}

function unlessCancelled<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
	if (signal === undefined) return work;
	return new Promise((done, failed) => {
		const onAbort = () => failed(cancelled());
		if (signal.aborted) onAbort();
		signal.addEventListener("abort", onAbort, { once: true });
		work.then(done, failed).finally(() => signal.removeEventListener("abort", onAbort));
	});
}
