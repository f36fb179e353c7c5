// One stream over one file in a process of its own, so that it can be killed and its memory measured: FILE DIR. Prints the report
// with times and the most memory it ever held. It takes the built package, as people run it: reading TypeScript took 260 MiB more.

import { createPipeline, streamPipeline } from "@openledger/datanet";

const [file, dir] = process.argv.slice(2);
const started = performance.now();
const policy = { licence: { rows: "CC0-1.0", datanet: "CC0-1.0", usage: "paid" } };
const report = await streamPipeline(await createPipeline(policy), file, {
	format: "jsonl",
	dir,
	onProgress: ({ rows }) => process.stderr.write(`rows ${rows}\n`),
});
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const wallSeconds = (performance.now() - started) / 1000;
const processorSeconds = (userCPUTime + systemCPUTime) / 1e6;
process.stdout.write(
	`${JSON.stringify({ report, wallSeconds, processorSeconds, peakMiB: Math.round(maxRSS / 1024) })}\n`,
);
