import { expect, test } from "vitest";
import { readValue } from "./readValue.js";

test("default: each constant in its own unit, exactly", () => {
	for (const [key, text, value] of [
		["challengeSeconds", "90", 90n],
		["challengeSeconds", "1.5 h", 5400n],
		["unbondingSeconds", "14 d", 1_209_600n],
		["seatStakeWei", "12.5", 12_500_000_000_000_000_000n],
		["seatStakeWei", "0.000000000000000001 OPEN", 1n],
		["wrongVotePpm", "1.25", 12_500n],
		["quorumPercent", "5 %", 5n],
		["jurySize", "7", 7n],
	] as const)
		expect([key, text, readValue(key, text)]).toEqual([key, text, value]);
});

test("behavior: another unit, too many decimals and what is no number are refused", () => {
	for (const [key, text] of [
		["challengeSeconds", "1 OPEN"],
		["challengeSeconds", "0.5"],
		["seatStakeWei", "1 h"],
		["wrongVotePpm", "0.00001"],
		["quorumPercent", "2.5"],
		["jurySize", "7 s"],
		["jurySize", "-7"],
		["jurySize", "1e3"],
		["jurySize", ""],
	] as const)
		expect([key, text, readValue(key, text)]).toEqual([key, text, undefined]);
});
