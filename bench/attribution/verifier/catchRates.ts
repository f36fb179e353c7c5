// How often each lie is found, against how often it should be: a tiny base really trained, provers that lie, the node's own checks.

import { catchProbability } from "@openledger/attribution";
import {
	broadFrauds,
	type Claim,
	type Fraud,
	heavyFraud,
	hollowFraud,
	sizedFrauds,
} from "../../../packages/attribution/src/testing/dishonest/frauds.js";
import {
	answerLike,
	type SmallAnswer,
	type SmallRun,
	smallRun,
} from "../../../packages/attribution/src/testing/dishonest/smallRun.js";
import { foundBySpot, nonceOf, verifyInFull } from "../../../packages/attribution/src/testing/dishonest/verifiers.js";
import type { BenchValue } from "../../run.js";

export interface CatchRate {
	readonly fraud: string;
	/** Rows it touches, of all. */
	readonly bad: number;
	readonly rows: number;
	readonly drawn: number;
	readonly weighted: number;
	readonly foretold: number;
	readonly measured: number;
	readonly seeds: number;
	readonly foundInFull: boolean;
}

export interface CatchOptions {
	readonly rows: number;
	readonly seeds: number;
	readonly log: (line: string) => void;
}

const FRACTIONS = [0.01, 0.05, 0.1];
const DRAWN = 16;

export async function catchRates({ rows, seeds, log }: CatchOptions): Promise<CatchRate[]> {
	const run = await smallRun(rows);
	const answer = answerLike(run, 41);
	const out: CatchRate[] = [];
	const add = async (fraud: Fraud, claim: Claim, weighted: number, foretold?: number): Promise<void> => {
		const measured = rate(run, answer, claim, weighted, seeds);
		out.push({
			fraud: fraud.name,
			bad: claim.bad.size,
			rows,
			drawn: DRAWN,
			weighted,
			foretold: foretold ?? (claim.always ? 1 : catchProbability(rows, telling(run, claim), DRAWN)),
			measured,
			seeds,
			foundInFull: await inFull(run, answer, claim),
		});
		log(`${fraud.name}: ${claim.bad.size} rows, found ${(100 * measured).toFixed(1)}%`);
	};
	for (const fraud of broadFrauds) await add(fraud, fraud.claim(run, answer, 0), 0);
	for (const fraud of sizedFrauds)
		for (const fraction of FRACTIONS) await add(fraud, fraud.claim(run, answer, Math.round(fraction * rows)), 0);
	await add(hollowFraud, hollowFraud.claim(run, answer, 0), 0);
	const heavy = heavyFraud.claim(run, answer, 0);
	const said = 2 * Math.max(...answer.scores.map(Math.abs));
	const part = (said * said) / Number(heavy.prover.commitment.root.squares);
	let missed = 1 - catchProbability(rows, telling(run, heavy), DRAWN);
	for (let i = 0; i < 4; i++) missed *= 1 - part;
	await add(heavyFraud, heavy, 4, 1 - missed);
	return out;
}

function rate(run: SmallRun, answer: SmallAnswer, claim: Claim, weighted: number, seeds: number): number {
	let found = 0;
	for (let seed = 0; seed < seeds; seed++) {
		const challenge = { nonce: nonceOf(seed), even: DRAWN, weighted, named: [] };
		if (foundBySpot(run, answer, claim, challenge) !== undefined) found++;
	}
	return found / seeds;
}

async function inFull(run: SmallRun, answer: SmallAnswer, claim: Claim): Promise<boolean> {
	try {
		await verifyInFull(run, answer, claim);
		return false;
	} catch {
		return true;
	}
}

/** A touched row is also made again where a drawn copy leads to it. */
function telling(run: SmallRun, { bad }: Claim): number {
	const clusters = new Set([...bad].map((row) => run.rows[row]!.cluster));
	const leads = (row: number) => !run.heads[row] && run.learnt(row) && clusters.has(run.rows[row]!.cluster);
	return run.rows.filter((_, row) => bad.has(row) || leads(row)).length;
}

/** Whether a rate is within four standard errors and one count of what was foretold; it may be better where more than the drawn rows tell. */
export const asForetold = ({ foretold, measured, seeds }: CatchRate): boolean =>
	measured >= foretold - 4 * Math.sqrt((foretold * (1 - foretold)) / seeds) - 1 / seeds;

const percent = (part: number): string => `${(100 * part).toFixed(1)}%`;

export function rateRow(rate_: CatchRate): Readonly<Record<string, BenchValue>> {
	return {
		fraud: rate_.fraud,
		"rows bent": `${rate_.bad} of ${rate_.rows}`,
		drawn: rate_.weighted === 0 ? `${rate_.drawn}` : `${rate_.drawn} + ${rate_.weighted} by weight`,
		foretold: percent(rate_.foretold),
		measured: percent(rate_.measured),
		seeds: rate_.seeds,
		"in full": rate_.foundInFull ? "found" : "missed",
	};
}
