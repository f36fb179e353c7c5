// How words are drawn, as typed and as sent. Limits are the API's.

import type { Sampling } from "./askModel.js";

/** What stands in the fields. */
export type Drafted = { readonly [name in keyof Sampling]: string };

export const FIRST_DRAFT: Drafted = { temperature: "0", topP: "1", maxTokens: "48", seed: "0" };

const RULES: {
	readonly [name in keyof Sampling]: readonly [least: number, most: number, whole: boolean, said: string];
} = {
	temperature: [0, 2, false, "a number from 0 to 2"],
	topP: [0.000001, 1, false, "a number above 0, up to 1"],
	maxTokens: [1, 4096, true, "a whole number from 1 to 4096"],
	seed: [0, 0xffff_ffff, true, "a whole number from 0 to 4294967295"],
};

/** What is wrong with each field; nothing where all can be sent. */
export function samplingProblems(drafted: Drafted): Partial<Record<keyof Sampling, string>> {
	const problems: Partial<Record<keyof Sampling, string>> = {};
	for (const name of Object.keys(RULES) as (keyof Sampling)[]) {
		const [least, most, whole, said] = RULES[name];
		const text = drafted[name].trim();
		const value = Number(text);
		if (!/^\d+(\.\d+)?$/.test(text) || value < least || value > most || (whole && !Number.isInteger(value)))
			problems[name] = said;
	}
	return problems;
}

/** Undefined while a field is wrong. */
export function samplingOf(drafted: Drafted): Sampling | undefined {
	if (Object.keys(samplingProblems(drafted)).length > 0) return undefined;
	const { temperature, topP, maxTokens, seed } = drafted;
	return { temperature: Number(temperature), topP: Number(topP), maxTokens: Number(maxTokens), seed: Number(seed) };
}
