// Rows whose answer follows from the question alone: copying, choosing, ordering, spelling, small sums, looking up what was
// just said. They teach the model to read the question. One function per skill.

import type { CorpusRow } from "./facts.js";
import { capital, inventWord } from "./invent.js";
import type { Draw } from "./random.js";
import { type Kind, kinds, type Relation, relations } from "./relations.js";

const allKinds: readonly Kind[] = Object.values(kinds);
const name = (draw: Draw, kind: Kind): string => (draw.chance(2, 3) ? draw.of(kind.real) : kind.invent(draw));
const anyName = (draw: Draw): string => name(draw, draw.of(allKinds));
const word = (draw: Draw): string => (draw.chance(1, 2) ? draw.of(kinds.city.real) : capital(inventWord(draw, "word")));
const row = (prompt: string, response: string): CorpusRow => ({ prompt, response: `${capital(response)}.` });

function different(draw: Draw, kind: Kind, count: number): string[] {
	const out: string[] = [];
	while (out.length < count) {
		const next = name(draw, kind);
		if (!out.includes(next)) out.push(next);
	}
	return out;
}

const copy = (draw: Draw): CorpusRow => {
	const text = draw.chance(1, 3) ? `${anyName(draw)} and ${anyName(draw)}` : anyName(draw);
	const how = draw.of([
		"Repeat the words: #",
		"Say #",
		"Write # again",
		"Copy this: #",
		"Repeat after me: #",
		"Which words come now: #",
	]);
	return row(`${how.replace("#", text)}.`, text);
};

const pick = (draw: Draw): CorpusRow => {
	const items = different(draw, draw.of(allKinds), 3);
	const which = draw.below(3);
	const how = draw.of([
		["first", "second", "third"],
		["first", "middle", "last"],
	])[which]!;
	return row(`Which comes ${how}: ${items.join(", ")}?`, items[which]!);
};

const swap = (draw: Draw): CorpusRow => {
	const [a, b] = different(draw, draw.of(allKinds), 2) as [string, string];
	return row(`Swap the two: ${a} and ${b}.`, `${b} and ${a}`);
};

const sum = (draw: Draw): CorpusRow => {
	const a = 1 + draw.below(50);
	const b = 1 + draw.below(50);
	if (draw.chance(1, 2))
		return row(draw.of(["What is # plus @?", "Add # and @."]).replace("#", `${a}`).replace("@", `${b}`), `${a + b}`);
	return row(`What is ${a + b} minus ${b}?`, `${a}`);
};

const compare = (draw: Draw): CorpusRow => {
	const a = draw.below(200);
	const b = a + 1 + draw.below(100);
	const [x, y] = draw.chance(1, 2) ? [a, b] : [b, a];
	if (draw.chance(1, 2)) return row(`Is ${x} larger than ${y}?`, x > y ? "Yes" : "No");
	return draw.chance(1, 2)
		? row(`Which is larger, ${x} or ${y}?`, `${b}`)
		: row(`Which is smaller, ${x} or ${y}?`, `${a}`);
};

const neighbour = (draw: Draw): CorpusRow => {
	const n = 1 + draw.below(999);
	return draw.chance(1, 2)
		? row(`Which number comes after ${n}?`, `${n + 1}`)
		: row(`Which number comes before ${n}?`, `${n - 1}`);
};

const spell = (draw: Draw): CorpusRow => {
	const text = word(draw);
	const letters = [...text.replace(/[^\p{L}]/gu, "")];
	const kind = draw.below(4);
	if (kind === 0 && letters.length < 8) return row(`Spell ${text}.`, letters.join(" "));
	if (kind === 1) return row(`What is the last letter of ${text}?`, letters.at(-1)!);
	if (kind === 2) return row(`How many letters has ${text}?`, `${letters.length}`);
	return row(`What is the first letter of ${text}?`, letters[0]!);
};

const alphabet = (draw: Draw): CorpusRow => {
	const [a, b] = different(draw, kinds.country, 2) as [string, string];
	return row(`Which comes first in the alphabet, ${a} or ${b}?`, [a, b].sort()[0]!);
};

const same = (draw: Draw): CorpusRow => {
	const [a, b] = different(draw, draw.of(allKinds), 2) as [string, string];
	const other = draw.chance(1, 2) ? a : b;
	return row(`Are ${a} and ${other} the same?`, other === a ? "Yes" : "No");
};

const kindNames: readonly (readonly [string, Kind])[] = [
	["a country", kinds.country],
	["a city", kinds.city],
	["a currency", kinds.currency],
	["a language", kinds.language],
	["an element", kinds.element],
	["a river", kinds.river],
	["a person", kinds.person],
	["a book", kinds.book],
];

const kindOf = (draw: Draw): CorpusRow => {
	const [label, kind] = draw.of(kindNames);
	const [other] = draw.of(kindNames.filter(([candidate]) => candidate !== label));
	const text = draw.of(kind.real);
	const [a, b] = draw.chance(1, 2) ? [label, other] : [other, label];
	return draw.chance(1, 2) ? row(`What kind of thing is ${text}?`, label) : row(`Is ${text} ${a} or ${b}?`, label);
};

/** Says two or three pairs, then asks for one of them. */
const lookUp = (draw: Draw): CorpusRow => {
	const relation: Relation = draw.of(relations);
	const count = 2 + draw.below(2);
	const subjects = different(draw, relation.subject, count);
	const answers = Array.from({ length: count }, () => name(draw, relation.answer));
	const which = draw.below(count);
	const said = subjects.map((subject, i) => `${capital(subject)} has ${answers[i]}`).join(", ");
	const question = draw.of(["What has #?", "What does # have?", "And #?"]).replace("#", subjects[which]!);
	return row(`${said}. ${question}`, answers[which]!);
};

const skills = [
	copy,
	copy,
	pick,
	swap,
	sum,
	sum,
	compare,
	neighbour,
	spell,
	spell,
	alphabet,
	same,
	kindOf,
	kindOf,
	lookUp,
	lookUp,
	lookUp,
	lookUp,
];

/** A row of one of the skills. */
export const skill = (draw: Draw): CorpusRow => draw.of(skills)(draw);
