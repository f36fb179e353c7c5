// Questions with their answers, from flags or a file. It must not know what is done with them.

import { readFileSync, statSync } from "node:fs";
import { unusable, usage } from "../errors.js";

export type Query = { readonly prompt: string; readonly response: string };

/** 64 queries of the longest texts that a node takes. */
const MAX_BYTES = 4 * 1024 * 1024;

/** The n-th question has the n-th answer. Throws `cli/usage`. */
export function pairQueries(prompts: readonly string[], answers: readonly string[]): Query[] {
	if (prompts.length !== answers.length) {
		throw usage(
			`${prompts.length} times --query and ${answers.length} times --answer; each question needs the answer that is audited`,
		);
	}
	return prompts.map((prompt, i) => ({ prompt, response: answers[i]! }));
}

/** JSON Lines of prompt and response, as rows have them; other fields are let be. Throws `cli/unusable-file`, `cli/usage` with the line. */
export function readQueries(file: string): Query[] {
	let text: string;
	try {
		if (statSync(file).size > MAX_BYTES) throw new Error(`it has more than ${MAX_BYTES} bytes`);
		text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
	} catch (cause) {
		throw unusable(file, cause);
	}
	return text.split("\n").flatMap((line, i) => {
		if (line.trim() === "") return [];
		const query = parse(line);
		if (query === undefined) throw usage(`${file}: line ${i + 1} is not JSON with the texts prompt and response`);
		return [query];
	});
}

function parse(line: string): Query | undefined {
	try {
		const { prompt, response } = JSON.parse(line) as Partial<Record<keyof Query, unknown>>;
		return typeof prompt === "string" && typeof response === "string" ? { prompt, response } : undefined;
	} catch {
		return undefined;
	}
}
