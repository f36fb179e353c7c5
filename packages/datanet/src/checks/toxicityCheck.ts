// Slurs and obscene words, by the word layer of `obscenity` (English only). A word is no proof: a row about a word is found as
// one that uses it. It must not know other languages' words, and says so by finding none.
import {
	DataSet,
	englishDataset,
	englishRecommendedBlacklistMatcherTransformers,
	englishRecommendedWhitelistMatcherTransformers,
	RegExpMatcher,
} from "obscenity";
import { type Action, type Check, NOTHING } from "./check.js";

// Words that stand in biology, novels, names and sums more often than in insults: in 20,712 texts by strangers they were all
// that the full list found, Coriolanus and 455 among them.
const ORDINARY = new Set(
	(
		"abo anal anus arse ass bastard bestiality boob chink cock cuck cum dick dildo doggystyle dyke ejaculate felch fellatio fisting hooker " +
		"hentai incest masturbate negro orgasm orgy penis piss porn prick pussy rape retard scat semen sex slut spastic tit turd twat vagina " +
		"wank whore"
	).split(" "),
);
/** Words that were looked at and are kept in mind; text repeats most of its words. */
const REMEMBERED = 50_000;
const TWO_LETTERS = /\p{L}.*\p{L}/su;
/** What may stand around a word without being part of it. */
const EDGES = /^[^\p{L}\p{N}@$*#!]+|[^\p{L}\p{N}@$*#!]+$/gu;

/** Looks at words one by one, so that no word is found across two, nor within one that only contains it. */
export function toxicityCheck(action: Action): Check {
	const words = new DataSet<{ originalWord: string }>()
		.addAll(englishDataset)
		.removePhrasesIf((phrase) => ORDINARY.has(phrase.metadata?.originalWord ?? ""));
	const matcher = new RegExpMatcher({
		...words.build(),
		blacklistMatcherTransformers: englishRecommendedBlacklistMatcherTransformers,
		whitelistMatcherTransformers: englishRecommendedWhitelistMatcherTransformers,
	});
	const known = new Map<string, boolean>();

	function isToxic(written: string): boolean {
		const seen = known.get(written);
		if (seen !== undefined) return seen;
		const word = written.replace(EDGES, "");
		const found = TWO_LETTERS.test(word) && matcher.getAllMatches(word).some(({ startIndex }) => startIndex === 0);
		if (known.size >= REMEMBERED) known.clear();
		known.set(written, found);
		return found;
	}

	return {
		name: "toxicity",
		version: 1,
		settings: { action, words: "obscenity 0.4.6, English", without: [...ORDINARY].sort() },
		run({ whole }) {
			if (!whole.split(/\s+/).some(isToxic)) return NOTHING;
			const reason = "the row holds a slur or an obscene word; leave it out, or say that the row is about it";
			return [{ action, code: "toxic-word", reason }];
		},
	};
}
