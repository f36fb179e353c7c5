import fc from "fast-check";
import { expect, test } from "vitest";
import { ModelError } from "../errors.js";
import { tinyBase } from "../selftest/tinyBase.js";
import { tinyFamilies } from "../selftest/tinyFamilies.js";
import { type AdapterConfig, adapterModules, adapterScales } from "./adapterConfig.js";
import { parseAdapterConfig, writeAdapterConfig } from "./peftConfig.js";

const { config } = tinyBase();
const roundTrip = (adapter: AdapterConfig) =>
	parseAdapterConfig(JSON.parse(JSON.stringify(writeAdapterConfig(adapter, "tiny"))) as unknown);

test("what is written is read back the same", () => {
	for (const { adapter } of tinyFamilies()) expect(roundTrip(adapter)).toEqual(adapter);
});

test("ranks and alphas: the first key that matches the end of a path counts", () => {
	const adapter: AdapterConfig = {
		rank: 4,
		alpha: 8,
		targets: ["q_proj", "layers.1.self_attn.k_proj"],
		rankPattern: { "layers.1.self_attn.q_proj": 9, q_proj: 2, proj: 100 },
		alphaPattern: { k_proj: 3 },
		rankStabilised: true,
	};
	const modules = adapterModules(config, adapter).map((m) => [m.path, m.rank]);
	expect(modules).toEqual([
		["model.layers.0.self_attn.q_proj", 2],
		["model.layers.1.self_attn.q_proj", 9],
		["model.layers.1.self_attn.k_proj", 4],
	]);
	const scale = adapterScales(adapter);
	expect(scale("model.layers.1.self_attn.q_proj", 9)).toBe(Math.fround(8 / 3));
	expect(scale("model.layers.1.self_attn.k_proj", 4)).toBe(1.5);
});

test("behavior: nesting without end is refused like any other value", () => {
	const deep = JSON.parse(`${"[".repeat(200_000)}${"]".repeat(200_000)}`) as unknown;
	const plain = writeAdapterConfig({ rank: 4, alpha: 8, targets: ["q_proj"] }, "tiny");
	for (const key of ["r", "peft_type", "target_modules", "bias", "rank_pattern", "init_lora_weights"])
		expect(() => parseAdapterConfig({ ...plain, [key]: deep })).toThrow(ModelError);
});

test("behavior: a target of megabytes is refused by its field, its length and the limit, and not repeated", () => {
	const plain = writeAdapterConfig({ rank: 4, alpha: 8, targets: ["q_proj"] }, "tiny");
	const long = "x".repeat(5_000_000);
	for (const [target_modules, told] of [
		[["q_proj", `${long}.q_proj`], "target_modules[1] may have 256 characters, it has 5000007"],
		[[long], "target_modules[0] may have 256 characters, it has 5000000"],
		[`${long}.*q_proj`, "target_modules may have 4000 characters as a regular expression, it has 5000008"],
	] as const) {
		const read = () => parseAdapterConfig({ ...plain, target_modules }, "file");
		expect(read).toThrow(expect.objectContaining({ code: "adapter-unsupported", message: `file: ${told}` }));
	}
	const longest = `${"x".repeat(249)}.q_proj`;
	expect(parseAdapterConfig({ ...plain, target_modules: [longest] }).targets).toEqual([longest]);
	expect(() => parseAdapterConfig({ ...plain, target_modules: [`x${longest}`] })).toThrow(ModelError);
});

test("any settings give modules or a ModelError", () => {
	const plain = writeAdapterConfig({ rank: 4, alpha: 8, targets: ["q_proj"] }, "tiny");
	const keys = [...Object.keys(plain), "rank_pattern", "alpha_pattern", "exclude_modules", "init_lora_weights"];
	const names = fc.oneof(
		fc.string(),
		fc.string({ unit: fc.constantFrom(..."(q_proj.*+|)[]\\") }),
		fc.constant("q_proj"),
	);
	const value = fc.oneof(
		fc.jsonValue(),
		names,
		fc.array(names),
		fc.dictionary(names, fc.oneof(fc.nat(), fc.jsonValue())),
	);
	const read = (json: unknown) => {
		try {
			adapterModules(config, parseAdapterConfig(json));
		} catch (error) {
			expect(error).toBeInstanceOf(ModelError);
		}
	};
	fc.assert(
		fc.property(fc.dictionary(fc.constantFrom(...keys), value), fc.jsonValue(), (some, any) => {
			read({ ...plain, ...some });
			read(any);
		}),
		{ numRuns: 1000 },
	);
});
