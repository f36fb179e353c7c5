// Decoding one sequence with a key–value cache, tokens/s, one thread and two, beside what reading every weight once costs at the bandwidth
// this machine shows in the same run; and beside PyTorch where OPENLEDGER_PYTHON names a Python with it.

import { createSessionMaker, parameterShapes } from "@openledger/llm";
import { compile, input, type Machine, sumAll } from "@openledger/tensor";
import { askTorch, count, MODELS, type Model, median, ready, residentWeights } from "./models.js";
import type { BenchOptions, BenchResult, BenchTarget } from "./run.js";

const PROMPT = 16;
const TOKENS = 40;

/** GB/s of reading a large block once, by the sum of its elements: what one thread can take in, a lower bound of the memory's own. */
function bandwidth(machine: Machine): number {
	const elements = 1 << 25;
	const x = machine.buffer([elements]);
	const program = compile(machine, { y: sumAll(input("x", [elements])) });
	const times = Array.from({ length: 7 }, () => {
		const from = performance.now();
		program.run({ x });
		return performance.now() - from;
	});
	x.free();
	return (4 * elements) / median(times) / 1e6;
}

function tokensPerSecond(machine: Machine, { config }: Model): number {
	const sessions = createSessionMaker({ config, padding: 0 }, machine, residentWeights(machine, config));
	const session = sessions.open(PROMPT + TOKENS);
	session.feed(Array.from({ length: PROMPT }, (_, i) => i + 1));
	const times = Array.from({ length: TOKENS }, (_, i) => {
		const from = performance.now();
		session.feed([(i * 7) % 1000]);
		return performance.now() - from;
	});
	session.close();
	return 1000 / median(times);
}

export async function run({ args, log }: BenchOptions): Promise<BenchResult> {
	const chosen = MODELS.filter(({ name }) => args.length === 0 || args.includes(name));
	const peer = askTorch("torchDecode.py", { prompt: PROMPT, tokens: TOKENS }, log);
	const rows: Record<string, string | number>[] = [];
	const targets: BenchTarget[] = [];
	for (const model of chosen) {
		const parameters = count(parameterShapes(model.config).values());
		for (const threads of [1, 2]) {
			const machine = await ready(threads);
			const gigabytes = bandwidth(machine);
			const perSecond = tokensPerSecond(machine, model);
			machine.close();
			const share = (perSecond * 4 * parameters) / 1e9 / gigabytes;
			const torch = peer?.[model.name];
			const row = {
				model: model.name,
				threads,
				tokensPerSecond: Number(perSecond.toFixed(1)),
				gigabytesPerSecond: Number(((perSecond * 4 * parameters) / 1e9).toFixed(1)),
				bandwidth: Number(gigabytes.toFixed(1)),
				shareOfBandwidth: Number(share.toFixed(2)),
				...(torch !== undefined && {
					torchTokensPerSecond: Number(torch.toFixed(1)),
					ratio: Number((perSecond / torch).toFixed(2)),
				}),
			};
			rows.push(row);
			log(JSON.stringify(row));
			if (model.name === "135M" && threads === 1)
				targets.push({
					what: "share of bandwidth at 135M, one thread",
					value: row.shareOfBandwidth,
					target: "≥ 0.6",
					ok: share >= 0.6,
				});
			if (threads === 2 && row.ratio !== undefined)
				targets.push({
					what: `ratio to PyTorch at ${model.name}`,
					value: row.ratio,
					target: "≥ 2",
					ok: row.ratio >= 2,
				});
		}
	}
	return { rows, targets };
}
