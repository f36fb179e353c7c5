import { expect, test } from "vitest";
import type { RecipeField } from "./modelTypes.js";
import { faultOf, recipeOf, textOf } from "./recipeText.js";

const rank: RecipeField = { key: "rank", kind: "whole", low: 4, high: 256, standard: 16 };
const rate: RecipeField = { key: "learningRate", kind: "real", low: 1e-8, high: 1, standard: 0.004 };
const held: RecipeField = { key: "validation", kind: "other", low: 0, high: 100_000, standard: 0 };
const warm: RecipeField = { key: "warmupSteps", kind: "other", low: 0, high: 1_000_000, standard: null };
const shares: RecipeField = { key: "checkpoints", kind: "other", standard: [1] };
const targets: RecipeField = { key: "targets", kind: "other", standard: ["q_proj", "v_proj"] };
const packing: RecipeField = { key: "packing", kind: "flag", standard: false };

test("default: only what is other than standard is sent, as the node's types", () => {
	const fields = [rank, rate, held, warm, shares, targets, packing];
	const same = Object.fromEntries(fields.map(({ key, standard }) => [key, textOf(standard)]));
	expect(recipeOf(fields, same)).toEqual({});
	const typed = { rank: " 8 ", learningRate: "1e-3", validation: "0.1", warmupSteps: "5", packing: "true" };
	expect(recipeOf(fields, { ...typed, checkpoints: "0.5, 1", targets: "q_proj" })).toEqual({
		...{ rank: 8, learningRate: 0.001, validation: 0.1, warmupSteps: 5, packing: true },
		...{ checkpoints: [0.5, 1], targets: ["q_proj"] },
	});
	expect(recipeOf([targets], { targets: ".*q_proj|.*v_proj" })).toEqual({ targets: ".*q_proj|.*v_proj" });
});

test("behavior: what is out of bounds or no number is told before it is sent", () => {
	const faults = [
		[rank, "16", undefined],
		[rank, "18", "A multiple of 4"],
		[rank, "512", "From 4 to 256"],
		[rank, "4.5", "A whole number"],
		[rank, "", "A whole number"],
		[rate, "0x10", "A number"],
		[rate, "2", "From 1e-8 to 1"],
		[rate, ".004", undefined],
		[held, "0.25", undefined],
		[held, "2.5", "A whole number"],
		[warm, "", undefined],
		[warm, "-1", "From 0 to 1000000"],
		[shares, "0.5, 1.5", "1 to 8 shares, each above 0 and at most 1"],
		[targets, " ", "Name at least one layer"],
	] as const;
	for (const [field, text, fault] of faults)
		expect([field.key, text, faultOf(field, text)]).toEqual([field.key, text, fault]);
});
