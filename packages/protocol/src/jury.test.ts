// The contracts' own numbers (contracts/test/vectors/jury.json) against the twins here, and what a draw must hold to.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { type Address, type Hex, keccak256, numberToHex } from "viem";
import { expect, test } from "vitest";
import { drawJurors, drawPosition, drawSeed, verdictOf, voteCommitment } from "./jury.js";

const file = new URL("../../../contracts/test/vectors/jury.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as {
	votes: { cases: { caseId: string; juror: Address; choice: string; salt: Hex }[]; expected: { commitment: Hex }[] };
	draws: {
		cases: { blockHash: Hex; jury: Address; caseId: string; slot: string; attempt: string; positions: string }[];
		expected: { seed: Hex; position: string }[];
	};
	verdicts: { cases: { choices: string; votes: string[] }[]; expected: { verdict: string }[] };
};

test("voteCommitment agrees with JuryMath.sol", () => {
	const { cases, expected } = vectors.votes;
	expect(cases.length).toBe(3);
	for (const [i, { caseId, juror, choice, salt }] of cases.entries()) {
		expect(voteCommitment(BigInt(caseId), juror.toLowerCase() as Address, Number(choice), salt)).toBe(
			expected[i]!.commitment,
		);
	}
});

test("drawSeed and drawPosition agree with JuryMath.sol", () => {
	const { cases, expected } = vectors.draws;
	expect(cases.length).toBe(4);
	for (const [i, { blockHash, jury, caseId, slot, attempt, positions }] of cases.entries()) {
		const seed = drawSeed(blockHash, jury.toLowerCase() as Address, BigInt(caseId));
		const position = drawPosition(seed, Number(slot), Number(attempt), Number(positions));
		expect({ seed, position: String(position) }).toEqual(expected[i]);
	}
});

test("verdictOf agrees with JuryMath.sol", () => {
	const { cases, expected } = vectors.verdicts;
	expect(cases.length).toBe(9);
	for (const [i, { choices, votes }] of cases.entries()) {
		expect(String(verdictOf(votes.map(Number), Number(choices)))).toBe(expected[i]!.verdict);
	}
});

const account = (i: number): Address => numberToHex(i + 1, { size: 20 });
const seed = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => keccak256(bytes));

test("property: nobody is drawn twice, nor where nobody sits", () => {
	fc.assert(
		fc.property(seed, fc.array(fc.boolean(), { maxLength: 40 }), fc.integer({ min: 1, max: 11 }), (s, taken, size) => {
			const bench = taken.map((is, i) => (is ? account(i) : undefined));
			const jurors = drawJurors(s, bench, size);
			expect(new Set(jurors).size).toBe(jurors.length);
			expect(jurors.length).toBeLessThanOrEqual(Math.min(size, taken.filter(Boolean).length));
			for (const juror of jurors) expect(bench).toContain(juror);
		}),
	);
});

test("property: whoever leaves before the draw wins no place and drives nobody else out", () => {
	const bench = Array.from({ length: 40 }, (_, i) => account(i));
	fc.assert(
		fc.property(
			seed,
			fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
			fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
			(s, mine, leaves) => {
				const own = (juror: Address) => mine[bench.indexOf(juror)]!;
				const before = drawJurors(s, bench, 7);
				const left = bench.map((one, i) => (mine[i] && leaves[i] ? undefined : one));
				const after = drawJurors(s, left, 7);
				expect(after.filter(own).length).toBeLessThanOrEqual(before.filter(own).length);
				for (const juror of before) if (!own(juror)) expect(after).toContain(juror);
			},
		),
	);
});

test("property: every seat is drawn about equally often", () => {
	const bench = Array.from({ length: 20 }, (_, i) => account(i));
	const times = new Map<Address, number>();
	for (let draw = 0; draw < 2000; draw++) {
		for (const juror of drawJurors(keccak256(numberToHex(draw, { size: 32 })), bench, 5)) {
			times.set(juror, (times.get(juror) ?? 0) + 1);
		}
	}
	// 500 expected each; six standard deviations of a binomial are under 120.
	for (const one of bench) expect(Math.abs(times.get(one)! - 500)).toBeLessThan(120);
});

test("behavior: an empty bench gives no jurors", () => {
	expect(drawJurors(keccak256("0x"), [], 5)).toEqual([]);
});
