// Text of strangers made fit to be looked at: nothing in it may steer a terminal, reorder a line or vanish. It must not know where it is shown.

/**
 * Controls but tab and newline, formats (what reorders or hides text), separators of lines, halves of pairs, fillers, non-characters.
 * The two formats that join letters and pictures stay.
 */
const UNSEEN =
	/(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufdd0-\ufdef\ufffe\uffff\u{e0000}-\u{e0fff}]/gu;

/** The text with a visible sign for every character that has none: ⟨U+001B⟩ for escape, ⟨U+202E⟩ for a mark that turns text around. */
export function visibleText(text: string): string {
	return text.replace(/\r\n?/g, "\n").replace(UNSEEN, (character) => {
		const code = character.codePointAt(0)!.toString(16).toUpperCase();
		return `⟨U+${code.padStart(4, "0")}⟩`;
	});
}
