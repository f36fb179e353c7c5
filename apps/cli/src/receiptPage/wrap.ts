// Text in lines of at most so many columns, broken between words where it can be. It must not know what is said.

/** Its own line breaks stay, a tab is four blanks; a word longer than a line is broken. Columns are counted as characters, wide ones as two. */
export function wrap(text: string, columns: number): string[] {
	return text
		.replaceAll("\t", "    ")
		.split("\n")
		.flatMap((line) => wrapLine(line, columns));
}

function wrapLine(line: string, columns: number): string[] {
	const lines: string[] = [];
	let current = "";
	let filled = 0;
	for (const word of line.match(/\s+|\S+/g) ?? []) {
		const wide = columnsOf(word);
		if (filled + wide <= columns) {
			current += word;
			filled += wide;
			continue;
		}
		if (/^\s/.test(word)) continue;
		if (filled > 0) lines.push(current.trimEnd());
		[current, filled] = ["", 0];
		for (const character of word) {
			const more = columnsOf(character);
			if (filled + more > columns) {
				lines.push(current);
				[current, filled] = ["", 0];
			}
			current += character;
			filled += more;
		}
	}
	return [...lines, current.trimEnd()];
}

/** East Asian wide and full-width forms, and pictures, fill two columns; marks that sit on another character fill none. */
const WIDE =
	/[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

export function columnsOf(text: string): number {
	let columns = 0;
	for (const character of text) columns += /\p{Mark}|\u200d|\u200c/u.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
	return columns;
}
