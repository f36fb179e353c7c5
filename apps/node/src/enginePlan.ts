// What a training step or decoding will take on a model of this shape, from config.json alone: no weights are read and no memory is taken.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { defaultRecipe } from "@openledger/factory";
import {
	builtInShapes,
	LINEARS,
	type LlamaConfig,
	mostRows,
	parameterCount,
	parseConfig,
	planDecode,
	planStep,
} from "@openledger/llm";
import { CallerError } from "@openledger/protocol";
import { readConfig } from "./config.js";

export type EnginePlanOptions = {
	/** A folder in Hugging Face form, or the name of a built-in shape; default: the node's base. */
	readonly model?: string;
	/** Default: the default recipe's batch. */
	readonly rows?: number;
	readonly length?: number;
	readonly rank?: number;
	/** Every parameter is trained, not an adapter. */
	readonly full?: boolean;
	readonly threads?: number;
	/** The machine's limit; default 2 GiB, the machine's own default. */
	readonly maxBytes?: number;
};

async function configOf(model: string): Promise<LlamaConfig> {
	if (Object.hasOwn(builtInShapes, model)) return builtInShapes[model as keyof typeof builtInShapes];
	const path = join(model, "config.json");
	const text = await readFile(path, "utf8").catch((cause: unknown) => {
		const shapes = Object.keys(builtInShapes).join(", ");
		throw new CallerError(
			`${path} cannot be read; name a model folder in Hugging Face form, or one of the shapes ${shapes}`,
			{ code: "model/file-missing", cause },
		);
	});
	try {
		return parseConfig(JSON.parse(text), path);
	} catch (cause) {
		if (!(cause instanceof SyntaxError)) throw cause;
		throw new CallerError(`${path} is not JSON: ${cause.message}`, { code: "model/config-malformed", cause });
	}
}

/** Plans a training step. Throws CallerError, or the llm room's `ModelError`, naming the file at fault. */
export async function enginePlan(options: EnginePlanOptions = {}) {
	const model = options.model ?? readConfig().baseFolder;
	const config = await configOf(model);
	const { full = false, threads = 1, maxBytes = 2 ** 31, rank = defaultRecipe.rank } = options;
	const rows = options.rows ?? defaultRecipe.batchSize;
	const length = options.length ?? Math.min(defaultRecipe.maxLength, config.maxPositions);
	refuseLong(length, config);
	const adapter = full ? undefined : { rank, alpha: 2 * rank, targets: LINEARS };
	const planOf = (count: number) =>
		planStep({ config, ...(adapter && { adapter }), shape: { rows: count, length }, settings: defaultRecipe, threads });
	return {
		program: "training step" as const,
		model,
		parameters: parameterCount(config),
		training: full ? "every parameter" : `an adapter of rank ${rank} on every linear layer`,
		...judged(planOf, { rows, length, threads, maxBytes }),
	};
}

export type DecodePlanOptions = Omit<EnginePlanOptions, "full"> & {
	/** The base's matrices as int8. */
	readonly int8?: boolean;
};

/** Plans decoding: `rows` sequences side by side, one by default, that hold `length` tokens each, by default the model's context. */
export async function decodePlan(options: DecodePlanOptions = {}) {
	const model = options.model ?? readConfig().baseFolder;
	const config = await configOf(model);
	const { rows = 1, length = config.maxPositions, threads = 1, maxBytes = 2 ** 31, rank, int8 = false } = options;
	refuseLong(length, config);
	const adapter = rank === undefined ? undefined : { rank, alpha: 2 * rank, targets: LINEARS };
	const form = int8 ? ("int8" as const) : ("packed" as const);
	const planOf = (slots: number) =>
		planDecode({ config, form, ...(adapter && { adapter }), slots, capacity: length, threads });
	return {
		program: "decoding" as const,
		model,
		parameters: parameterCount(config),
		weights: int8 ? "int8" : "f32",
		...judged(planOf, { rows, length, threads, maxBytes }),
	};
}

type Sizes = { readonly rows: number; readonly length: number; readonly threads: number; readonly maxBytes: number };

/** The plan with its verdict: whether it fits, and if not, how many rows would. */
function judged<Plan extends { readonly plannedBytes: number; readonly largest: readonly unknown[] }>(
	planOf: (rows: number) => Plan,
	{ rows, length, threads, maxBytes }: Sizes,
) {
	const plan = planOf(rows);
	const fits = plan.plannedBytes <= maxBytes;
	const most = fits ? undefined : mostRows((count) => planOf(count).plannedBytes <= maxBytes, rows);
	const largest = plan.largest.slice(0, 8) as unknown as Plan["largest"];
	return { rows, length, threads, maxBytes, ...plan, largest, fits, ...(most !== undefined && { mostRows: most }) };
}

function refuseLong(length: number, { maxPositions }: LlamaConfig): void {
	if (length <= maxPositions) return;
	throw new CallerError(`rows of ${length} tokens do not fit a context of ${maxPositions}`, {
		code: "model/sequence-too-long",
	});
}
