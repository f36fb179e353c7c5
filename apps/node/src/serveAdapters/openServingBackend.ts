// The backend that a stand-alone server serves from: the embedded engine over a base from a folder, or a vLLM elsewhere. What opening
// took, closing gives back.

import { createEngine, loadBase } from "@openledger/llm";
import { loadNative } from "@openledger/native";
import {
	type AdapterAdmin,
	type Backend,
	type CanonicalBackend,
	createCanonicalBackend,
	openVllmBackend,
	type VllmBackendOptions,
} from "@openledger/openlora";
import { CallerError } from "@openledger/protocol";
import { createMachine, OutOfMemoryError } from "@openledger/tensor";
import type { FoundAdapter, ScanOptions } from "./scanAdapters.js";

export type CanonicalServing = {
	readonly kind: "canonical";
	/** Folder of the base, in Hugging Face form. */
	readonly base: string;
	/** Megabytes for adapters in memory. */
	readonly cacheMb: number;
	/** Megabytes for keys and values; by default what twice `batch` contexts of full length take, at most 268. */
	readonly kvMb?: number;
	/** Sequences in one step. */
	readonly batch: number;
	/** Requests that may wait. */
	readonly waiting: number;
	readonly threads: number;
	readonly nativeFolder?: string | undefined;
};

export type VllmServing = VllmBackendOptions & { readonly kind: "vllm" };

export type ServingBackend = {
	readonly backend: Backend & { readonly adapters: AdapterAdmin };
	readonly baseName: string;
	/** What the scan must know to say which adapters fit. */
	readonly shape: Pick<ScanOptions, "base">;
	/** Requests that may be under way, waiting ones included; as the server's default where it is not known. */
	readonly concurrent?: number;
	/** Which kernels compute, or where. */
	readonly computes: string;
	register(adapters: readonly FoundAdapter[], owner: string): void;
	close(): Promise<void>;
};

/** All that one memory of WebAssembly may have. */
const MAX_BYTES = 2 ** 32;
const MB = 1_000_000;

/** Throws the llm room's `ModelError`, the tensor room's OutOfMemoryError, or `ApiError` 503 where no vLLM answers. */
export function openServingBackend(serving: CanonicalServing | VllmServing): Promise<ServingBackend> {
	return serving.kind === "vllm" ? openVllm(serving) : openCanonical(serving);
}

async function openCanonical(serving: CanonicalServing): Promise<ServingBackend> {
	const { cacheMb, kvMb, batch, waiting, threads, nativeFolder } = serving;
	const base = await loadBase(serving.base);
	const native = nativeFolder === undefined ? undefined : loadNative({ folder: nativeFolder });
	const kernels = native?.ok ? native.source : undefined;
	const machine = createMachine({ threads, maxBytes: MAX_BYTES, ...(kernels && { kernels }) });
	try {
		const backend = createCanonicalBackend(createEngine(base, machine), {
			...{ id: base.name, owner: "openledger" },
			batch: { sequences: batch, ...(kvMb !== undefined && { cacheBytes: kvMb * MB }) },
			adapterBytes: cacheMb * MB,
			limits: { waiting, perTenant: waiting },
		});
		// Whoever starts a server should hear at once that it does not fit, not the first who asks.
		takeMemory(backend);
		return {
			backend,
			baseName: base.name,
			shape: { base: base.config },
			concurrent: waiting + batch,
			computes: native?.ok ? `native kernels, ${native.set}` : "WebAssembly",
			register: (adapters, owner) => backend.register(adapters.map((found) => ({ ...found, owner }))),
			async close() {
				await backend.close();
				machine.close();
			},
		};
	} catch (error) {
		machine.close();
		throw error;
	}
}

function takeMemory(backend: CanonicalBackend): void {
	try {
		backend.open();
	} catch (cause) {
		if (!(cause instanceof OutOfMemoryError)) throw cause;
		const message = `the caches do not fit beside the base: ${cause.message}; give --kv-mb or --cache-mb less`;
		throw new CallerError(message, { code: "serve/out-of-memory", cause });
	}
}

async function openVllm({ kind: _, ...options }: VllmServing): Promise<ServingBackend> {
	const backend = await openVllmBackend(options);
	return {
		backend,
		baseName: backend.models()[0]!.id,
		shape: {},
		computes: `vLLM at ${new URL(options.url).origin}`,
		register: (adapters, owner) => backend.register(adapters.map((found) => ({ ...found, owner }))),
		close: () => backend.close(),
	};
}
