// Recipes as people write them: what is read, what is refused and how the fault is named.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RunError } from "./errors.js";
import { recipeText } from "./history.js";
import { nearest, parseRecipe } from "./parseRecipe.js";
import { defaultRecipe, LATER, type Recipe } from "./recipe.js";
import { parseRecipeText, recipeYaml } from "./recipeFile.js";

const refused = (read: () => unknown): string => {
	try {
		read();
	} catch (error) {
		expect(error).toBeInstanceOf(RunError);
		expect((error as RunError).code).toBe("recipe-malformed");
		return (error as RunError).message;
	}
	throw new Error("nothing was refused");
};

describe("parseRecipe", () => {
	test("default: every field, with its default where it was not given", () => {
		expect(parseRecipe({})).toEqual(defaultRecipe);
		expect(parseRecipe({ schedule: "linear", validation: 0.1 })).toEqual({
			...defaultRecipe,
			schedule: "linear",
			validation: 0.1,
		});
	});

	// Written down from the program that had no other keys: the digest of a run made by it must be found again.
	test("behavior: the digest's text of a recipe without the later keys is the one it always had", () => {
		expect(recipeText({ ...defaultRecipe, checkpoints: [0.15, 0.35, 0.6] })).toBe(
			'{"alpha":"32","batchSize":"16","beta1":"0.9","beta2":"0.95","checkpoints":"[0.15,0.35,0.6]","clip":"1","commitEvery":"10","epochs":"14",' +
				'"epsilon":"1e-8","epsilonRoot":"1e-12","floor":"0","learningRate":"0.004","maxLength":"128","rank":"16","seed":"1",' +
				'"targets":"[\\"q_proj\\",\\"k_proj\\",\\"v_proj\\",\\"o_proj\\",\\"gate_proj\\",\\"up_proj\\",\\"down_proj\\"]","warmup":"0.1","weightDecay":"0"}',
		);
		const old = Object.fromEntries(Object.entries(defaultRecipe).filter(([key]) => !Object.hasOwn(LATER, key)));
		expect(recipeText(parseRecipe(old))).toBe(recipeText(old as unknown as Recipe));
		for (const [key, value] of [
			["packing", true],
			["accumulate", 2],
			["warmupSteps", 0],
			["schedule", "constant"],
		]) {
			expect(recipeText(parseRecipe({ [key as string]: value }))).toContain(`"${key}"`);
		}
	});

	test.each<[string, string | undefined]>([
		["lr", "learningRate"],
		["learning_rate", "learningRate"],
		["lora_alpha", "alpha"],
		["gradient_accumulation_steps", "accumulate"],
		["val_set_size", "validation"],
		["epoch", "epochs"],
		["weigth_decay", "weightDecay"],
		["warmup-steps", "warmupSteps"],
		["ranks", "rank"],
		["constructor", undefined],
		["x", undefined],
		["flash_attention", undefined],
	])("behavior: the unknown key %s is refused by name, and what was meant is told", (key, meant) => {
		expect(nearest(key, Object.keys(defaultRecipe) as (keyof Recipe)[])).toBe(meant);
		const message = refused(() => parseRecipe({ [key]: 1 }));
		expect(message).toContain(`recipe.${key} is unknown`);
		if (meant !== undefined) expect(message).toContain(`did you mean ${meant}?`);
	});

	test.each<[string, Record<string, unknown>]>([
		["rank", { rank: 6 }],
		["epochs", { epochs: 0.5 }],
		["accumulate", { accumulate: 0 }],
		["packing", { packing: "yes" }],
		["schedule", { schedule: "exponential" }],
		["warmupSteps", { warmupSteps: -1 }],
		["validation", { validation: 1.5 }],
		["validation", { validation: "10%" }],
		["patience", { patience: 3 }],
		["keepBest", { keepBest: true }],
		["minDelta", { minDelta: Number.NaN, validation: 2 }],
		["targets", { targets: [] }],
		["targets", { targets: ["lm_head"] }],
		["targets", { targets: [1] }],
		["targets", { targets: "" }],
		["targets", { targets: "(unclosed" }],
		["targets", { targets: ".*" }],
		["checkpoints", { checkpoints: [0] }],
		["learningRate", { learningRate: "4e-3" }],
	])("behavior: %s is refused by name: %j", (key, fields) => {
		expect(refused(() => parseRecipe(fields))).toContain(`recipe.${key}`);
	});

	test("behavior: a target that is none is told in the recipe's words", () => {
		const message = refused(() => parseRecipe({ targets: ["q_proj", "zz_proj"] }));
		expect(message).toMatch(/^recipe\.targets must be .*, got \["q_proj","zz_proj"\]$/);
	});

	test("behavior: a target of megabytes is refused by its length and the limit, and not repeated", () => {
		const long = "x".repeat(5_000_000);
		for (const targets of [["q_proj", `${long}.q_proj`], [long], `${long}.*q_proj`]) {
			const message = refused(() => parseRecipe({ targets }));
			expect(message).toMatch(/^a name in recipe\.targets may have 256 characters and .* 4000, x{40}… has 500000\d$/);
		}
	});

	test("behavior: a number that YAML has and JSON has not is shown as it is", () => {
		expect(refused(() => parseRecipeText("learningRate: .inf", "r.yaml"))).toMatch(/from 1e-8 to 1, got Infinity/);
	});

	test("default: targets as PEFT takes them", () => {
		expect(parseRecipe({ targets: "all-linear" }).targets).toEqual(defaultRecipe.targets);
		expect(parseRecipe({ targets: "model\\.layers\\.[01]\\..*_proj" }).targets).toBe("model\\.layers\\.[01]\\..*_proj");
		expect(parseRecipe({ targets: ["layers.3.mlp.up_proj", "q_proj"] }).targets).toEqual([
			"layers.3.mlp.up_proj",
			"q_proj",
		]);
	});
});

describe("recipe files", () => {
	test("default: YAML and JSON", () => {
		const yaml = "# small\nrank: 8\nlearningRate: 4e-3\ntargets: [q_proj, v_proj]\npacking: true\nwarmupSteps: null\n";
		const json = '{\n\t"rank": 8,\n\t"learningRate": 4e-3,\n\t"targets": ["q_proj", "v_proj"],\n\t"packing": true\n}\n';
		const wanted = { ...defaultRecipe, rank: 8, learningRate: 0.004, targets: ["q_proj", "v_proj"], packing: true };
		expect(parseRecipeText(yaml, "a.yaml")).toEqual(wanted);
		expect(parseRecipeText(json, "a.json")).toEqual(wanted);
		expect(parseRecipeText(`\ufeff${json.replaceAll("\n", "\r\n")}`, "a.json")).toEqual(wanted);
		expect(parseRecipeText("", "empty.yaml")).toEqual(defaultRecipe);
	});

	test("default: what is written out is read back, every field with a word about it", () => {
		const other = parseRecipe({
			targets: ".*\\.(q|v)_proj",
			validation: 12,
			patience: 2,
			minDelta: 0.01,
			warmupSteps: 5,
			epsilon: 1e-12,
		});
		for (const recipe of [defaultRecipe, other])
			expect(parseRecipeText(recipeYaml(recipe), "out.yaml")).toEqual(recipe);
		for (const key of Object.keys(defaultRecipe)) expect(recipeYaml()).toMatch(new RegExp(`^${key}: `, "m"));
	});

	test.each<[string, string, RegExp]>([
		["an unknown key", "rank: 8\nlora_dropout: 0.1\n", /^r\.yaml: recipe\.lora_dropout is unknown/],
		["a key twice", "rank: 8\nalpha: 1\nrank: 16\n", /^r\.yaml: line 3: .*unique/],
		["a key twice in JSON", '{"rank": 8,\n"rank": 16}', /^r\.yaml: line 2: .*unique/],
		["a wrong indent", "rank: 8\n  alpha: 1\n", /^r\.yaml: line [12]: /],
		["an unclosed list", "targets: [q_proj\n", /^r\.yaml: line \d: /],
		["an alias", "checkpoints: &a [0.5]\ntargets: *a\n", /alias/],
		["a bomb of aliases", `a: &a [x,x]\nb: &b [*a,*a]\nc: [${"*b,".repeat(1000)}]\n`, /alias/],
		["a merge of an alias", "base: &a {rank: 8}\n<<: *a\n", /alias|unknown/],
		["a tag", "rank: !!js/function 'x'\n", /^r\.yaml: line 1: /],
		["two documents", "rank: 8\n---\nrank: 16\n", /^r\.yaml: line 2: /],
		["a list", "- rank\n", /holds no fields/],
		["a number", "8", /holds no fields/],
		["a prototype", "__proto__: {rank: 8}\n", /recipe\.__proto__ is unknown/],
		["another file", "x".repeat(70_000), /more than 65536 bytes/],
		["many fields", Array.from({ length: 300 }, (_, i) => `k${i}: 1`).join("\n"), /more than 200 fields/],
		["deep nesting", "[".repeat(60_000), /^r\.yaml: is nested too deeply/],
		["nesting that closes", `rank: ${"[".repeat(3000)}${"]".repeat(3000)}`, /^r\.yaml: is nested too deeply/],
		["nested dashes", "- ".repeat(30_000), /^r\.yaml: is nested too deeply/],
		["a wrong value", "epochs: many\n", /^r\.yaml: recipe\.epochs must be a whole number/],
	])("behavior: %s is refused, and where", (_, text, told) => {
		expect(refused(() => parseRecipeText(text, "r.yaml"))).toMatch(told);
	});

	test("behavior: any text is a recipe or a RunError", () => {
		const pieces = fc.constantFrom(
			"rank",
			": ",
			"8",
			"\n",
			"  ",
			"[",
			"]",
			"{",
			"}",
			"&a ",
			"*a",
			"!!map ",
			"- ",
			"? ",
			"|\n",
			'"',
			"'",
			"#",
			"---\n",
			"1e3",
			"\t",
			"<<",
			"%YAML 1.1\n",
			"\u0000",
		);
		const text = fc.oneof(
			fc.string({ maxLength: 60 }),
			fc.array(pieces, { maxLength: 25 }).map((all) => all.join("")),
		);
		fc.assert(
			fc.property(text, (body) => {
				try {
					parseRecipeText(body, "fuzz.yaml");
				} catch (error) {
					if (!(error instanceof RunError)) throw error;
				}
			}),
			{ numRuns: 2000 },
		);
	});
});
