// A feature index in memory, scanned by threads and appended to while it is. It must not know where rows come from, and keeps nothing on disk.

import { FeatureError } from "./errors.js";
import { type FeatureRows, featureRecords, MAX_FEATURE_ROWS } from "./featureRows.js";
import { createResidentRows } from "./residentRows.js";
import { createScanTeam } from "./scanTeam.js";
import type { ScoreSummary } from "./scoreFeatureRows.js";

export interface FeatureScanner {
	readonly width: number;
	readonly threads: number;
	rows(): number;
	/** Adds rows at the end. A scan that has begun does not see them. Throws as `checkFeatureRows`, and `features/bad-shape` at another width. */
	append(features: FeatureRows): void;
	/** Every row's score, by row: whole numbers. */
	scan(query: Int8Array): Promise<Float64Array>;
	/** The k best rows, and sums over all, without keeping all scores. */
	top(query: Int8Array, k: number): Promise<ScoreSummary>;
	close(): Promise<void>;
}

export interface FeatureScannerOptions {
	/** 1 to 64; default as many as the machine has cores. */
	readonly threads?: number;
	/** What one memory may grow to, at most 4 GiB; default 1 GiB. There may be many. */
	readonly memoryBytes?: number;
}

export function createFeatureScanner(width: number, options: FeatureScannerOptions = {}): FeatureScanner {
	const team = createScanTeam(width, options);
	const resident = createResidentRows(team, options);
	return {
		width,
		threads: team.threads,
		rows: resident.rows,
		append(features) {
			checkSameWidth(features, width);
			checkRoom(resident.rows() + features.rows);
			const records = featureRecords(features);
			for (let at = 0; at < records.length; ) {
				const room = resident.room(records.length - at);
				room.set(records.subarray(at, at + room.length));
				resident.added(room.length / team.layout.stride);
				at += room.length;
			}
		},
		scan: (query) => team.scan(query, resident.parts()),
		top: (query, k) => team.top(query, k, resident.parts()),
		close: team.close,
	};
}

export function checkSameWidth(features: FeatureRows, width: number): void {
	if (features.width !== width)
		throw new FeatureError("features/bad-shape", `the rows are ${features.width} wide, those that are there ${width}`);
}

export function checkRoom(rows: number): void {
	if (rows > MAX_FEATURE_ROWS)
		throw new FeatureError("features/too-large", `there would be ${rows} rows; ${MAX_FEATURE_ROWS} are the most`);
}
