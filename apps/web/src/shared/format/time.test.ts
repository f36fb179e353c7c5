// Times as people read them.
import { expect, test } from "vitest";
import { formatLeft, formatSpan } from "./time.js";

test.each<[number, string, string]>([
	[-3, "0 s", "0 s"],
	[59, "59 s", "59 s"],
	[60, "1 min", "1 min 0 s"],
	[91, "2 min", "1 min 31 s"],
	[599, "10 min", "9 min 59 s"],
	[600, "10 min", "10 min"],
	[7200, "2 h", "2 h"],
])("behavior: %s seconds are %s, and %s where somebody waits for them", (seconds, span, left) => {
	expect([formatSpan(seconds), formatLeft(seconds)]).toEqual([span, left]);
});
