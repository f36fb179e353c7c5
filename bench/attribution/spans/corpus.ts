// Rows of real text, as many megabytes as are asked for: Shakespeare's speeches, grade-school problems and trivia from ../shared/data. The first
// pass gives them as they are; every further one shuffles them and puts another word of the corpus in the place of each seventh word on average,
// so what repeats are stretches of a few words, as in text that people quote, and not whole rows. Seeded. It must not know an index.

import { readFileSync } from "node:fs";
import type { Row } from "@openledger/protocol";
import { dataFile } from "../sets/data.js";

/** Numbers in [0, 1) from a seed: the mulberry32 generator. */
export function generator(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** Throws DataAbsent. */
export function sources(): Row[] {
	const speeches = readFileSync(dataFile("shakespeare/input.txt"), "utf8").split("\n\n");
	const problems = ["train", "test"].flatMap((part) =>
		readFileSync(dataFile(`gsm8k/${part}.jsonl`), "utf8")
			.split("\n")
			.filter((line) => line !== "")
			.map((line) => JSON.parse(line) as { question: string; answer: string }),
	);
	const questions = ["animals", "geography", "science-technology"].flatMap((topic) =>
		readFileSync(dataFile(`trivia/${topic}.txt`), "latin1").split("\n\n"),
	);
	return [
		...speeches.map((response) => ({ prompt: "", response })),
		...problems.map(({ question, answer }) => ({ prompt: question, response: answer })),
		...questions.map((text) => ({ prompt: text.split("\n")[0] ?? "", response: text.split("\n").slice(1).join("\n") })),
	];
}

/** Rows until their texts have `bytes` bytes. */
export function* madeRows(from: readonly Row[], bytes: number, seed = 1): Generator<Row> {
	const random = generator(seed);
	const vocabulary = from.flatMap(({ prompt, response }) => `${prompt} ${response}`.split(/\s+/));
	const other = (text: string): string =>
		text
			.split(" ")
			.map((word) => (random() < 1 / 7 ? vocabulary[Math.floor(random() * vocabulary.length)]! : word))
			.join(" ");
	let made = 0;
	for (let pass = 0; ; pass++) {
		const order = Array.from(from, (_, k) => k);
		for (let k = order.length - 1; k > 0; k--) {
			const j = Math.floor(random() * (k + 1));
			[order[k], order[j]] = [order[j]!, order[k]!];
		}
		for (const k of order) {
			const { prompt, response } = from[k]!;
			const row = pass === 0 ? { prompt, response } : { prompt: other(prompt), response: other(response) };
			made += Buffer.byteLength(row.prompt) + Buffer.byteLength(row.response) + 2;
			yield row;
			if (made >= bytes) return;
		}
	}
}

/** Answers of about `bytes` bytes: by turns stretches of 5 to 24 words copied from a source, and as many words drawn singly. */
export function madeAnswers(from: readonly Row[], count: number, bytes: number, seed = 2): string[] {
	const random = generator(seed);
	const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
	const words = from.map(({ prompt, response }) => `${prompt} ${response}`.split(" "));
	return Array.from({ length: count }, () => {
		const parts: string[] = [];
		for (let length = 0; length < bytes; ) {
			const many = 5 + Math.floor(random() * 20);
			const source = pick(words);
			const start = Math.floor(random() * Math.max(1, source.length - many));
			const copied = parts.length % 2 === 0;
			const part = copied ? source.slice(start, start + many) : Array.from({ length: many }, () => pick(pick(words)));
			parts.push(part.join(" "));
			length += parts.at(-1)!.length + 1;
		}
		return parts.join(" ").slice(0, bytes);
	});
}
