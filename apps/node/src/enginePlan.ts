// What a training step on a model of this shape will take, from config.json alone: no weights are read and no memory is taken.

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
	const named = (builtInShapes as Readonly<Record<string, LlamaConfig>>)[model];
	if (named !== undefined) return named;
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

/** Throws CallerError, or the llm room's `ModelError`, naming the file at fault. */
export async function enginePlan(options: EnginePlanOptions = {}) {
	const model = options.model ?? readConfig().baseFolder;
	const config = await configOf(model);
	const { full = false, threads = 1, maxBytes = 2 ** 31, rank = defaultRecipe.rank } = options;
	const rows = options.rows ?? defaultRecipe.batchSize;
	const length = options.length ?? Math.min(defaultRecipe.maxLength, config.maxPositions);
	if (length > config.maxPositions) {
		throw new CallerError(`rows of ${length} tokens do not fit a context of ${config.maxPositions}`, {
			code: "model/sequence-too-long",
		});
	}
	const adapter = full ? undefined : { rank, alpha: 2 * rank, targets: LINEARS };
	const planOf = (count: number) =>
		planStep({ config, ...(adapter && { adapter }), shape: { rows: count, length }, settings: defaultRecipe, threads });
	const plan = planOf(rows);
	const fits = plan.plannedBytes <= maxBytes;
	return {
		model,
		parameters: parameterCount(config),
		training: full ? "every parameter" : `an adapter of rank ${rank} on every linear layer`,
		rows,
		length,
		threads,
		...plan,
		largest: plan.largest.slice(0, 8),
		maxBytes,
		fits,
		/** The most rows of this length that fit, where these do not. */
		...(!fits && { mostRows: mostRows((count) => planOf(count).plannedBytes <= maxBytes, rows) }),
	};
}
