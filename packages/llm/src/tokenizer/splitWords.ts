// Pre-tokenisation: cuts text into the words inside which merges may happen, as Hugging Face's ByteLevel does by default
// (English contractions, then letters, digits or other signs with one leading space, then white space).
// White space is the Unicode property, as in the Rust library, not JavaScript's \s (they differ in U+0085 and U+FEFF).
// Which code points are letters depends on the engine's Unicode version; that can only matter to a vocabulary whose
// merges reach over the bytes of a letter newer than the engine.

const word =
	/'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/** Cuts text into words; joined again they are the text. */
export function splitWords(text: string): string[] {
	return text.match(word) ?? [];
}
