import { describe, expect, test } from "vitest";
import { ModelError } from "../errors.js";
import { readSafetensors } from "../formats/safetensors.js";
import { writeSafetensors } from "../formats/writeSafetensors.js";
import { createEngine } from "../generation/engine.js";
import { LINEARS } from "../model/parameters.js";
import { tinyBase } from "../selftest/tinyBase.js";
import { type AdapterConfig, type AdapterWeights, initialAdapter } from "./adapterConfig.js";
import { readAdapter, writeAdapterModel } from "./peft.js";
import { writeAdapterConfig } from "./peftConfig.js";

const base = tinyBase();
const config: AdapterConfig = { rank: 4, alpha: 8, targets: LINEARS };

/** An adapter whose B is not zero, so that it does something. */
function weights(): AdapterWeights {
	return new Map(
		[...initialAdapter(base.config, config, 9)].map(([path, { A, B }]) => [
			path,
			{ A, B: B.map((_, i) => ((i % 7) - 3) / 50) },
		]),
	);
}

const file = writeAdapterModel(base.config, config, weights());
const json = JSON.parse(JSON.stringify(writeAdapterConfig(config, "tiny"))) as Record<string, unknown>;

function codeOf(settings: unknown, bytes: Uint8Array): string {
	try {
		readAdapter(base.config, settings, bytes);
	} catch (error) {
		expect(error).toBeInstanceOf(ModelError);
		return (error as ModelError).code;
	}
	return "ok";
}

describe("PEFT adapters", () => {
	test("default: written, read back, same digest, same logits bit for bit", () => {
		const read = readAdapter(base.config, json, file);
		const tokens = [1, 40, 41, 42, 2];
		const direct = { config, weights: weights(), digest: "0xdirect" as const };
		const engine = createEngine(base);
		const expected = engine.nextLogits(tokens, direct);
		expect(engine.nextLogits(tokens, read)).toEqual(expected);
		expect(createEngine(base).nextLogits(tokens, readAdapter(base.config, json, file))).toEqual(expected);
		expect(engine.nextLogits(tokens)).not.toEqual(expected);
	});

	test("behavior: strict about tensors", () => {
		const { tensors } = readSafetensors(file);
		const first = [...tensors.keys()][0]!;
		expect(codeOf(json, writeSafetensors(new Map([...tensors].filter(([name]) => name !== first))))).toBe(
			"tensor-missing",
		);
		expect(
			codeOf(json, writeSafetensors(new Map([...tensors, ["extra", { shape: [1], data: Float32Array.of(1) }]]))),
		).toBe("tensor-unexpected");
		const wrong = { shape: [...tensors.get(first)!.shape].reverse(), data: tensors.get(first)!.data };
		expect(codeOf(json, writeSafetensors(new Map([...tensors, [first, wrong]])))).toBe("tensor-shape");
		expect(codeOf(json, file.subarray(0, file.length - 1))).toBe("safetensors-malformed");
	});

	test("behavior: what would change the meaning is refused by name", () => {
		for (const [key, value] of Object.entries({
			use_dora: true,
			bias: "all",
			modules_to_save: ["lm_head"],
			exclude_modules: ["q_proj"],
			alora_invocation_tokens: [1],
			init_lora_weights: "pissa",
			rank_pattern: { "(?=q)": 8 },
			peft_type: "LOHA",
		})) {
			expect(codeOf({ ...json, [key]: value }, file)).toBe("adapter-unsupported");
		}
		expect(codeOf({ ...json, target_modules: ["lm_head"] }, file)).toBe("adapter-unsupported");
		expect(codeOf({ ...json, r: "4" }, file)).toBe("adapter-malformed");
		expect(codeOf([], file)).toBe("adapter-malformed");
		expect(codeOf({ ...json, target_modules: "all-linear" }, file)).toBe("ok");
		expect(codeOf({ ...json, target_modules: "ALL-linear", use_rslora: true }, file)).toBe("ok");
		expect(codeOf({ ...json, use_rslora: "yes" }, file)).toBe("adapter-malformed");
		expect(codeOf({ ...json, rank_pattern: { q_proj: 8 } }, file)).toBe("tensor-shape");
		expect(codeOf({ ...json, rank_pattern: { q_proj: 0 } }, file)).toBe("adapter-malformed");
		expect(codeOf({ ...json, target_modules: ".*" }, file)).toBe("adapter-unsupported");
		expect(codeOf({ ...json, target_modules: ".*_prej" }, file)).toBe("adapter-unsupported");
		expect(codeOf({ ...json, target_modules: ["self_attn.q_proj"] }, file)).toBe("tensor-unexpected");
	});
});
