// Text that strangers wrote, made harmless to look at: what is invisible or turns the direction of writing is shown as its code point, and
// what is longer than a page shows is cut. React escapes markup; this is about what escaping leaves.

/** Controls but tab and line feed; soft hyphen, zero-width and direction characters, tags, private use, lone surrogates. */
const HIDDEN =
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
	/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ue000-\uf8ff]|[\u{e0000}-\u{e0fff}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

/** Emoji are joined by this one. */
const JOINER = "\u200d";

export function visibleText(text: string, { max = 2000 }: { readonly max?: number } = {}): string {
	const kept = text.length > max ? `${text.slice(0, max)}… (${text.length - max} more characters)` : text;
	return kept.replace(HIDDEN, (char, at: number) => {
		if (char === JOINER && /\p{Extended_Pictographic}|\ufe0f/u.test(kept.slice(at - 2, at))) return char;
		return `‹U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}›`;
	});
}
