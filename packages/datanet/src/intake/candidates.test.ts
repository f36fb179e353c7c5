import { expect, test } from "vitest";
import { createCandidates } from "./candidates.js";

test("default: rows with a key in the same place, first seen first", () => {
	const candidates = createCandidates();
	candidates.add(0, Uint32Array.of(1, 2));
	candidates.add(1, Uint32Array.of(2, 1));
	candidates.add(2, Uint32Array.of(9, 2));
	candidates.add(3, Uint32Array.of(1, 2));
	expect(candidates.find(Uint32Array.of(1, 2))).toEqual([0, 2, 3]);
	expect(candidates.find(Uint32Array.of(2, 9))).toEqual([1]);
	expect(candidates.find(Uint32Array.of(7, 7))).toEqual([]);
});

test("behavior: boilerplate costs no more than a full drawer, whatever the number of rows", () => {
	const candidates = createCandidates();
	for (let row = 0; row < 5000; row++)
		candidates.add(
			row,
			Uint32Array.from({ length: 23 }, (_, place) => place + (row % 9)),
		);
	const found = candidates.find(Uint32Array.from({ length: 23 }, (_, place) => place + 3));
	expect(found.length).toBeLessThanOrEqual(64);
	expect(found[0]).toBe(3);
});
