// Queries to a feature store: over rows kept in memory, or read from the files for each query where they do not fit. Rows appended to the
// store are seen by the next query. It must not know what a score means.

import { createResidentRows } from "../residentRows.js";
import { createScanTeam } from "../scanTeam.js";
import type { ScoreSummary } from "../scoreFeatureRows.js";
import type { FeatureStore } from "./openFeatureStore.js";

export interface FeatureSearchOptions {
	/** 1 to 64; default as many as the machine has cores. */
	readonly threads?: number;
	/** Keeps all rows in memory, width + 2 bytes each; default true. False reads them from the files each time. */
	readonly resident?: boolean;
	/** What one memory may grow to, at most 4 GiB; default 1 GiB. */
	readonly memoryBytes?: number;
}

export interface FeatureSearch {
	readonly threads: number;
	/** Every row's score, by row: whole numbers. Throws `features/bad-shape`, `features/bad-number`, `features/corrupt`. */
	scan(query: Int8Array): Promise<Float64Array>;
	/** The k best rows, and sums over all, without keeping all scores. */
	top(query: Int8Array, k: number): Promise<ScoreSummary>;
	/** Takes into memory what was appended, which the next query does anyway; returns the rows that it would see. */
	catchUp(): Promise<number>;
	/** Ends the threads; the store stays open. */
	close(): Promise<void>;
}

/** Starts the threads and, where rows are to be resident, reads them. Throws `features/corrupt`, `features/bad-shape`. */
export async function openFeatureSearch(
	store: FeatureStore,
	options: FeatureSearchOptions = {},
): Promise<FeatureSearch> {
	const { resident = true } = options;
	const team = createScanTeam(store.width, options);
	const rows = createResidentRows(team, options);
	const { stride } = team.layout;
	let reading: Promise<unknown> = Promise.resolve();

	async function read(): Promise<number> {
		const there = store.refresh();
		if (!resident) return there;
		for (let own = rows.rows(); own < there; own = rows.rows()) {
			const room = rows.room((there - own) * stride);
			await store.readRecords(own, room);
			rows.added(room.length / stride);
		}
		return there;
	}

	async function catchUp(): Promise<number> {
		const mine = reading.then(read);
		reading = mine.catch(() => {});
		return await mine;
	}

	async function parts() {
		await catchUp();
		return resident ? rows.parts() : store.parts();
	}

	try {
		await catchUp();
	} catch (cause) {
		await team.close();
		throw cause;
	}
	return {
		threads: team.threads,
		scan: async (query) => await team.scan(query, await parts()),
		top: async (query, k) => await team.top(query, k, await parts()),
		catchUp,
		close: team.close,
	};
}
