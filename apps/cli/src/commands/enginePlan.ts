// `openledger engine plan`: what a training step or decoding will take, before anything is taken.

import { InvalidArgumentError, Option } from "commander";
import { type Cli, localCommand } from "../defineCommand.js";
import { counted } from "../output/amounts.js";
import { facts, table } from "../output/table.js";
import type { Terminal } from "../output/terminal.js";

type Options = {
	readonly rows?: number;
	readonly length?: number;
	readonly rank?: number;
	readonly full?: boolean;
	readonly decode?: boolean;
	readonly int8?: boolean;
	readonly threads: number;
	readonly memory: number;
};

export function enginePlanCommand(cli: Cli) {
	const spec = {
		name: "plan",
		describe: "the memory, work and largest numbers of a training step, or of decoding; exit 1 if it does not fit",
		args: [["[model]", "model folder in Hugging Face form, or 3M, 15M, 135M (default: the node's base)"]] as const,
		options: [
			new Option("--rows <n>", "rows of a batch (default: the default recipe's)").argParser(whole(1, 4096)),
			new Option("--length <n>", "tokens of a row (default: the default recipe's)").argParser(whole(1, 131_072)),
			new Option("--rank <n>", "rank of the adapter (default: the default recipe's)").argParser(whole(1, 1024)),
			new Option("--full", "train every parameter instead of an adapter").conflicts("rank"),
			new Option("--decode", "plan decoding: rows are sequences, length is what each can hold").conflicts("full"),
			new Option("--int8", "with --decode: the base's matrices as int8").implies({ decode: true }),
			new Option("--threads <n>", "threads that share the work").argParser(whole(1, 64)).default(1),
			new Option("--memory <mb>", "what the machine may take, in MB").argParser(whole(1, 4294)).default(2147),
		],
		examples: [
			"engine plan",
			"engine plan 135M --rows 2 --length 128",
			"engine plan ./my-model --full --json",
			"engine plan 135M --decode --rows 16 --length 512",
		],
	};
	return localCommand<Options>(cli, spec, async ({ terminal, options, args }) => {
		const { decodePlan, enginePlan } = await import("@openledger/node");
		const { memory, full, decode, int8, ...sizes } = options;
		const [model] = args;
		const wanted = { ...sizes, maxBytes: memory * 1e6, ...(model !== undefined && { model }) };
		const found =
			decode === true
				? await decodePlan({ ...wanted, int8: int8 === true })
				: await enginePlan({ ...wanted, full: full === true });
		return { json: found, text: show(terminal, found), ok: found.fits };
	});
}

type Node = typeof import("@openledger/node");
type Plan = Awaited<ReturnType<Node["enginePlan"] | Node["decodePlan"]>>;

function groupsOf(plan: Plan): readonly (readonly [string, number])[] {
	if (plan.program === "decoding") {
		return [
			[`Weights, ${plan.weights}`, plan.weightBytes],
			["Adapters", plan.adapterBytes],
			["Key–value caches", plan.cacheBytes],
			["Logits", plan.logitBytes],
		];
	}
	return [
		["Weights that stay", plan.weightBytes],
		["Trained parameters", plan.trainedBytes],
		["Their moments", plan.momentBytes],
		["Their gradients", plan.gradientBytes],
		["Activations for the backward pass", plan.activationBytes],
		["Logits", plan.logitBytes],
		["Batch", plan.batchBytes],
	];
}

function show(terminal: Terminal, plan: Plan): string {
	const { style } = terminal;
	const groups = [...groupsOf(plan), ["Needed", plan.needBytes] as const, ["Planned", plan.plannedBytes] as const];
	const { peak } = plan;
	const fullest = `step ${peak.step}, ${peak.op} [${peak.shape.join(", ")}]: ${mb(peak.bytes)} of a block of ${mb(plan.arenaBytes)}`;
	const program =
		plan.program === "decoding"
			? `a token of ${counted(plan.rows, "sequence")} of at most ${counted(plan.length, "token")}`
			: `a training step, ${plan.training}; ${counted(plan.rows, "row")} of ${counted(plan.length, "token")}`;
	const about = facts(terminal, [
		["Model", `${plan.model}, ${plan.parameters.toLocaleString("en")} parameters`],
		["Program", program],
		["Work", `${plan.steps} steps, ${(plan.flops / 1e9).toFixed(1)} GFLOP`],
		["Ratio", `planned is ${plan.ratio.toFixed(2)} of needed`],
		["Fullest", fullest],
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
	return `${counted(mostRows, "row")} of ${counted(length, "token")} ${mostRows === 1 ? "does" : "do"}; use --rows ${mostRows}, shorter rows or --memory`;
}

const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function whole(from: number, to: number): (value: string) => number {
	return (value) => {
		const found = Number(value);
		if (/^\d+$/.test(value) && found >= from && found <= to) return found;
		throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
	};
}
