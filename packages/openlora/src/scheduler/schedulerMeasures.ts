// What a scheduler counts and times, as plain data. It must not know jobs.

import type { HistogramData } from "../backend/backend.js";
import { createHistogram, SECONDS } from "./histogram.js";

export interface SchedulerMeasures {
	readonly started: number;
	readonly finished: number;
	readonly failed: number;
	readonly cancelled: number;
	/** Turned away because too many were waiting. */
	readonly refused: number;
	/** Of the prompts of started jobs. */
	readonly promptTokens: number;
	readonly generatedTokens: number;
	/** Passes over the model. */
	readonly steps: number;
	/** Sequences in a pass. */
	readonly batchSize: HistogramData;
	/** Rows of all passes: new tokens and tokens of prompts. */
	readonly rows: number;
	/** From coming to starting. */
	readonly queueSeconds: HistogramData;
	/** From coming to the first token. */
	readonly firstTokenSeconds: HistogramData;
	/** Between two tokens of an answer. */
	readonly interTokenSeconds: HistogramData;
	/** For which a pass holds the event loop. */
	readonly stepSeconds: HistogramData;
	/** For which everything else has it between two passes: the delay of the event loop, seen from here. */
	readonly turnSeconds: HistogramData;
}

const SIZES = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128];

export function createMeasures(sequences: number) {
	const count = {
		...{ started: 0, finished: 0, failed: 0, cancelled: 0, refused: 0 },
		...{ promptTokens: 0, generatedTokens: 0, steps: 0, rows: 0 },
	};
	const batchSize = createHistogram([...SIZES.filter((size) => size < sequences), sequences]);
	const queue = createHistogram(SECONDS);
	const first = createHistogram(SECONDS);
	const inter = createHistogram(SECONDS);
	const step = createHistogram(SECONDS);
	const turn = createHistogram(SECONDS);
	return {
		started(promptTokens: number, waitedSeconds: number): void {
			count.started++;
			count.promptTokens += promptTokens;
			queue.add(waitedSeconds);
		},
		ended(how: "finished" | "failed" | "cancelled"): void {
			count[how]++;
		},
		refused(): void {
			count.refused++;
		},
		generated(tokens: number): void {
			count.generatedTokens += tokens;
		},
		stepped(sequences: number, rows: number, seconds: number): void {
			count.steps++;
			count.rows += rows;
			batchSize.add(sequences);
			step.add(seconds);
		},
		firstToken: first.add,
		nextToken: inter.add,
		turned: turn.add,
		data: (): SchedulerMeasures => ({
			...count,
			batchSize: batchSize.data(),
			queueSeconds: queue.data(),
			firstTokenSeconds: first.data(),
			interTokenSeconds: inter.data(),
			stepSeconds: step.data(),
			turnSeconds: turn.data(),
		}),
	};
}
