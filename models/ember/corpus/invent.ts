// Invented names by syllables, one flavour per kind of thing. A name is a function of its draws alone.

import type { Draw } from "./random.js";

const onsets = "b br c ch cl d dr f fl g gl gr h j k kl kr l m n p pl pr qu r s sh sk sl st t th tr v w y z".split(" ");
const vowels = "a e i o u a e i o u ai ea ee ia io oa ou".split(" ");
const codas = ["", "", "", "", "n", "r", "l", "s", "m", "t", "k", "nd", "rn", "st", "lm"];

const endings: Readonly<Record<string, readonly string[]>> = {
	country: ["ia", "land", "stan", "ova", "mark", "esia", "ania", "or"],
	city: ["burg", "ton", "a", "grad", "ville", "port", "o", "opolis", "ford", "im"],
	currency: ["", "", "a", "o", "ing", "et", "ar"],
	language: ["ish", "ese", "ian", "ic", "i", "an"],
	element: ["ium", "ium", "on", "ine", "ite"],
	river: ["", "a", "e", "is", "on"],
	word: ["", "a", "o", "en", "y", "le"],
	surname: ["", "son", "ski", "ez", "man", "ini", "ov", "berg", "well", "e"],
	thing: ["er", "graph", "scope", "or", "phone", "ette"],
};

export type Flavour = keyof typeof endings;

/** A new lower-case name of a flavour: one or two syllables and an ending. */
export function inventWord(draw: Draw, flavour: Flavour): string {
	let name = "";
	const syllables = 1 + draw.below(2);
	for (let i = 0; i < syllables; i++)
		name += draw.of(onsets) + draw.of(vowels) + (i + 1 === syllables ? draw.of(codas) : "");
	return name + draw.of(endings[flavour]!);
}

export const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const given =
	`Anna Maria Ivan Peter Paul John James Mary Jane Emily Charles Louis Victor Leo George Thomas Robert Daniel Alexander William Henry
Albert Marie Carl Erik Sofia Elena Hugo Oscar Ada Clara Rosa Lucy Franz Johannes Max Niels Miguel Pablo Diego Jorge Fyodor Dmitri Nikolai Yuri
Giovanni Galileo Marco Dante Jean Jacques Pierre Claude Simone Ingrid Olga Vera Amir Omar Fatima Leila Kenji Yuki Mei Wei Ravi Indira Kofi Amara`
		.split(/\s+/)
		.filter((name) => name !== "");

/** An invented person: a given name and an invented surname. */
export const inventPerson = (draw: Draw): string => `${draw.of(given)} ${capital(inventWord(draw, "surname"))}`;

const adjectives =
	"Silver Golden Last First Lost Quiet Burning Hidden Long Empty Green Red Black White Broken Little Great Distant Wild Secret".split(
		" ",
	);
const nouns =
	"Gate River Garden House Island Mountain King Queen Sea Road Tower Winter Summer Night Machine Book Mirror Forest City Star Heart Voyage".split(
		" ",
	);

/** An invented book title. */
export const inventTitle = (draw: Draw): string =>
	draw.chance(1, 2)
		? `The ${draw.of(adjectives)} ${draw.of(nouns)}`
		: `The ${draw.of(nouns)} and the ${draw.of(nouns)}`;
