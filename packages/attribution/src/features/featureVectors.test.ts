// What the settlement contracts compute of features (contracts/test/vectors/rewards.json, written by forge) against leaves and scores here.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { featureLeafOf } from "./featureLeaf.js";
import { scoreFeatureRows } from "./scoreFeatureRows.js";

type Case = Readonly<Record<"row" | "scale" | "width" | "seed", string>>;
const { cases, expected }: { cases: Case[]; expected: { leaf: string; shiftedScore: string }[] } = JSON.parse(
	readFileSync(new URL("../../../../contracts/test/vectors/rewards.json", import.meta.url), "utf8"),
).features;

test("leaves and scores agree with ReceiptLeaves.sol", () => {
	expect(cases.length).toBeGreaterThanOrEqual(4);
	expect(expected).toHaveLength(cases.length);
	cases.forEach(({ row, scale, width, seed }, place) => {
		const numbers = (of: number) => Int8Array.from({ length: Number(width) }, (_, i) => ((i * 37 + of) % 255) - 127);
		const own = numbers(Number(seed));
		expect(featureLeafOf(Number(row), Number(scale), own)).toBe(expected[place]!.leaf);
		const rows = { rows: 1, width: Number(width), numbers: own, scales: Uint16Array.of(Number(scale)) };
		const [score] = scoreFeatureRows(rows, numbers(3 * Number(seed)));
		expect(BigInt(score!) + (1n << 63n)).toBe(BigInt(expected[place]!.shiftedScore));
	});
});
