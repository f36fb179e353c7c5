// A text as words that carry its sense, whatever its case, accents, punctuation and filler. It must not know rows.

export type Word = {
	/** Lower case, without accents. */
	readonly text: string;
	/** Exchanging it may change what is meant: a number, a symbol, a capital, or any word where there are no capitals. */
	readonly mayBeName: boolean;
	/** Adding it changes what is meant: a number, a symbol, a capital that is not the first letter of the text. */
	readonly isName: boolean;
	/** Adding it changes an answer: a number, a symbol, a negation. */
	readonly isHard: boolean;
};

const FILLER = new Set(
	(
		"a an the of in on at to for from by with into as and or it its this that these those there here " +
		"is are was were be been being am do does did done has have had can could will would shall should may might " +
		"what which who whom whose where when why how i me my you your we us our he she they them their s t " +
		"please tell name give say state identify list find describe explain write complete define answer question"
	).split(" "),
);
const NEGATIONS = new Set("not no never neither nor none without except cannot n't".split(" "));

// One token per run of letters and digits, per character in scripts without spaces, per symbol, and per sign that is not
// a hyphen or slash between words: 4 - 2 is not 4 / 2, but half-life is half life.
const TOKEN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}]+|\p{S}|(?<!\p{L})[-−*/%](?!\p{L})/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const ASCII = /^[\u0000-\u007f]*$/;
const ASCII_TOKEN = /[A-Za-z0-9]+|[$+<=>^`|~]|(?<![A-Za-z])[-*/%](?![A-Za-z])/g;
const INVISIBLE = /[\p{M}\p{Cf}]/gu;
const HAS_NUMBER_OR_SYMBOL = /[^\p{L}]/u;
const UPPER = /^\p{Lu}/u;

/** Whether the text tells names from other words by capital letters. */
export function isCased(text: string): boolean {
	return tokensOf(text).some((token) => UPPER.test(token));
}

/** The words that carry the sense, in order. */
export function contentWords(text: string): Word[] {
	const tokens = tokensOf(text);
	const cased = isCased(text);
	return tokens
		.map((token, place) => {
			const word = token.toLowerCase();
			const hasNumber = HAS_NUMBER_OR_SYMBOL.test(token);
			const isCapital = UPPER.test(token);
			return {
				text: word,
				mayBeName: !cased || hasNumber || isCapital,
				isName: hasNumber || (isCapital && place > 0),
				isHard: hasNumber || NEGATIONS.has(word),
			};
		})
		.filter((word) => !FILLER.has(word.text));
}

/** All words in lower case with single spaces, or the text itself if it holds none. */
export function normalize(text: string): string {
	return tokensOf(text).join(" ").toLowerCase() || text.trim();
}

// A text is asked for several times in a row: its words, its case, its normal form.
let lastText = "";
let lastTokens: readonly string[] = [];
let otherText = "";
let otherTokens: readonly string[] = [];

function tokensOf(text: string): readonly string[] {
	if (text === lastText) return lastTokens;
	if (text === otherText) return otherTokens;
	[otherText, otherTokens] = [lastText, lastTokens];
	lastText = text;
	lastTokens = ASCII.test(text) ? asciiTokens(text) : unicodeTokens(text);
	return lastTokens;
}

/** The same as `unicodeTokens` of a text without accents or other scripts, in a third of the time. */
export function asciiTokens(text: string): readonly string[] {
	return text.match(ASCII_TOKEN) ?? [];
}

export function unicodeTokens(text: string): readonly string[] {
	return text.normalize("NFKD").replace(INVISIBLE, "").match(TOKEN) ?? [];
}
