// The checks of single rows beside the comparison with all others: in a thread of their own where there are many rows, else here. Both
// find the same, in the same order. It must not know what was judged before.

import { Worker } from "node:worker_threads";
import type { Examined, IntakePolicy, Pipeline } from "../pipeline/createPipeline.js";
import type { FileRow } from "../reading/checkRow.js";

export type Examiner = {
	/** What each row's own checks say, in the rows' order. */
	examine(rows: readonly FileRow[]): Promise<readonly Examined[]>;
	/** Whether a thread has said that its pipeline is this one, and still works. */
	isBeside(): boolean;
	close(): void;
};

/** What the thread answers: `ready` once, with the digest of its pipeline, then one list for each list it was given. */
export type FromThread = { readonly ready: string } | { readonly found: readonly Examined[] };

/** Below these a thread takes longer to start than it saves. */
const LEAST_ROWS = 20_000;
/** Word lists and n-grams are some 40 MB; without a bound the thread would let garbage lie. */
const LIMITS = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 8 } as const;

type Waiting = { readonly rows: readonly FileRow[]; readonly resolve: (found: readonly Examined[]) => void };

/** `rows` is how many are expected. Where no thread can be had, or it fails, rows are examined here. */
export function openExaminer(
	pipeline: Pipeline,
	{ rows, least = LEAST_ROWS }: { rows: number; least?: number },
): Examiner {
	const here = (list: readonly FileRow[]) => list.map((row) => pipeline.examine(row));
	let thread = rows < least ? undefined : start();
	let isReady = false;
	const waiting: Waiting[] = [];

	function start(): Worker | undefined {
		try {
			const worker = startThread(pipeline.policy);
			worker.on("message", (said: FromThread) => {
				if ("found" in said) waiting.shift()?.resolve(said.found);
				else if (said.ready === pipeline.digest) isReady = true;
				else giveUp();
			});
			worker.once("error", giveUp);
			worker.once("exit", giveUp);
			return worker;
		} catch {
			return undefined;
		}
	}

	/** What the thread still owes is examined here. */
	function giveUp(): void {
		const left = thread;
		thread = undefined;
		left?.removeAllListeners();
		left?.on("error", () => {});
		left?.terminate();
		for (const { rows: list, resolve } of waiting.splice(0)) resolve(here(list));
	}

	return {
		examine(list) {
			if (thread === undefined) return Promise.resolve(here(list));
			return new Promise((resolve) => {
				waiting.push({ rows: list, resolve });
				thread!.postMessage(list);
			});
		},
		isBeside: () => isReady && thread !== undefined,
		close: giveUp,
	};
}

/** From sources, by whatever reads TypeScript in this process's tests and benches; a build has plain files. */
function startThread(policy: IntakePolicy): Worker {
	if (!import.meta.url.endsWith(".ts")) {
		return new Worker(new URL("./examineThread.js", import.meta.url), {
			...{ workerData: policy, resourceLimits: LIMITS, execArgv: [] },
		});
	}
	const file = new URL("./examineThread.ts", import.meta.url).href;
	const load = `import("tsx/esm/api").then(({ register }) => { register(); return import(${JSON.stringify(file)}); })`;
	return new Worker(load, {
		...{ eval: true, workerData: policy, resourceLimits: LIMITS, execArgv: ["--conditions=source"] },
	});
}
