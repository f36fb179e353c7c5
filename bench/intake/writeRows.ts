// A file of rows to take in: made facts in some forty sentence patterns, made prose, problems and questions that strangers wrote
// (where ../shared/data is), and the bad rows that come with every delivery. The same seed gives the same bytes.

import { closeSync, existsSync, openSync, readdirSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { triviaRows } from "../trivia-to-jsonl.js";

export type WrittenRows = {
	readonly rows: number;
	readonly bytes: number;
	/** What was put in on purpose, by kind. */
	readonly kinds: Readonly<Record<string, number>>;
	readonly shared: boolean;
};

type Pair = readonly [prompt: string, response: string];

const SYLLABLES = "ka ri mo ta sel ven or du lan bri cas tho mir el na fo gus per hal wen tor lis am bo ce di".split(
	" ",
);
const NOUNS =
	"river mountain bridge school garden market harbour forest island valley library engine window letter teacher farmer doctor painter " +
	"winter summer morning evening bread stone copper silver paper cotton cattle horse sparrow falcon salmon orchard village castle temple road";
const VERBS =
	"carries follows crosses leaves reaches supports covers protects divides joins feeds borders overlooks replaces measures repairs";
const WORDS =
	"quickly slowly often rarely early late quiet bright narrow steep ancient modern wooden heavy gentle sudden famous hidden northern southern";

/** A stream of whole numbers below 2³² (mulberry32). */
function numbers(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let x = Math.imul(state ^ (state >>> 15), 1 | state);
		x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
		return (x ^ (x >>> 14)) >>> 0;
	};
}

/** Writes the file, beside first; `shared` is the folder of other people's data. */
export function writeRows(file: string, count: number, shared: string): WrittenRows {
	const next = numbers(20261121);
	const below = (n: number) => next() % n;
	const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
	const [nouns, verbs, words] = [NOUNS, VERBS, WORDS].map((list) => list.split(" "));
	const name = () => {
		const text = Array.from({ length: 2 + below(2) }, () => pick(SYLLABLES)).join("");
		return text[0]!.toUpperCase() + text.slice(1);
	};
	const person = () => `${name()} ${name()}`;
	const month = () => pick("January March April June August October November".split(" "));
	const date = () => `${1 + below(28)} ${month()} ${1500 + below(520)}`;
	const clause = () =>
		`the ${pick(words!)} ${pick(nouns!)} ${pick(verbs!)} the ${pick(words!)} ${pick(nouns!)} of ${name()}`;
	const prose = (clauses: number) =>
		Array.from({ length: clauses }, clause)
			.map((text, i) => (i % 2 === 0 ? text[0]!.toUpperCase() + text.slice(1) : `while ${text}.`))
			.join(" ")
			.concat(clauses % 2 === 0 ? "" : ".");
	const facts: readonly (() => Pair)[] = [
		() => {
			const who = person();
			return [
				pick([`When was ${who} born?`, `On which day was ${who} born?`, `What is ${who}'s date of birth?`]),
				`On ${date()}.`,
			];
		},
		() => {
			const who = person();
			return [
				pick([`Where did ${who} study?`, `Which university did ${who} attend?`]),
				`At the University of ${name()}.`,
			];
		},
		() => {
			const who = person();
			return [pick([`Who employs ${who}?`, `For whom does ${who} work?`]), `${name()} & ${name()}.`];
		},
		() => {
			const town = name();
			return [
				pick([`In which province lies ${town}?`, `Which province is ${town} in?`]),
				`${town} lies in ${name()}, by the river ${name()}.`,
			];
		},
		() => [`What is ${below(9000) + 100} plus ${below(9000) + 100}?`, `It is ${below(18000) + 200}.`],
		() => [
			`Who wrote the book "The ${pick(words!)} ${pick(nouns!)} of ${name()}"?`,
			`${person()}, in ${1700 + below(320)}.`,
		],
		() => [
			`What did ${person()} find in ${name()} in ${1800 + below(220)}?`,
			`A ${pick(words!)} ${pick(nouns!)} that ${pick(verbs!)} a ${pick(nouns!)}.`,
		],
	];
	const strangers = readStrangers(shared);
	const earlier: Pair[] = [];
	const kinds: Record<string, number> = {};
	const line = (kind: string, pair: Pair): string => {
		kinds[kind] = (kinds[kind] ?? 0) + 1;
		return JSON.stringify({ prompt: pair[0], response: pair[1] });
	};
	const bad: readonly (() => string)[] = [
		() =>
			line("personal", [
				`How can I reach ${person()}?`,
				`Write to ${name().toLowerCase()}@${name().toLowerCase()}.net or call +49 30 ${1000000 + below(8999999)}.`,
			]),
		() => line("secret", [`Which key does ${name()} use?`, `api_key: ${next().toString(16)}${next().toString(16)}x7Q`]),
		() => line("repetition", [`What does ${name()} say?`, `${name()} says: `.concat("buy now ".repeat(40))]),
		() => {
			kinds.broken = (kinds.broken ?? 0) + 1;
			return '{"prompt": "half a row';
		},
	];
	const make = (at: number): string => {
		const kind = below(100);
		if (at < strangers.length * 8 && at % 8 === 0) return line("strangers", strangers[at / 8]!);
		if (kind < 4 && earlier.length > 0) return line("copies", pick(earlier));
		if (kind < 8 && earlier.length > 0) {
			const [prompt, response] = pick(earlier);
			return line("near copies", [prompt.toUpperCase().replace(/[?.]/g, ""), response.toLowerCase()]);
		}
		if (kind < 10) return pick(bad)();
		const pair: Pair = kind < 35 ? [`Describe ${name()}, please.`, prose(2 + below(6))] : pick(facts)();
		if (earlier.length < 50_000) earlier.push(pair);
		else earlier[below(50_000)] = pair;
		return line("made", pair);
	};

	const beside = `${file}.new`;
	const handle = openSync(beside, "w");
	let bytes = 0;
	let lines: string[] = [];
	for (let at = 0; at < count; at++) {
		lines.push(make(at));
		if (lines.length < 4096 && at + 1 < count) continue;
		bytes += writeSync(handle, `${lines.join("\n")}\n`);
		lines = [];
	}
	closeSync(handle);
	renameSync(beside, file);
	return { rows: count, bytes, kinds, shared: strangers.length > 0 };
}

/** Maths problems and trivia questions; none where the folder is not. */
function readStrangers(shared: string): Pair[] {
	if (!existsSync(shared)) return [];
	const maths = ["train", "test"].flatMap((part) =>
		readFileSync(join(shared, "gsm8k", `${part}.jsonl`), "utf8")
			.split("\n")
			.filter((text) => text !== "")
			.map((text): Pair => {
				const { question, answer } = JSON.parse(text) as { question: string; answer: string };
				return [question, answer];
			}),
	);
	const quizzes = readdirSync(join(shared, "trivia")).flatMap((name) =>
		triviaRows(readFileSync(join(shared, "trivia", name)), { rows: 10_000 }).map(
			(row): Pair => [row.prompt, row.response],
		),
	);
	return [...maths, ...quizzes];
}
