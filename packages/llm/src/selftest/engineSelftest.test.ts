import { expect, test } from "vitest";
import { engineSelftest } from "./engineSelftest.js";

test("this machine reproduces the golden hash, twice", () => {
	const first = engineSelftest();
	expect(first.hash).toBe(first.golden);
	expect(engineSelftest()).toEqual(first);
});
