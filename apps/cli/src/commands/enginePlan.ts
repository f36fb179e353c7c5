// `openledger engine plan`: what a training step will take, before anything is taken.

import { InvalidArgumentError, Option } from "commander";
import { type Cli, localCommand } from "../defineCommand.js";
import { facts, table } from "../output/table.js";
import type { Terminal } from "../output/terminal.js";

type Options = {
	readonly rows?: number;
	readonly length?: number;
	readonly rank?: number;
	readonly full?: boolean;
	readonly threads: number;
	readonly memory: number;
};

export function enginePlanCommand(cli: Cli) {
	const spec = {
		name: "plan",
		describe: "the memory, work and largest numbers of a training step; exit 1 if it does not fit",
		args: [["[model]", "model folder in Hugging Face form, or 3M, 15M, 135M (default: the node's base)"]] as const,
		options: [
			new Option("--rows <n>", "rows of a batch (default: the default recipe's)").argParser(whole(1, 4096)),
			new Option("--length <n>", "tokens of a row (default: the default recipe's)").argParser(whole(1, 131_072)),
			new Option("--rank <n>", "rank of the adapter (default: the default recipe's)").argParser(whole(1, 1024)),
			new Option("--full", "train every parameter instead of an adapter").conflicts("rank"),
			new Option("--threads <n>", "threads that share the work").argParser(whole(1, 64)).default(1),
			new Option("--memory <mb>", "what the machine may take, in MB").argParser(whole(1, 4294)).default(2147),
		],
		examples: ["engine plan", "engine plan 135M --rows 2 --length 128", "engine plan ./my-model --full --json"],
	};
	return localCommand<Options>(cli, spec, async ({ terminal, options, args }) => {
		const { enginePlan } = await import("@openledger/node");
		const { memory, ...wanted } = options;
		const [model] = args;
		const found = await enginePlan({ ...wanted, maxBytes: memory * 1e6, ...(model !== undefined && { model }) });
		return { json: found, text: show(terminal, found), ok: found.fits };
	});
}

type Plan = Awaited<ReturnType<typeof import("@openledger/node").enginePlan>>;

function show(terminal: Terminal, plan: Plan): string {
	const { style } = terminal;
	const groups: readonly (readonly [string, number])[] = [
		["Weights that stay", plan.weightBytes],
		["Trained parameters", plan.trainedBytes],
		["Their moments", plan.momentBytes],
		["Their gradients", plan.gradientBytes],
		["Activations for the backward pass", plan.activationBytes],
		["Logits", plan.logitBytes],
		["Batch", plan.batchBytes],
		["Needed", plan.needBytes],
		["Planned", plan.plannedBytes],
	];
	const about = facts(terminal, [
		["Model", `${plan.model}, ${plan.parameters.toLocaleString("en")} parameters`],
		["Training", `${plan.training}; ${plan.rows} rows of ${plan.length} tokens`],
		["Work", `${plan.steps} steps, ${(plan.flops / 1e9).toFixed(1)} GFLOP`],
		["Ratio", `planned is ${plan.ratio.toFixed(2)} of needed; gradients lie where activations were`],
		[
			"Fullest",
			`step ${plan.peak.step}, ${plan.peak.op} [${plan.peak.shape.join(", ")}]: ${mb(plan.peak.bytes)} of a block of ${mb(plan.arenaBytes)}`,
		],
		["Scratch", `${mb(plan.scratchBytes)} at the most`],
	]);
	const bytes = table(
		terminal,
		[{ head: "What" }, { head: "MB", align: "right" }],
		groups.map(([what, count]) => [what, (count / 1e6).toFixed(1)]),
	);
	const largest = table(
		terminal,
		[{ head: "Step", align: "right" }, { head: "Largest numbers" }, { head: "MB", align: "right" }],
		plan.largest.map((n) => [String(n.step), `${n.op} [${n.shape.join(", ")}]`, (n.bytes / 1e6).toFixed(1)]),
	);
	const verdict = plan.fits
		? style.green(`✓ fits in ${mb(plan.maxBytes)}`)
		: style.red(`✗ does not fit in ${mb(plan.maxBytes)}: ${advice(plan)}`);
	return [about, bytes, largest, verdict].join("\n\n");
}

function advice({ mostRows, length }: Plan): string {
	if (mostRows === undefined || mostRows === 0) return "not even one row does; use shorter rows or --memory";
	return `${mostRows} rows of ${length} tokens do; use --rows ${mostRows}, shorter rows or --memory`;
}

const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function whole(from: number, to: number): (value: string) => number {
	return (value) => {
		const found = Number(value);
		if (/^\d+$/.test(value) && found >= from && found <= to) return found;
		throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
	};
}
