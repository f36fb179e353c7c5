// Slurs and obscene words, by the word layer of `obscenity` (English only). A word is no proof: a row about a word is found as
// one that uses it. It must not know other languages' words, and says so by finding none.
import { englishDataset, englishRecommendedTransformers, RegExpMatcher } from "obscenity";
import { type Action, type Check, NOTHING } from "./check.js";

export function toxicityCheck(action: Action): Check {
	const matcher = new RegExpMatcher({ ...englishDataset.build(), ...englishRecommendedTransformers });
	return {
		name: "toxicity",
		version: 1,
		settings: { action, words: "obscenity 0.4.6, English" },
		run({ whole }) {
			if (!matcher.hasMatch(whole)) return NOTHING;
			const reason = "the row holds a slur or an obscene word; leave it out, or say that the row is about it";
			return [{ action, code: "toxic-word", reason }];
		},
	};
}
