// Marks of text that went through the wrong encoding, and of text that looks like another. Control characters and half
// surrogates never come this far: reading refuses them. It must not know what the text says.
import { type Check, type Finding, NOTHING } from "./check.js";

// UTF-8 read as Latin-1 or Windows-1252: a lead byte's letter followed by a continuation byte's sign.
const MOJIBAKE = /[ÂÃâð][\u0080-\u00bf‚„…†‡ˆ‰‹Œ‘’“”•–—˜™š›œžŸ€]/;
// Marks nobody sees, but joiners (emoji, Indic and Persian scripts need them), soft hyphen and variation selectors.
const INVISIBLE = /[\u200b\u2060-\u2064\u180e\ufeff\u{e0000}-\u{e007f}]/u;
const PRIVATE_USE = /[\ue000-\uf8ff\u{f0000}-\u{10ffff}]/u;
// Latin and Cyrillic or Greek letters in one word: "pаypal" with a Cyrillic а. Single letters are formulas.
const MIXED =
	/\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Latin}|\p{Script=Cyrillic}\p{Script=Latin}\p{Script=Cyrillic}|\p{Script=Latin}{2}[\p{Script=Cyrillic}\p{Script=Greek}]|[\p{Script=Cyrillic}\p{Script=Greek}]\p{Script=Latin}{2}/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range that needs no closer look
const ASCII = /^[\u0000-\u007f]*$/;

const MARKS: readonly (readonly [code: string, pattern: RegExp, reason: string])[] = [
	[
		"replacement-character",
		/\ufffd/,
		"the text holds U+FFFD, left by a wrong decoding; read the source again as what it is",
	],
	["mojibake", MOJIBAKE, "the text looks like UTF-8 read as Latin-1; read the source again as UTF-8"],
	["invisible", INVISIBLE, "the text holds characters that nobody sees; remove them"],
	[
		"private-use",
		PRIVATE_USE,
		"the text holds private-use characters, which mean something else everywhere; replace them",
	],
	["mixed-script", MIXED, "a word mixes letters of two scripts; write it in one"],
];

export function encodingCheck(): Check {
	return {
		name: "encoding",
		version: 1,
		settings: { codes: MARKS.map(([code]) => code) },
		run({ whole }) {
			if (ASCII.test(whole)) return NOTHING;
			const found: Finding[] = [];
			for (const [code, pattern, reason] of MARKS)
				if (pattern.test(whole)) found.push({ action: "flag", code, reason });
			return found;
		},
	};
}
