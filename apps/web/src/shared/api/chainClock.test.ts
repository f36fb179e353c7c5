// By whose clock a page tells what is over.
import { expect, test } from "vitest";
import { chainNow, noteChainTime } from "./chainClock.js";

const NOW = 1_000_000_400;

test.each<[string, number, number]>([
	["the computer's, as long as nobody said otherwise, or it is nearly the same", 999_998, 1_000_000],
	["a chain ahead, as one whose clock was moved on", 1_000_600, 1_000_600],
	["a chain behind", 999_000, 999_000],
])("behavior: %s", (_, told, shown) => {
	noteChainTime(told, NOW);
	expect(chainNow(NOW)).toBe(shown);
	expect(chainNow(NOW + 7000)).toBe(shown + 7);
	noteChainTime(NOW / 1000, NOW);
});
