// Part `verifier`: what checking a receipt costs as rows grow, in bytes, milliseconds and retrainings; and how often frauds of each kind and size
// are found, against the formula. Features of the cost table are made up, trees and checks are the node's; the catch table is a real small run.

import { catchProbability, drawsFor } from "@openledger/attribution";
import type { PartOptions, PartResult } from "./part.js";
import { lineChart } from "./plot.js";
import { asForetold, catchRates, rateRow } from "./verifier/catchRates.js";
import { checkingCost, costRow, DRAWN, WEIGHTED } from "./verifier/checkingCost.js";

const COUNTS = [100, 1000, 10_000, 100_000];
const QUICK_COUNTS = [100, 1000, 5000];
const DRAWS = [8, 16, 32, 64, 128, 256];
const PLANNED = [1e3, 1e5, 1e7];
const FRACTIONS = [0.01, 0.05, 0.1];

export async function run({ quick, log }: PartOptions): Promise<PartResult> {
	const costs = (quick ? QUICK_COUNTS : COUNTS).map((rows) => {
		const cost = checkingCost(rows);
		log(`${rows} rows: spot ${cost.spotBytes} bytes, ${cost.spotMs.toFixed(1)} ms; full ${cost.fullMs.toFixed(1)} ms`);
		return cost;
	});
	const rates = await catchRates({ rows: quick ? 100 : 400, seeds: quick ? 25 : 400, log });
	const small = costs.find(({ rows }) => rows === 1000)!;
	const large = costs.at(-1)!;
	const growth = large.spotBytes / small.spotBytes;
	const slowdown = large.spotMs / small.spotMs;
	const always = rates.filter(({ foundInFull }) => foundInFull).length;
	const right = rates.filter(asForetold).length;
	return {
		tables: [
			{
				name: "cost",
				caption: `One receipt checked. Spot: ${DRAWN} rows drawn evenly, ${WEIGHTED} by weight, the paid ones and what they need; bytes are the JSON that moves (median of 5 challenges), milliseconds are the verifier's processor time (best of 5) without making the shown rows' features again, which the model does at a cost per row. Full: all features moved once, their root, all scores by the slow scan, their root. Width 1022.`,
				rows: costs.map(costRow),
			},
			{
				name: "catch",
				caption: `A tiny base trained on ${rates[0]!.rows} rows, one answer; each fraud against ${rates[0]!.seeds} challenges. Foretold is 1 − C(n−bad, k)/C(n, k) for k rows drawn, 100% where what is always opened is wrong; a fraud may be found more often than foretold, where its shares or its totals betray it.`,
				rows: rates.map(rateRow),
			},
			{
				name: "draws",
				caption:
					"Probability of finding a fraud that touches this part of the rows, by rows drawn (of 100,000), and rows to draw for 95% and 99%.",
				rows: FRACTIONS.map((fraction) => ({
					fraction: `${100 * fraction}%`,
					...Object.fromEntries(
						DRAWS.map((drawn) => [
							`${drawn} drawn`,
							`${(100 * catchProbability(1e5, 1e5 * fraction, drawn)).toFixed(1)}%`,
						]),
					),
					...Object.fromEntries(
						PLANNED.flatMap((rows) => [
							[`95% of ${rows}`, drawsFor(rows, rows * fraction, 0.05)],
							[`99% of ${rows}`, drawsFor(rows, rows * fraction, 0.01)],
						]),
					),
				})),
			},
		],
		targets: [
			target("frauds found in full", always / rates.length, "= 1", always === rates.length),
			target(
				"frauds found by spot checks at least as often as foretold",
				right / rates.length,
				"= 1",
				right === rates.length,
			),
			target(`spot bytes at ${large.rows} rows over those at ${small.rows}`, growth, "≤ 2", growth <= 2),
			target(`spot milliseconds at ${large.rows} rows over those at ${small.rows}`, slowdown, "≤ 2", slowdown <= 2),
			target("retrainings to check a receipt", 0, "= 0", true),
		],
		plots: [
			{
				name: "bytes",
				svg: lineChart({
					title: "Bytes to check one receipt",
					xLabel: "rows of the run",
					yLabel: "bytes",
					logX: true,
					logY: true,
					series: [
						{ label: "spot", points: costs.map(({ rows, spotBytes }) => ({ x: rows, y: spotBytes })) },
						{ label: "full", points: costs.map(({ rows, fullBytes }) => ({ x: rows, y: fullBytes })) },
					],
				}),
			},
			{
				name: "milliseconds",
				svg: lineChart({
					title: "Processor time to check one receipt, without the model's work",
					xLabel: "rows of the run",
					yLabel: "milliseconds",
					logX: true,
					logY: true,
					series: [
						{ label: "spot", points: costs.map(({ rows, spotMs }) => ({ x: rows, y: spotMs })) },
						{ label: "full", points: costs.map(({ rows, fullMs }) => ({ x: rows, y: fullMs })) },
					],
				}),
			},
		],
	};
}

function target(what: string, value: number, wanted: string, ok: boolean) {
	return { what, value: Math.round(value * 1000) / 1000, target: wanted, ok };
}
