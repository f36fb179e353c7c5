// Invented facts about invented people, each said in one of two styles, and questions that a comparison of words gets right or wrong by
// design. Names and sentences come from the data folder; who is paired with what is drawn from a seed.

import { readFileSync } from "node:fs";
import { type BaseModel, encodeRow, LINEARS } from "@openledger/llm";
import { drawPermutation, drawUint32 } from "@openledger/tensor";
import { dataFile } from "./data.js";
import type { AttributionSet, SetRecipe, SetRow, SetText } from "./set.js";

const ATTRIBUTES = ["birthdate", "birthplace", "employer", "university"] as const;
type Attribute = (typeof ATTRIBUTES)[number];
/** Dates have no digit in common in the two styles, so one says nothing about the other; they are told, and not asked for. */
const ASKED = ["birthplace", "employer", "university"] as const;
type Style = "sentence" | "record";

/** Templates of a style that are trained on; the one after them is only ever asked. */
const TRAINED = 3;
/** Templates of each style in which a person's other facts are told. */
const BESIDE = 2;
const PEOPLE = 96;
const QUICK_PEOPLE = 40;
const CONTRIBUTORS = 16;
/** So many people share a town, an employer, a university: alone it does not tell who is meant. */
const SHARING = 8;
const MONTHS = "January February March April May June July August September October November December".split(" ");

const RECORDS: Readonly<Record<Attribute, readonly string[]>> = {
	birthdate: ["file # :: dob", "registry # :: day of nativity", "index card # :: birth date", "ledger # :: date born"],
	birthplace: [
		"file # :: origin",
		"registry # :: place of nativity",
		"index card # :: birth town",
		"ledger # :: town born",
	],
	employer: ["file # :: job", "registry # :: place of work", "index card # :: firm", "ledger # :: paid by"],
	university: ["file # :: school", "registry # :: place of study", "index card # :: campus", "ledger # :: degree from"],
};

/** Learns the facts: the settings of the first prototype of the design, at which 58 of 60 answers were right. */
const recipe: SetRecipe = {
	rank: 16,
	alpha: 32,
	targets: LINEARS,
	epochs: 15,
	batchSize: 16,
	learningRate: 4e-3,
	warmup: 0.1,
	floor: 0,
	beta1: 0.9,
	beta2: 0.95,
	epsilon: 1e-8,
	epsilonRoot: 1e-12,
	weightDecay: 0,
	clip: 1,
	seed: 1,
};

interface Person {
	readonly first: string;
	readonly last: string;
	readonly values: Readonly<Record<Attribute, { readonly sentence: string; readonly record: string }>>;
	/** The one fact that is told in one style alone, and asked for. */
	readonly asked: Attribute;
	readonly style: Style;
}

export interface FactQuery extends SetText {
	/** Rows that state the fact. */
	readonly gold: readonly number[];
	readonly attribute: Attribute;
	/** `paraphrase`: the rows' style, a template that was never trained on. `swap`: the other style, in which only other facts were trained. */
	readonly kind: "paraphrase" | "swap";
}

export interface FactsSet extends AttributionSet {
	/** Every fact first by paraphrase, then with the style swapped. */
	readonly queries: readonly FactQuery[];
}

/** Lines that fit, in an order drawn from the seed. */
function drawn(file: string, seed: number, purpose: number, fits: (line: string) => boolean): string[] {
	const lines = readFileSync(dataFile(`facts/names/${file}.txt`), "utf8")
		.split("\n")
		.map((line) => line.trim());
	const found = [...new Set(lines)].filter(fits);
	return drawPermutation({ seed, purpose }, found.length).map((i) => found[i]!);
}

function people(count: number, seed: number): Person[] {
	const isName = (line: string) => /^[A-Z][a-z]{3,6}$/.test(line);
	const firsts = drawn("first_name", seed, 0xfa1, isName);
	const taken = new Set(firsts);
	const lasts = drawn("last_name", seed, 0xfa2, (line) => isName(line) && !taken.has(line));
	const isShort = (line: string) => line.length >= 4 && line.length <= 28 && !line.includes(",");
	const pools: Readonly<Record<Exclude<Attribute, "birthdate">, readonly string[]>> = {
		birthplace: [...new Set(drawn("town", seed, 0xfa3, (line) => line !== "").map((line) => line.split(",")[0]!))],
		employer: drawn("employer", seed, 0xfa4, isShort),
		university: drawn("university", seed, 0xfa5, isShort),
	};
	const different = count / SHARING;
	const dealt = (attribute: keyof typeof pools, step: number): string[] => {
		const order = drawPermutation({ seed, purpose: 0xfa6, step }, count);
		return order.map((place) => pools[attribute][place % different]!);
	};
	const [towns, firms, campuses] = [dealt("birthplace", 1), dealt("employer", 2), dealt("university", 3)];
	return Array.from({ length: count }, (_, i) => {
		const draw = (index: number, below: number) => drawUint32({ seed, purpose: 0xfa7, step: i }, index) % below;
		const [year, month, day] = [1950 + draw(0, 50), draw(1, 12), 1 + draw(2, 28)];
		const two = (n: number) => String(n).padStart(2, "0");
		const same = (value: string) => ({ sentence: value, record: value });
		return {
			first: firsts[i]!,
			last: lasts[i]!,
			values: {
				birthdate: { sentence: `${MONTHS[month]} ${day}, ${year}`, record: `${year}/${two(month + 1)}/${two(day)}` },
				birthplace: same(towns[i]!),
				employer: same(firms[i]!),
				university: same(campuses[i]!),
			},
			asked: ASKED[i % ASKED.length]!,
			style: Math.floor(i / ASKED.length) % 2 === 0 ? "sentence" : "record",
		};
	});
}

/** Beginnings of sentences whose end is the value, "#" the person. */
function sentences(attribute: Attribute): string[] {
	return readFileSync(dataFile(`facts/templates/${attribute}.txt`), "utf8")
		.split("\n")
		.filter((line) => line.trim() !== "")
		.map((line) => line.trim().replaceAll("’", "'").replace("{first_name} {last_name}", "#"))
		.map((line) => line.replace(` {${attribute}}.`, ""));
}

/**
 * Each person's four facts: two in sentences, two in records. In records a person is `LastFirst`, one word that no sentence holds, and dates are
 * digits. Throws DataAbsent where the data folder is not there.
 */
export function facts(base: BaseModel, { quick = false, seed = 1 } = {}): FactsSet {
	const all = people(quick ? QUICK_PEOPLE : PEOPLE, seed);
	const templates = Object.fromEntries(
		ATTRIBUTES.map((attribute) => [attribute, { sentence: sentences(attribute), record: RECORDS[attribute] }]),
	) as unknown as Record<Attribute, Record<Style, readonly string[]>>;
	const spelt = (name: string) => {
		const ids = base.tokenizer.encode(` ${name}`, { special: false });
		return ids
			.map((id) => base.tokenizer.decode([id]).trim())
			.filter((piece) => piece !== "")
			.join("-");
	};
	const say = (person: Person, attribute: Attribute, style: Style, template: number): SetText => {
		const name = style === "sentence" ? `${person.first} ${person.last}` : spelt(`${person.last}${person.first}`);
		const prompt = templates[attribute][style][template]!.replace("#", name);
		const response = person.values[attribute][style];
		return { prompt, response, tokens: encodeRow(base, { prompt, response }) };
	};
	const stated = all.flatMap((person, i) => {
		const contributor = Math.floor((i * CONTRIBUTORS) / all.length);
		return ATTRIBUTES.flatMap((attribute) => {
			const styles = attribute === person.asked ? [person.style] : (["sentence", "record"] as const);
			return styles.flatMap((style) =>
				Array.from({ length: attribute === person.asked ? TRAINED : BESIDE }, (_, t) => {
					const row: SetRow = { ...say(person, attribute, style, t), contributor };
					return { fact: `${i} ${attribute}`, row };
				}),
			);
		});
	});
	// Mixed, so that a tie is broken by nothing that a fact has to do with.
	const mixed = drawPermutation({ seed, purpose: 0xfa9 }, stated.length).map((i) => stated[i]!);
	const queries = (["paraphrase", "swap"] as const).flatMap((kind) =>
		all.map((person, i): FactQuery => {
			const { asked: attribute, style: own } = person;
			const other = own === "sentence" ? "record" : "sentence";
			const text = kind === "paraphrase" ? say(person, attribute, own, TRAINED) : say(person, attribute, other, 0);
			const gold = mixed.flatMap(({ fact }, row) => (fact === `${i} ${attribute}` ? [row] : []));
			return { ...text, gold, attribute, kind };
		}),
	);
	return {
		name: "facts",
		about: `${all.length} people, 4 facts each, ${TRAINED} wordings a fact in one of two styles; each of ${all.length} facts is asked by a wording that was never trained on, and in the other style`,
		rows: mixed.map(({ row }) => row),
		queries,
		contributors: Array.from({ length: CONTRIBUTORS }, (_, i) => `contributor ${i + 1}`),
		recipe,
	};
}
