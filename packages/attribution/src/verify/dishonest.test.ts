// Every lie of the kit: found in full always, found by spot checks as often as foretold. Seeds are fixed, so the rates are the same each time.

import { beforeAll, describe, expect, test } from "vitest";
import {
	broadFrauds,
	type Claim,
	claimOf,
	type Fraud,
	heavyFraud,
	hollowFraud,
	sizedFrauds,
} from "../testing/dishonest/frauds.js";
import { answerLike, type SmallAnswer, type SmallRun, smallRun } from "../testing/dishonest/smallRun.js";
import { foundBySpot, nonceOf, verifyBySpot, verifyInFull } from "../testing/dishonest/verifiers.js";
import { catchProbability, weightedCatchProbability } from "./index.js";

const SEEDS = 120;
const FEW_SEEDS = 30;
let run: SmallRun;
let answer: SmallAnswer;

beforeAll(async () => {
	run = await smallRun();
	answer = answerLike(run, 41);
});

function rate(
	claim: Claim,
	challenge: { readonly even: number; readonly weighted: number },
	seeds: number = SEEDS,
): number {
	let found = 0;
	for (let seed = 0; seed < seeds; seed++) {
		const code = foundBySpot(run, answer, claim, { nonce: nonceOf(seed), named: [], ...challenge });
		if (code !== undefined) found++;
	}
	return found / seeds;
}

/** Four standard errors of a rate, and one count. */
const margin = (p: number, seeds: number = SEEDS) => 4 * Math.sqrt((p * (1 - p)) / seeds) + 1 / seeds;

/** A row is also made again where a drawn copy leads to it. */
function telling({ bad }: Claim): number {
	const clusters = new Set([...bad].map((row) => run.rows[row]!.cluster));
	return run.rows.filter(
		({ cluster }, row) => bad.has(row) || (!run.heads[row] && run.learnt(row) && clusters.has(cluster)),
	).length;
}

test("default: an honest claim is found right, whatever is drawn, and pays somebody", async () => {
	const honest = claimOf(run, answer, {});
	expect(honest.receipt.leaves.length).toBeGreaterThan(0);
	for (let seed = 0; seed < 12; seed++) {
		const challenge = { nonce: nonceOf(seed), even: 1 + (seed % 16), weighted: seed % 5, named: [seed] };
		const found = verifyBySpot(run, answer, honest, challenge);
		expect(found.leaves).toEqual(honest.receipt.leaves);
		expect(found.even).toHaveLength(1 + (seed % 16));
		expect(found.recomputed).toEqual(expect.arrayContaining([...found.even, ...found.weighted, ...found.paid, seed]));
	}
	await verifyInFull(run, answer, honest);
	const all = verifyBySpot(run, answer, honest, { nonce: nonceOf(1), even: 10_000 - 6000, weighted: 0, named: [] });
	expect(all.recomputed).toHaveLength(run.rows.length);
});

describe("behavior: in full every lie is found", () => {
	const every: readonly Fraud[] = [...broadFrauds, ...sizedFrauds, heavyFraud, hollowFraud];
	for (const fraud of every) {
		test(fraud.name, async () => {
			for (const size of sizedFrauds.includes(fraud) ? [1, 10] : [0])
				await expect(verifyInFull(run, answer, fraud.claim(run, answer, size))).rejects.toMatchObject({
					name: "ProofError",
				});
		});
	}
});

describe("behavior: a lie about many rows, or about one that is always shown, does not pass twelve rows", () => {
	for (const fraud of broadFrauds) {
		test(fraud.name, () => {
			const claim = fraud.claim(run, answer, 0);
			const foretold = claim.always ? 1 : catchProbability(run.rows.length, claim.bad.size, 12);
			const found = rate(claim, { even: 12, weighted: 0 }, FEW_SEEDS);
			if (claim.always) expect(found).toBe(1);
			else expect(found).toBeGreaterThanOrEqual(foretold - margin(foretold, FEW_SEEDS));
		});
	}
});

describe("behavior: a lie about few rows is found as often as the formula says", () => {
	for (const fraud of sizedFrauds) {
		for (const [size, even] of [
			[1, 20],
			[5, 20],
		] as const) {
			test(`${fraud.name}: ${size} rows of 200, ${even} drawn`, () => {
				const claim = fraud.claim(run, answer, size);
				expect(claim.bad.size).toBe(size);
				const foretold = catchProbability(run.rows.length, telling(claim), even);
				expect(Math.abs(rate(claim, { even, weighted: 0 }) - foretold)).toBeLessThanOrEqual(margin(foretold));
			});
		}
	}

	test(hollowFraud.name, () => {
		const claim = hollowFraud.claim(run, answer, 0);
		const foretold = catchProbability(run.rows.length, telling(claim), 6);
		const found = rate(claim, { even: 6, weighted: 0 });
		expect(found).toBeGreaterThanOrEqual(foretold - margin(foretold));
		expect(found).toBeLessThan(1);
	});

	test(`${heavyFraud.name}: draws by weight find it, even ones hardly`, () => {
		const claim = heavyFraud.claim(run, answer, 0);
		const [row] = claim.bad;
		const { root } = claim.prover.commitment;
		const said = -2 * Math.max(...answer.scores.map(Math.abs));
		const part = (said * said) / Number(root.squares);
		const foretold = weightedCatchProbability(part, 4);
		expect(part).toBeGreaterThan(0.2);
		expect(rate(claim, { even: 0, weighted: 4 })).toBeGreaterThanOrEqual(foretold - margin(foretold));
		expect(rate(claim, { even: 4, weighted: 0 })).toBeLessThan(0.2);
		expect(foundBySpot(run, answer, claim, { nonce: nonceOf(0), even: 0, weighted: 0, named: [row!] })).toBe(
			"proof/score",
		);
	});

	test("the row that somebody names is always looked at", () => {
		const claim = sizedFrauds[0]!.claim(run, answer, 1);
		const [row] = claim.bad;
		for (let seed = 0; seed < 20; seed++)
			expect(foundBySpot(run, answer, claim, { nonce: nonceOf(seed), even: 0, weighted: 0, named: [row!] })).toBe(
				"proof/score",
			);
	});
});
