// adapter_config.json of Hugging Face PEFT, both ways. What would change the meaning of the weights is refused by name.

import { ModelError } from "../errors.js";
import { showValue } from "../formats/showValue.js";
import { LINEARS } from "../model/parameters.js";
import { type AdapterConfig, MAX_RANK } from "./adapterConfig.js";
import { matchPattern } from "./matchPattern.js";
import { MAX_EXPRESSION_CHARACTERS } from "./parsePattern.js";

/** Settings with the one value that leaves an adapter as we run it; null and absent pass too. */
const PLAIN: Readonly<Record<string, unknown>> = {
	bias: "none",
	use_dora: false,
	fan_in_fan_out: false,
	lora_bias: false,
	use_qalora: false,
	modules_to_save: null,
	exclude_modules: null,
	layers_to_transform: null,
	layer_replication: null,
	target_parameters: null,
	trainable_token_indices: null,
	alora_invocation_tokens: null,
	use_bdlora: null,
	arrow_config: null,
	kasa_config: null,
	velora_config: null,
	monteclora_config: null,
};
/** Ways to start that leave the base as it is; the others (pissa, olora, loftq …) train against a changed base. */
const STARTS: readonly unknown[] = [true, false, null, "gaussian", "orthogonal", "eva"];
const MAX_TARGETS = 8192;
const MAX_PATTERN_CHARACTERS = 65_536;
/** The longest path of a base that can be read has some sixty; PEFT's own prefixes come before it. */
export const MAX_TARGET_CHARACTERS = 256;

/** The adapter_config.json that PEFT, vLLM and SGLang read. */
export function writeAdapterConfig(adapter: AdapterConfig, baseName: string): object {
	return {
		peft_type: "LORA",
		task_type: "CAUSAL_LM",
		base_model_name_or_path: baseName,
		r: adapter.rank,
		lora_alpha: adapter.alpha,
		lora_dropout: 0,
		target_modules: adapter.targetPattern ?? [...adapter.targets],
		bias: "none",
		fan_in_fan_out: false,
		use_dora: false,
		use_rslora: adapter.rankStabilised === true,
		...(adapter.rankPattern && { rank_pattern: adapter.rankPattern }),
		...(adapter.alphaPattern && { alpha_pattern: adapter.alphaPattern }),
		modules_to_save: null,
		inference_mode: true,
		revision: null,
	};
}

/** Reads a parsed adapter_config.json. Throws `adapter-malformed` and `adapter-unsupported`, naming file and field. */
export function parseAdapterConfig(json: unknown, file = "adapter_config.json"): AdapterConfig {
	const malformed = (what: string): never => {
		throw new ModelError("adapter-malformed", `${file}: ${what}`);
	};
	const unsupported = (what: string): never => {
		throw new ModelError("adapter-unsupported", `${file}: ${what}`);
	};
	if (json === null || typeof json !== "object" || Array.isArray(json)) return malformed("must be a JSON object");
	const c = json as Record<string, unknown>;
	if (c.peft_type !== "LORA") unsupported(`peft_type is ${showValue(c.peft_type)}, only "LORA" is read`);
	for (const [key, allowed] of Object.entries(PLAIN)) {
		const value = c[key] ?? null;
		if (value !== null && value !== allowed && !(Array.isArray(value) && value.length === 0 && allowed === null))
			unsupported(`${key} = ${showValue(value)} is not supported; it must be ${showValue(allowed)}`);
	}
	const { init_lora_weights: start = true, use_rslora: stabilised } = c;
	if (!STARTS.includes(start))
		unsupported(`init_lora_weights = ${showValue(start)} changes the base; it is not supported`);
	if ((stabilised ?? false) !== false && stabilised !== true) malformed("use_rslora must be true or false");
	const { r, lora_alpha: alpha, target_modules: targets } = c;
	const isRank = (v: unknown) => typeof v === "number" && Number.isSafeInteger(v) && v >= 1 && v <= MAX_RANK;
	const isAlpha = (v: unknown) => typeof v === "number" && Number.isFinite(v) && v > 0;
	if (!isRank(r)) malformed(`r must be a whole number from 1 to ${MAX_RANK}, got ${showValue(r)}`);
	if (!isAlpha(alpha)) malformed(`lora_alpha must be a positive number, got ${showValue(alpha)}`);

	function pattern(key: string, test: (v: unknown) => boolean, wanted: string): Record<string, number> | undefined {
		const value = c[key] ?? {};
		if (typeof value !== "object" || Array.isArray(value)) return malformed(`${key} must map module names to numbers`);
		const entries = Object.entries(value as object);
		if (entries.reduce((sum, [name]) => sum + name.length, 0) > MAX_PATTERN_CHARACTERS)
			unsupported(`${key} has more than ${MAX_PATTERN_CHARACTERS} characters of names`);
		for (const [name, number] of entries) {
			if (!test(number)) malformed(`${key}: ${name.slice(0, 100)} must be ${wanted}, got ${showValue(number)}`);
			matchPattern(`(.*\\.)?(${name})`);
		}
		return entries.length === 0 ? undefined : (Object.fromEntries(entries) as Record<string, number>);
	}
	const rankPattern = pattern("rank_pattern", isRank, `a rank from 1 to ${MAX_RANK}`);
	const alphaPattern = pattern("alpha_pattern", isAlpha, "a positive number");
	return {
		rank: r as number,
		alpha: alpha as number,
		...readTargets(targets, unsupported),
		...(stabilised === true && { rankStabilised: true }),
		...(rankPattern && { rankPattern }),
		...(alphaPattern && { alphaPattern }),
	};
}

function readTargets(
	stated: unknown,
	unsupported: (what: string) => never,
): { targets: readonly string[]; targetPattern?: string } {
	if (typeof stated === "string" && stated.toLowerCase() === "all-linear") return { targets: LINEARS };
	if (typeof stated === "string") {
		if (stated.length > MAX_EXPRESSION_CHARACTERS)
			return unsupported(
				`target_modules may have ${MAX_EXPRESSION_CHARACTERS} characters as a regular expression, it has ${stated.length}`,
			);
		const matches = matchPattern(stated);
		const wrong = ["lm_head", "model.embed_tokens"].find(matches);
		if (wrong !== undefined)
			return unsupported(`target_modules matches ${wrong}; only linear layers of blocks are read`);
		return { targets: [], targetPattern: stated };
	}
	if (Array.isArray(stated)) {
		const at = stated.findIndex((t) => typeof t === "string" && t.length > MAX_TARGET_CHARACTERS);
		if (at >= 0) {
			const { length } = stated[at] as string;
			return unsupported(`target_modules[${at}] may have ${MAX_TARGET_CHARACTERS} characters, it has ${length}`);
		}
	}
	const known = (t: unknown) => typeof t === "string" && LINEARS.some((l) => t === l || t.endsWith(`.${l}`));
	if (!Array.isArray(stated) || stated.length === 0 || stated.length > MAX_TARGETS || !stated.every(known)) {
		return unsupported(
			`target_modules must be "all-linear", a regular expression, or a list of paths that end in ${LINEARS.join(", ")}`,
		);
	}
	const names = stated as string[];
	const short = LINEARS.filter((l) => names.includes(l));
	return { targets: [...short, ...new Set(names.filter((n) => !LINEARS.some((l) => l === n)))] };
}
