// The adapters in machine memory: a budget in bytes, least recently used out first, never one that is held or pinned. Who finds no room is
// told so and waits; nothing is thrown out that is in use. It must not know requests, names or files.

import type { Adapter, Digest, PagedBatch, ResidentAdapter } from "@openledger/llm";
import type { HistogramData } from "../backend/backend.js";
import { ApiError } from "../errors.js";
import { createHistogram, SECONDS } from "../scheduler/histogram.js";
import { adapterKey } from "./adapterKey.js";
import type { AdapterSource } from "./adapterSource.js";
import { createWorkingSet } from "./workingSet.js";

/** A reference to an adapter: while it is held, it stays. */
export interface Hold {
	readonly source: AdapterSource;
	/** `no-room`: it turned out larger than what was kept for it; release the hold and try again. */
	readonly state: "loading" | "ready" | "failed" | "no-room";
	/** The weights, when ready. */
	readonly resident: ResidentAdapter | undefined;
	/** Why it failed. */
	readonly failure: unknown;
	/** Resolves when it is no longer loading; never rejects. */
	readonly settled: Promise<void>;
	/** A second time does nothing. */
	release(): void;
}

export interface AdapterCacheOptions {
	readonly batch: Pick<PagedBatch, "makeResident" | "residentBytes">;
	/** The budget. */
	readonly bytes: number;
	/** Milliseconds that only rise. */
	readonly now: () => number;
	/** Told when a load has ended, well or not. */
	readonly onChange?: () => void;
}

export interface AdapterCacheStats {
	/** Taken, and kept for what is being loaded. */
	readonly bytes: number;
	readonly budgetBytes: number;
	readonly resident: number;
	readonly loading: number;
	readonly held: number;
	readonly pinned: number;
	readonly pinnedBytes: number;
	/** Requests that found their adapter in memory. */
	readonly hits: number;
	/** Requests that had to wait for a load; those that wait for the same one make one load. */
	readonly misses: number;
	readonly loads: number;
	readonly loadFailures: number;
	readonly evictions: number;
	/** From the beginning of the read to the copy in machine memory. */
	readonly loadSeconds: HistogramData;
	/** Different adapters used in the last minute. */
	readonly workingSet: number;
}

export interface AdapterCache {
	state(source: AdapterSource): "resident" | "loading" | "on-disk";
	/** Whether any load is under way. */
	isLoading(): boolean;
	/**
	 * A hold, ready or loading; absent where there is no room now: all others are held, pinned or spared. Throws `ApiError`
	 * adapter_too_large where there will never be.
	 */
	hold(source: AdapterSource, isSpared?: (source: AdapterSource) => boolean): Hold | undefined;
	/** Throws what `hold` would throw. */
	check(source: AdapterSource): void;
	/** Marks that a request runs with it, for the working set. */
	used(source: AdapterSource): void;
	/** Keeps it from now on, once it is loaded. Throws `ApiError` no_room_to_pin past three quarters of the budget. */
	pin(source: AdapterSource, pinned: boolean): void;
	isPinned(source: AdapterSource): boolean;
	/** Nobody will ask for it again: its memory goes as soon as nobody holds it. */
	drop(source: AdapterSource): void;
	stats(): AdapterCacheStats;
	/** Frees all that nobody holds; what is being read now is not taken into memory any more. */
	close(): void;
}

interface Entry {
	readonly source: AdapterSource;
	state: Hold["state"];
	/** Kept for it while it is loading. */
	kept: number;
	holds: number;
	dropped: boolean;
	weights: Weights | undefined;
	failure: unknown;
	settled: Promise<void>;
}

/** One copy in machine memory, whatever the number of names and folders with the same content. */
interface Weights {
	readonly key: string;
	readonly resident: ResidentAdapter;
	readonly users: Set<Entry>;
}

/** What pinned adapters may take, so that the others still have somewhere to go. */
const PINNED_SHARE = { of: 4, atMost: 3 } as const;

export function createAdapterCache({ batch, bytes: budget, now, onChange }: AdapterCacheOptions): AdapterCache {
	/** The least recently used first. */
	const entries = new Map<AdapterSource, Entry>();
	const byKey = new Map<string, Weights>();
	const pins = new Set<AdapterSource>();
	const workingSet = createWorkingSet();
	const loadSeconds = createHistogram(SECONDS);
	const count = { hits: 0, misses: 0, loads: 0, loadFailures: 0, evictions: 0 };
	let used = 0;
	let loading = 0;
	let isClosed = false;

	const pinnedBytes = () => [...pins].reduce((sum, source) => sum + source.bytes, 0);

	function remove(entry: Entry): void {
		entries.delete(entry.source);
		used -= entry.kept;
		entry.kept = 0;
		const { weights } = entry;
		if (weights === undefined) return;
		entry.weights = undefined;
		weights.users.delete(entry);
		if (weights.users.size > 0) return;
		byKey.delete(weights.key);
		used -= weights.resident.bytes;
		weights.resident.free();
	}

	function* evictable(isSpared: (source: AdapterSource) => boolean): Generator<Entry, void, undefined> {
		for (const entry of entries.values())
			if (entry.holds === 0 && entry.state === "ready" && !pins.has(entry.source) && !isSpared(entry.source))
				yield entry;
	}

	function evictOne(isSpared: (source: AdapterSource) => boolean): boolean {
		const first = evictable(isSpared).next().value;
		if (first === undefined) return false;
		remove(first);
		count.evictions++;
		return true;
	}

	function makeRoom(bytes: number, isSpared: (source: AdapterSource) => boolean): boolean {
		// Looked at first: what cannot succeed must throw nothing out.
		let room = budget - used;
		const seen = new Map<Weights, number>();
		for (const { weights } of evictable(isSpared)) {
			if (room >= bytes) break;
			const users = 1 + (seen.get(weights!) ?? 0);
			seen.set(weights!, users);
			if (users === weights!.users.size) room += weights!.resident.bytes;
		}
		if (room < bytes) return false;
		while (budget - used < bytes) evictOne(isSpared);
		return true;
	}

	async function load(entry: Entry, isSpared: (source: AdapterSource) => boolean): Promise<void> {
		const begun = now();
		loading++;
		try {
			const adapter = await entry.source.load();
			// The batch may be gone by now, and its memory be somebody else's.
			if (isClosed) throw new ApiError(503, "closed", "this server is going down; ask again later", { retryAfter: 5 });
			// What was kept until now was as much as was known of it.
			used -= entry.kept;
			entry.kept = 0;
			entry.weights = copyOf(entry.source.key ?? adapterKey(adapter), adapter, isSpared);
			entry.weights?.users.add(entry);
			entry.state = entry.weights === undefined ? "no-room" : "ready";
			count.loads++;
			loadSeconds.add((now() - begun) / 1000);
		} catch (error) {
			entry.state = "failed";
			entry.failure = error;
			count.loadFailures++;
		} finally {
			loading--;
			if (entry.state !== "ready" || (entry.dropped && entry.holds === 0)) remove(entry);
			onChange?.();
		}
	}

	/** The pool may have no hole so large although its bytes would do; then more goes out than the bytes ask for. */
	function copyOf(key: Digest, adapter: Adapter, isSpared: (s: AdapterSource) => boolean): Weights | undefined {
		const known = byKey.get(key);
		if (known !== undefined) return known;
		if (!makeRoom(batch.residentBytes(adapter), isSpared)) return undefined;
		for (;;) {
			try {
				// By its whole identity: a batch takes equal digests for equal adapters.
				const resident = batch.makeResident({ ...adapter, digest: key });
				used += resident.bytes;
				const weights: Weights = { key, resident, users: new Set() };
				byKey.set(key, weights);
				return weights;
			} catch (error) {
				if ((error as { readonly code?: unknown }).code !== "out-of-memory") throw error;
				if (!evictOne(isSpared)) return undefined;
			}
		}
	}

	function check(source: AdapterSource): void {
		const room = budget - pinnedBytes() + (pins.has(source) ? source.bytes : 0);
		if (source.bytes <= room) return;
		const message = `${source.label} takes ${source.bytes} bytes and the adapter cache has ${room} for it; give it more, or unpin others`;
		throw new ApiError(503, "adapter_too_large", message, { param: "model" });
	}

	function holdOf(entry: Entry): Hold {
		let released = false;
		entry.holds++;
		return {
			source: entry.source,
			get state() {
				return entry.state;
			},
			get resident() {
				return entry.weights?.resident;
			},
			get failure() {
				return entry.failure;
			},
			settled: entry.settled,
			release() {
				if (released) return;
				released = true;
				entry.holds--;
				if (entry.state !== "ready" || entries.get(entry.source) !== entry) return;
				if (entry.dropped && entry.holds === 0) return remove(entry);
				entries.delete(entry.source);
				entries.set(entry.source, entry);
			},
		};
	}

	return {
		state(source) {
			const entry = entries.get(source);
			if (entry === undefined) return "on-disk";
			return entry.state === "ready" ? "resident" : "loading";
		},
		isLoading: () => loading > 0,
		hold(source, isSpared = () => false) {
			const known = entries.get(source);
			if (known !== undefined) {
				if (known.state === "ready") count.hits++;
				else count.misses++;
				return holdOf(known);
			}
			check(source);
			if (!makeRoom(source.bytes, isSpared)) return undefined;
			count.misses++;
			const entry: Entry = {
				source,
				state: "loading",
				kept: source.bytes,
				holds: 0,
				dropped: false,
				weights: undefined,
				failure: undefined,
				settled: Promise.resolve(),
			};
			used += entry.kept;
			entries.set(source, entry);
			entry.settled = load(entry, isSpared);
			return holdOf(entry);
		},
		check,
		used: (source) => workingSet.use(source, now()),
		pin(source, pinned) {
			if (!pinned) {
				pins.delete(source);
				return;
			}
			const wanted = pinnedBytes() + (pins.has(source) ? 0 : source.bytes);
			if (wanted * PINNED_SHARE.of > budget * PINNED_SHARE.atMost) {
				const message = `pinned adapters would take ${wanted} of ${budget} bytes; at most three quarters may be pinned`;
				throw new ApiError(409, "no_room_to_pin", message, { param: "model" });
			}
			pins.add(source);
		},
		isPinned: (source) => pins.has(source),
		drop(source) {
			pins.delete(source);
			const entry = entries.get(source);
			if (entry === undefined) return;
			entry.dropped = true;
			if (entry.holds === 0 && entry.state === "ready") remove(entry);
		},
		stats() {
			const all = [...entries.values()];
			return {
				bytes: used,
				budgetBytes: budget,
				resident: all.filter((e) => e.state === "ready").length,
				loading,
				held: all.filter((e) => e.holds > 0).length,
				pinned: pins.size,
				pinnedBytes: pinnedBytes(),
				...count,
				loadSeconds: loadSeconds.data(),
				workingSet: workingSet.size(now()),
			};
		},
		close() {
			isClosed = true;
			for (const entry of [...entries.values()]) {
				entry.dropped = true;
				if (entry.holds === 0 && entry.state === "ready") remove(entry);
			}
		},
	};
}
