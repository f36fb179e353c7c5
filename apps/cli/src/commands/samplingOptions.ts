// The flags of commands that have text generated, and their limits. It must not know who generates.

import { InvalidArgumentError, Option } from "commander";
import { collect } from "../defineCommand.js";

export type SamplingOptions = {
	readonly temperature: number;
	readonly topP: number;
	readonly topK: number;
	readonly minP: number;
	readonly repetitionPenalty: number;
	readonly stop?: readonly string[];
	readonly seed: number;
};

/** Every default is the one that changes nothing: the likeliest token, each time. */
export function samplingOptions(): Option[] {
	return [
		new Option("--temperature <t>", "0 is greedy").argParser(number(0, 2)).default(0),
		new Option("--top-k <n>", "draw among so many of the likeliest tokens; 0 for all")
			.argParser(whole(0, 1e6))
			.default(0),
		new Option("--top-p <p>", "draw among the likeliest that reach this probability")
			.argParser(number(0.01, 1))
			.default(1),
		new Option("--min-p <p>", "leave out tokens below this part of the likeliest").argParser(number(0, 1)).default(0),
		new Option("--repetition-penalty <x>", "above 1, tokens that were there before become less likely")
			.argParser(number(0.01, 2))
			.default(1),
		new Option("--stop <text>", "end before this text; may be given up to 4 times").argParser(stopText),
		new Option("--seed <n>", "seed of the draw").argParser(whole(0, 0xffff_ffff)).default(0),
	];
}

/** A flag's number within its range. */
export function number(from: number, to: number): (value: string) => number {
	return (value) => {
		const found = Number(value);
		if (value.trim() !== "" && found >= from && found <= to) return found;
		throw new InvalidArgumentError(`It must be a number from ${from} to ${to}.`);
	};
}

export function whole(from: number, to: number): (value: string) => number {
	return (value) => {
		const found = Number(value);
		if (value.trim() !== "" && Number.isInteger(found) && found >= from && found <= to) return found;
		throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
	};
}

const STOPS = 4;
const STOP_CHARACTERS = 64;

function stopText(value: string, before: readonly string[] | undefined): string[] {
	const all = collect(value, before);
	if (value.length === 0 || value.length > STOP_CHARACTERS || all.length > STOPS)
		throw new InvalidArgumentError(`At most ${STOPS} texts of 1 to ${STOP_CHARACTERS} characters.`);
	return all;
}
