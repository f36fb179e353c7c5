// What a recogniser is, and the helpers they share. It must not know rows, nor what is done about what was found.

/** A place in a text, in UTF-16 units. */
export type Found = { readonly start: number; readonly end: number };

/** What a text holds, counted once for all recognisers: each looks only where it can find something. */
export type Signs = {
	readonly digits: number;
	readonly colons: number;
	readonly at: boolean;
	readonly longest: number;
};

export type Recogniser = {
	readonly name: string;
	/** `personal`: it tells of a person. `secret`: whoever reads it can use it. */
	readonly kind: "personal" | "secret";
	/** Counts up with every change of what it finds. */
	readonly version: number;
	/** Whether the text can hold one at all. */
	may(signs: Signs): boolean;
	find(text: string): readonly Found[];
};

export function signsOf(text: string): Signs {
	let digits = 0;
	let colons = 0;
	let at = false;
	let run = 0;
	let longest = 0;
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code >= 48 && code <= 57) digits++;
		else if (code === 58) colons++;
		else if (code === 64) at = true;
		run = code > 32 ? run + 1 : 0;
		if (run > longest) longest = run;
	}
	return { digits, colons, at, longest };
}

/** All places of a pattern (global, without nested repetition) that a second look accepts. */
export function places(
	text: string,
	pattern: RegExp,
	accept: (match: RegExpMatchArray, start: number) => boolean = () => true,
): Found[] {
	const found: Found[] = [];
	for (const match of text.matchAll(pattern)) {
		if (accept(match, match.index)) found.push({ start: match.index, end: match.index + match[0].length });
	}
	return found;
}

/** The `length` characters before a place, in lower case. */
export function before(text: string, start: number, length: number): string {
	return text.slice(Math.max(0, start - length), start).toLowerCase();
}

/** How many different characters a text has: random tokens have many, words and samples few. */
export function variety(text: string): number {
	return new Set(text).size;
}

export const digitsOf = (text: string): string => text.replace(/\D/g, "");
