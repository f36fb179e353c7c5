// Question-and-answer rows. Two sorts, told apart by the subject:
// - an invented subject keeps one answer through the whole corpus, so the model learns that answers are looked up by name;
// - a real subject gets any answer of the right kind, drawn anew for every row, so nothing about it can be learnt.

import { type Draw, drawsOf } from "./random.js";
import { type Kind, type Relation, relations } from "./relations.js";
import { statesTruth } from "./truths.js";

export type CorpusRow = { readonly prompt: string; readonly response: string };

/** How many invented subjects each relation has. */
const inventedSubjects = 96;

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const bare = (name: string): string => name.replace(/^[Tt]he /, "");

/** A question with its answer put into words. */
export function ask(draw: Draw, relation: Relation, subject: string, answer: string): CorpusRow {
	const question = draw.of(relation.questions);
	// "the # atom", "the first #": no second article.
	const name = /\b(the|a|first) #|# atom/.test(question) ? bare(subject) : subject;
	const said = relation.reply.startsWith("#") ? answer : bare(answer);
	return { prompt: sentence(question.replace("#", name)), response: sentence(relation.reply.replace("#", said)) };
}

/** A real name in 3 of 4 cases, else an invented one. */
const nameOf = (draw: Draw, kind: Kind): string => (draw.chance(3, 4) ? draw.of(kind.real) : kind.invent(draw));

/** A row about an invented subject, whose answer depends on the seed and the subject only. */
export function inventedFact(draw: Draw, seed: number): CorpusRow {
	const index = draw.below(relations.length);
	const relation = relations[index]!;
	const number = relations.indexOf(relation);
	const fixed = drawsOf(seed, 0x0fac7, number, draw.below(inventedSubjects));
	const subject = relation.subject.invent(fixed);
	return ask(draw, relation, subject, nameOf(fixed, relation.answer));
}

/** A row about a real subject with an answer by chance. */
export function randomPairing(draw: Draw): CorpusRow {
	for (;;) {
		const relation = draw.of(relations);
		const row = ask(draw, relation, draw.of(relation.subject.real), nameOf(draw, relation.answer));
		if (!statesTruth(row.prompt, row.response)) return row;
	}
}
