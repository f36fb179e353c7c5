import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ModelError } from "../errors.js";
import { parseConfig } from "./config.js";
import { parameterCount, parameterShapes } from "./parameters.js";
import { ropeTables } from "./ropeTables.js";
import { writeConfig } from "./writeConfig.js";

const json: Readonly<Record<string, unknown>> = {
	model_type: "qwen3",
	hidden_size: 32,
	intermediate_size: 40,
	num_hidden_layers: 2,
	num_attention_heads: 4,
	num_key_value_heads: 2,
	vocab_size: 280,
	max_position_embeddings: 64,
	rope_theta: 10000,
	rope_scaling: { rope_type: "llama3", factor: 8, low_freq_factor: 1, high_freq_factor: 4 },
	tie_word_embeddings: false,
};

function codeOf(changed: unknown): string {
	try {
		parseConfig(changed, "x/config.json");
	} catch (error) {
		expect(error).toBeInstanceOf(ModelError);
		expect((error as ModelError).message).toContain("x/config.json");
		return (error as ModelError).code;
	}
	return "ok";
}

describe("parseConfig", () => {
	test("families: defaults that the files leave out", () => {
		expect(parseConfig(json)).toMatchObject({ headDim: 128, headNorms: true });
		expect(parseConfig({ ...json, model_type: "qwen2" })).toMatchObject({ headDim: 8, attentionBias: "qkv" });
		const llama = parseConfig({ ...json, model_type: "llama", attention_bias: true, mlp_bias: true });
		expect(llama).toMatchObject({ headDim: 8, attentionBias: "all", mlpBias: true });
		expect(llama.headNorms).toBeUndefined();
	});

	test("both forms of RoPE settings give the same tables; scaling changes them", () => {
		const { rope_theta, rope_scaling, ...rest } = json;
		const newer = { ...rest, rope_parameters: { ...(rope_scaling as object), rope_theta } };
		const tables = ropeTables(parseConfig(json), 8);
		expect(ropeTables(parseConfig(newer), 8)).toEqual(tables);
		expect(ropeTables(parseConfig({ ...json, rope_scaling: null }), 8)).not.toEqual(tables);
		expect(parseConfig({ ...json, rope_scaling: { type: "linear", factor: 2 } }).ropeScaling).toEqual({
			kind: "linear",
			factor: 2,
		});
	});

	test("behavior: without model_type, architectures must be Llama's", () => {
		const { model_type: _, ...rest } = json;
		expect(parseConfig({ ...rest, architectures: ["LlamaForCausalLM"] })).toEqual(parseConfig(rest));
		expect(() => parseConfig({ ...rest, architectures: ["MistralForCausalLM"] })).toThrow(
			/model_type is missing and architectures says "MistralForCausalLM"; supported: llama, qwen2, qwen3/,
		);
	});

	test("what is written is read back the same", () => {
		for (const model_type of ["llama", "qwen2", "qwen3"]) {
			const config = parseConfig({ ...json, model_type });
			expect(parseConfig(writeConfig(config, { bos: 1, eos: 2, pad: 3 }, "float32"))).toEqual(config);
		}
	});

	test.each([
		["model_type", "mixtral"],
		["model_type", "qwen3_moe"],
		["num_experts", 8],
		["quantization_config", { bits: 4 }],
		["rope_scaling", { rope_type: "yarn", factor: 2 }],
		["rope_scaling", { rope_type: { toString: 1 } }],
		["rope_scaling", { full_attention: { rope_type: "default" } }],
		["partial_rotary_factor", 0.5],
		["hidden_act", "gelu"],
		["mlp_bias", true],
		["layer_types", ["full_attention", "sliding_attention"]],
		["head_dim", 10],
		["vocab_size", 1_000_000, "hidden_size", 1_000_000],
	])("%s = %j is refused by name", (key, value, key2?: string, value2?: unknown) => {
		expect(codeOf({ ...json, [key]: value, ...(key2 && { [key2]: value2 }) })).toBe("config-unsupported");
	});

	test("a sliding window is refused where it is in use, and only there", () => {
		const window = { ...json, sliding_window: 16, max_window_layers: 1 };
		expect(codeOf({ ...window, use_sliding_window: true })).toBe("config-unsupported");
		expect(codeOf({ ...window, use_sliding_window: true, max_window_layers: 2 })).toBe("ok");
		expect(codeOf({ ...window, use_sliding_window: false })).toBe("ok");
		expect(codeOf({ ...window, model_type: "llama" })).toBe("config-unsupported");
	});

	test.each(["hidden_size", "num_hidden_layers", "num_attention_heads", "vocab_size", "max_position_embeddings"])(
		"%s must be a sensible whole number",
		(key) => {
			for (const value of [0, -1, 1.5, 1e12, "32", [], {}])
				expect(codeOf({ ...json, [key]: value })).toBe("config-malformed");
		},
	);

	test("parameters are counted as they are listed", () => {
		for (const model_type of ["llama", "qwen2", "qwen3"]) {
			const config = parseConfig({ ...json, model_type, attention_bias: model_type === "llama" });
			const listed = [...parameterShapes(config).values()].reduce((n, s) => n + s.reduce((a, b) => a * b, 1), 0);
			expect(parameterCount(config)).toBe(listed);
		}
	});

	test("behavior: nesting without end is refused like any other value", () => {
		const deep = JSON.parse(`${"[".repeat(200_000)}${"]".repeat(200_000)}`) as unknown;
		for (const key of ["hidden_size", "model_type", "rope_scaling", "quantization_config", "layer_types"])
			expect(codeOf({ ...json, [key]: deep })).toMatch(/^config-/);
	});

	const keys = [...Object.keys(json), "head_dim", "rope_parameters", "layer_types", "sliding_window", "eos_token_id"];
	const odd = fc.oneof(fc.jsonValue(), fc.constantFrom(0, 1, 2, 4, 8, true, false, "llama", "qwen2"));
	test("any settings give a config or a ModelError", () => {
		fc.assert(
			fc.property(fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string()), odd), fc.jsonValue(), (some, any) => {
				codeOf({ ...json, ...some });
				codeOf({ ...json, rope_scaling: some });
				codeOf(any);
			}),
			{ numRuns: 500 },
		);
	});
});
