// Text of strangers made fit to be looked at: nothing in it may steer a terminal, reorder a line or vanish. It must not know where it is shown.

/** C0 but tab and newline, DEL, C1, what reorders or hides text, separators of lines, halves of pairs, and the non-characters. */
const UNSEEN =
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
	/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\p{Surrogate}]|[\u{e0000}-\u{e0fff}]/gu;

const PICTURES = 0x2400;
const DELETE = 0x7f;

/** The text with a visible sign for every character that has none: ␛ for escape, ⟨U+202E⟩ for a mark that turns text around. */
export function visibleText(text: string): string {
	return text.replace(/\r\n?/g, "\n").replace(UNSEEN, (character) => {
		const code = character.codePointAt(0)!;
		if (code < 0x20) return String.fromCodePoint(PICTURES + code);
		if (code === DELETE) return "\u2421";
		return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
	});
}
