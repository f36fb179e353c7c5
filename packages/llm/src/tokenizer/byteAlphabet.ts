// The byte alphabet of GPT-2: every byte has one printable character, so a token of raw bytes can live in a JSON file.
// Printable Latin-1 bytes stand for themselves; the other 68 take U+0100 onwards in byte order. Knows nothing of merges.

const printable = (byte: number): boolean =>
	(byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;

const characters: string[] = [];
const bytes = new Map<string, number>();
let next = 0x100;
for (let byte = 0; byte < 256; byte++) {
	const character = String.fromCharCode(printable(byte) ? byte : next++);
	characters.push(character);
	bytes.set(character, byte);
}

/** The 256 characters, by byte. */
export const byteCharacters: readonly string[] = characters;

const encoder = new TextEncoder();

/** Writes text as its UTF-8 bytes in the alphabet; a lone surrogate becomes the bytes of U+FFFD. */
export function toByteCharacters(text: string): string {
	let out = "";
	for (const byte of encoder.encode(text)) out += characters[byte];
	return out;
}

/** The bytes that a token stands for, or undefined if it holds a character outside the alphabet. */
export function fromByteCharacters(token: string): Uint8Array | undefined {
	const out = new Uint8Array(token.length);
	for (let i = 0; i < token.length; i++) {
		const byte = bytes.get(token[i]!);
		if (byte === undefined) return undefined;
		out[i] = byte;
	}
	return out;
}
