import { expect, test } from "vitest";
import type { Verification } from "../client/records.js";
import { verificationText } from "./verification.js";

const plain = (text: string) => text;
const terminal = {
	width: 80,
	style: { bold: plain, dim: plain, red: plain, green: plain, yellow: plain, cyan: plain },
};
const found: Verification = {
	receiptId: `0x${"1".repeat(64)}`,
	mode: "spot",
	nonce: `0x${"2".repeat(64)}`,
	identical: true,
	checks: [
		{ what: "receipt", ok: true, detail: "id is the hash of its 18 fields" },
		{ what: "openings", ok: true, detail: `45 rows shown and made again, ${"and again ".repeat(20)}` },
	],
	assurance: {
		checked: ["the answer, token for token, and its own feature", "feature and score of 32 rows drawn at random"],
		notChecked: [
			"that the training steps between two checkpoints lead from one to the next, and more words to be broken",
		],
		chances: [
			{ fraction: 0.01, bad: 4, caught: 0.2771 },
			{ fraction: 0.05, bad: 18, caught: 0.9999 },
			{ fraction: 0.1, bad: 36, caught: 1 },
		],
	},
	cost: { bytes: 157_015, runBytes: 1_200_000, milliseconds: 1234, rowsMadeAgain: 45, retrainings: 0 },
};

test("default: each check, the verdict, what it is worth and what it cost, within the terminal", () => {
	const text = verificationText(terminal, found);
	expect(text).toMatchInlineSnapshot(`
		"✓ receipt     id is the hash of its 18 fields
		✓ openings    45 rows shown and made again, and again and again and again and…

		identical

		Checked      · the answer, token for token, and its own feature
		             · feature and score of 32 rows drawn at random
		Not checked  · that the training steps between two checkpoints lead from one to
		               the next, and more words to be broken
		A fraud      · one that bends 1% of the rows (4) is found with 27.7%
		             · one that bends 5% of the rows (18) is found with more than 99.9%
		             · one that bends 10% of the rows (36) is found with certainty
		Cost           157.0 kB moved, 1.2 MB once for the run, 1.2 s, 0 retrainings"
	`);
	expect(text.split("\n").every((line) => line.length <= 80)).toBe(true);
});

test("behavior: a difference is told in full, and promises nothing", () => {
	const detail = `the answer is "x", committed was ${"a long answer ".repeat(12)}`;
	const { assurance: _, ...rest } = found;
	const text = verificationText(terminal, {
		...rest,
		identical: false,
		firstDifference: "answer",
		checks: [{ what: "answer", ok: false, detail }],
	});
	expect(text).toContain(detail);
	expect(text).toContain("different: answer");
	expect(text).not.toMatch(/Checked|fraud/);
});

test("behavior: sizes of fraud that come to the same rows are told once", () => {
	const chances = [0.01, 0.05, 0.1].map((fraction) => ({ fraction, bad: 1, caught: 0.25 }));
	const text = verificationText(terminal, { ...found, assurance: { ...found.assurance!, chances } });
	expect(text.match(/is found with/g)).toHaveLength(1);
});
