// Threads against the slow scan: whoever takes which block, and whatever is appended meanwhile, the numbers are the same.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createFeatureScanner } from "./createFeatureScanner.js";
import { type FeatureRows, featureRecords } from "./featureRows.js";
import { createScanTeam } from "./scanTeam.js";
import { scoreFeatureRows, summariseScores } from "./scoreFeatureRows.js";
import { testFeatures, testQuery } from "./testing/features.js";

function part({ width, numbers, scales }: FeatureRows, from: number, to: number): FeatureRows {
	return {
		rows: to - from,
		width,
		numbers: numbers.subarray(from * width, to * width),
		scales: scales.subarray(from, to),
	};
}

const refuses = (code: string) => expect.objectContaining({ code });

describe("createFeatureScanner", () => {
	test("default: 1, 2 and 5 threads give the slow scan's scores, best and sums", async () => {
		const features = testFeatures(5000, 254);
		for (const threads of [1, 2, 5]) {
			const scanner = createFeatureScanner(254, { threads });
			scanner.append(features);
			for (const extreme of [false, true]) {
				const query = testQuery(254, 9, extreme);
				const scores = scoreFeatureRows(features, query);
				expect(await scanner.scan(query)).toEqual(scores);
				for (const k of [0, 1, 25, 5000, 6000]) expect(await scanner.top(query, k)).toEqual(summariseScores(scores, k));
			}
			await scanner.close();
		}
	});

	test("behavior: many memories, filled in uneven portions; a width that ends no vector", async () => {
		const features = testFeatures(9001, 37);
		const query = testQuery(37);
		const scanner = createFeatureScanner(37, { threads: 2, memoryBytes: 3 * 65536 });
		for (let at = 0; at < features.rows; ) {
			const to = Math.min(features.rows, at + 1 + ((at * 7) % 1500));
			scanner.append(part(features, at, to));
			at = to;
		}
		expect(scanner.rows()).toBe(9001);
		expect(await scanner.scan(query)).toEqual(scoreFeatureRows(features, query));
		await scanner.close();
	});

	test("behavior: appended to while scanned, each answer is of the rows there when it was asked", async () => {
		const features = testFeatures(6000, 64);
		const query = testQuery(64);
		const scores = scoreFeatureRows(features, query);
		const scanner = createFeatureScanner(64, { threads: 2, memoryBytes: 5 * 65536 });
		const asked: Promise<void>[] = [];
		for (let at = 0; at < 6000; at += 100) {
			scanner.append(part(features, at, at + 100));
			const expected = summariseScores(scores.subarray(0, at + 100), 7);
			asked.push(scanner.top(query, 7).then((got) => expect(got).toEqual(expected)));
		}
		await Promise.all(asked);
		await scanner.close();
	});

	test("behavior: nothing to scan, what cannot be asked, and closed", async () => {
		const scanner = createFeatureScanner(4, { threads: 1 });
		expect(await scanner.top(Int8Array.of(1, 2, 3, 4), 3)).toEqual({ rows: 0, top: [], sum: 0n, sumOfSquares: 0n });
		expect(() => scanner.append(testFeatures(1, 5))).toThrow(refuses("features/bad-shape"));
		await expect(scanner.top(new Int8Array(3), 1)).rejects.toThrow(refuses("features/bad-shape"));
		await expect(scanner.top(Int8Array.of(0, 0, 0, -128), 1)).rejects.toThrow(refuses("features/bad-number"));
		await expect(scanner.top(new Int8Array(4), 2 ** 20 + 1)).rejects.toThrow(refuses("features/too-large"));
		await scanner.close();
		await scanner.close();
		await expect(scanner.scan(new Int8Array(4))).rejects.toThrow(refuses("features/closed"));
		expect(() => createFeatureScanner(4, { threads: 0 })).toThrow(refuses("features/bad-shape"));
		expect(() => createFeatureScanner(4, { threads: 1, memoryBytes: 65536 })).toThrow(refuses("features/too-large"));
	});
});

describe("createScanTeam", () => {
	test("behavior: rows in files; a file that ends too early is named", async () => {
		const folder = await mkdtemp(join(tmpdir(), "openledger-scan-"));
		const features = testFeatures(3000, 500);
		const query = testQuery(500);
		const records = featureRecords(features);
		const [a, b] = [join(folder, "a"), join(folder, "b")];
		await writeFile(a, records.subarray(0, 1700 * 502));
		await writeFile(b, records.subarray(1700 * 502));
		const team = createScanTeam(500, { threads: 2 });
		const parts = [
			{ first: 0, rows: 1700, from: { file: a }, at: 0 },
			{ first: 1700, rows: 1300, from: { file: b }, at: 0 },
		];
		const scores = scoreFeatureRows(features, query);
		expect(await team.scan(query, parts)).toEqual(scores);
		expect(await team.top(query, 20, parts)).toEqual(summariseScores(scores, 20));
		const late = team.top(query, 1, [parts[0]!, { ...parts[1]!, rows: 1301 }]);
		await expect(late).rejects.toThrow(refuses("features/corrupt"));
		await expect(late).rejects.toThrow(b);
		expect(await team.top(query, 20, parts)).toEqual(summariseScores(scores, 20));
		await team.close();
		await rm(folder, { recursive: true });
	});
});
