import { expect, test } from "vitest";
import { pickQuestions } from "./pickQuestions.js";
import { sayOpen } from "./sayOpen.js";

const rows = (contributorName: string, count: number) =>
	Array.from({ length: count }, (_, i) => ({ prompt: `${contributorName} ${i}?`, response: `${i}.`, contributorName }));

test("default: 24 prompts, as even over contributors as their rows allow, each once", () => {
	const picked = pickQuestions([...rows("ada", 2), ...rows("bob", 100), ...rows("cleo", 50)]);
	const of = (name: string) => picked.filter(({ contributor }) => contributor === name).length;
	expect([picked.length, of("ada"), of("bob"), of("cleo")]).toEqual([24, 2, 11, 11]);
	expect(new Set(picked.map(({ prompt }) => prompt)).size).toBe(24);
	expect(picked[0]).toEqual({ prompt: "ada 0?", expected: "0.", contributor: "ada" });
});

test("behavior: all of them if there are fewer", () => {
	expect(pickQuestions(rows("ada", 5))).toHaveLength(5);
	expect(pickQuestions([])).toEqual([]);
});

test("default: OPEN with six decimals, never more than there is", () => {
	expect(sayOpen(1_999_999_999_999_999_999n)).toBe("1.999999 OPEN");
	expect(sayOpen(10n ** 12n)).toBe("0.000001 OPEN");
});

test("behavior: a plain text is asked by its beginning, to be continued", () => {
	const text = " The Nile flows north through eleven countries and ends in the sea.";
	expect(pickQuestions([{ prompt: "", response: text, contributorName: "ada" }])).toEqual([
		{
			prompt: "The Nile flows north through eleven countries and",
			expected: "ends in the sea.",
			contributor: "ada",
		},
	]);
});
