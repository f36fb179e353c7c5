// In which language a row is written, by eld's n-grams. A short text is left undecided. It must not know words.
import { CallerError } from "@openledger/protocol";
import { eld } from "eld/small";
import { type Check, NOTHING } from "./check.js";

/** Fewer letters than this are no language: "Lima." is Malay to an n-gram. */
export const LETTERS_TO_TELL = 40;

/** More than this is not looked at: the language of a row does not change in its middle. */
const MOST_CHARACTERS = 144;

const CODE = /^[a-z]{2}$/;

/** The language as ISO 639-1, or `unknown` for a text too short or too mixed to tell. */
export function languageOf(whole: string): string {
	const text = whole.slice(0, MOST_CHARACTERS);
	if (!hasLetters(text)) return "unknown";
	const found = eld.detect(text);
	return found.isReliable() ? found.language || "unknown" : "unknown";
}

/** Counts ASCII letters and everything from À on: of what is written there, almost all are letters. */
function hasLetters(text: string): boolean {
	let letters = 0;
	for (let at = 0; at < text.length && letters < LETTERS_TO_TELL; at++) {
		const code = text.charCodeAt(at);
		if ((code | 32) >= 97 && (code | 32) <= 122) letters++;
		else if (code >= 0xc0) letters++;
	}
	return letters >= LETTERS_TO_TELL;
}

/** Refuses rows that are surely in a language not listed; an empty list takes them all. Throws `datanet/bad-language`. */
export function languageCheck(languages: readonly string[], seen: (language: string) => void = () => {}): Check {
	for (const language of languages) {
		if (!CODE.test(language)) {
			throw new CallerError(`${JSON.stringify(language)} is no language; use two letters of ISO 639-1, such as en`, {
				code: "datanet/bad-language",
			});
		}
	}
	return {
		name: "language",
		version: 1,
		settings: {
			detector: "eld 2.1.0 small",
			letters: LETTERS_TO_TELL,
			characters: MOST_CHARACTERS,
			languages: [...languages].sort(),
		},
		run({ whole }) {
			const language = languageOf(whole);
			seen(language);
			if (languages.length === 0 || language === "unknown" || languages.includes(language)) return NOTHING;
			const reason = `the row is in ${language}; this datanet takes ${languages.join(", ")}`;
			return [{ action: "reject", code: "wrong-language", reason }];
		},
	};
}
