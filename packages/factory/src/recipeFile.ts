// A recipe as a file: YAML or JSON in, YAML with every field and what it means out. It must not know what fields may hold.

import { parseDocument } from "yaml";
import { RunError } from "./errors.js";
import { parseRecipe } from "./parseRecipe.js";
import { defaultRecipe, type Recipe } from "./recipe.js";

/** A recipe has some thirty fields; what is larger is another file. */
export const MAX_RECIPE_BYTES = 64 * 1024;
const MAX_FIELDS = 200;

/**
 * Reads a recipe's text and checks it. Throws RunError "recipe-malformed" naming file, and line or field. Aliases, tags, several documents and a
 * key written twice are refused.
 */
export function parseRecipeText(text: string, file: string): Recipe {
	return parseRecipeFields(readFields(text, file), file);
}

/** The fields that a text gives, unchecked: what is to be sent on. */
export function readFields(text: string, file: string): Readonly<Record<string, unknown>> {
	const malformed = (what: string, cause?: unknown): never => {
		throw new RunError("recipe-malformed", `${file}: ${what}`, { cause });
	};
	if (new TextEncoder().encode(text).length > MAX_RECIPE_BYTES)
		return malformed(`has more than ${MAX_RECIPE_BYTES} bytes; a recipe is some thirty lines`);
	// JSON is read by the same reader, being YAML too, so that its lines are told and a key written twice is refused.
	const document = parseDocument(text.replace(/^\ufeff/, ""), { version: "1.2", schema: "core", logLevel: "error" });
	const [fault] = [...document.errors, ...document.warnings];
	// The reader descends by recursion: text that nests for ever ends its stack.
	if (fault?.code === "RESOURCE_EXHAUSTION") return malformed("is nested too deeply for a recipe", fault);
	if (fault !== undefined) {
		const line = fault.linePos?.[0].line;
		const what = fault.message.split("\n")[0]!.replace(/ at line \d+, column \d+:?$/, "");
		return malformed(`${line === undefined ? "" : `line ${line}: `}${what}`, fault);
	}
	let value: unknown;
	try {
		value = document.toJS({ maxAliasCount: 0 });
	} catch (cause) {
		return malformed("uses an alias (*name); write the value out", cause);
	}
	if (value === null || value === undefined) return {};
	if (typeof value !== "object" || Array.isArray(value))
		return malformed('holds no fields; a recipe is lines such as "epochs: 20", or an object such as {"epochs": 20}');
	if (Object.keys(value).length > MAX_FIELDS) return malformed(`has more than ${MAX_FIELDS} fields`);
	return value as Record<string, unknown>;
}

function parseRecipeFields(fields: Readonly<Record<string, unknown>>, file: string): Recipe {
	try {
		return parseRecipe(fields);
	} catch (cause) {
		if (!(cause instanceof RunError)) throw cause;
		throw new RunError("recipe-malformed", `${file}: ${cause.message}`, { cause });
	}
}

type Section = readonly [title: string, fields: readonly (readonly [key: keyof Recipe, about: string])[]];

const SECTIONS: readonly Section[] = [
	[
		"the adapter",
		[
			["rank", "a multiple of 4, up to 256"],
			["alpha", "the adapter's term is scaled by alpha / rank"],
			["rankStabilised", "rsLoRA: by alpha / √rank instead"],
			[
				"targets",
				'names of linear layers or ends of their paths; "all-linear"; or a regular expression for whole paths',
			],
		],
	],
	[
		"how much",
		[
			["epochs", "times that every row is met"],
			["batchSize", "rows that meet the machine at once"],
			["accumulate", "batches that make one step"],
			["packing", "rows end to end instead of padded: faster, the same adapter"],
			["maxLength", "rows with more tokens are left out"],
			["responsesOnly", "the loss counts what the assistant says; false: every token"],
		],
	],
	[
		"the learning rate",
		[
			["learningRate", "after the warm-up"],
			["schedule", "cosine, linear or constant"],
			["warmup", "share of the steps spent rising"],
			["warmupSteps", "a number of steps instead of that share"],
			["floor", "share of the rate that is left at the end"],
		],
	],
	[
		"AdamW",
		[
			["beta1", ""],
			["beta2", ""],
			["epsilon", "added to the root"],
			["epsilonRoot", "added inside the root"],
			["weightDecay", ""],
			["clip", "largest norm of all gradients"],
		],
	],
	[
		"rows held out, and when to stop",
		[
			["validation", "a share of the rows (below 1) or a count; chosen by their digests and the seed; 0: none"],
			["validateEvery", "steps; 0: once an epoch"],
			["patience", "validations without a better loss until the run ends; 0: never"],
			["minDelta", "by how much a loss must fall to be better"],
			["keepBest", "the adapter of the best validation instead of the last"],
		],
	],
	[
		"what can be repeated and proved",
		[
			["seed", "of the adapter's first numbers, the order of rows, the rows held out"],
			["commitEvery", "steps between links of the commitment chain"],
			["checkpoints", "shares of the run at which its state is kept; that of the adapter itself always is"],
		],
	],
];

/** The whole recipe as YAML, every field with what it means. Read back, it is the same recipe. */
export function recipeYaml(recipe: Recipe = defaultRecipe): string {
	const fields = SECTIONS.flatMap(([, own]) => own.map(([key]) => `${key}: ${flow(recipe[key])}`.length));
	const column = Math.min(32, Math.max(...fields)) + 2;
	const lines = SECTIONS.flatMap(([title, own]) => [
		`# ${title}`,
		...own.map(([key, about]) => {
			const field = `${key}: ${flow(recipe[key])}`;
			return about === "" ? field : `${field.padEnd(column - 1)} # ${about}`;
		}),
		"",
	]);
	return lines.join("\n");
}

/** JSON, with the blanks that people put into lists. */
function flow(value: unknown): string {
	return Array.isArray(value) ? `[${value.map((item) => JSON.stringify(item)).join(", ")}]` : JSON.stringify(value);
}
