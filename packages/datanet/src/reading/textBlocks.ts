// Plain text and Markdown as rows of text: a paragraph each, or a section each. Never more than one block in memory. It must not
// know what a row may hold.
import { MAX_TEXT_CHARACTERS } from "../limits.js";
import type { Fault } from "../rejection.js";

/** A line of the file, or why it cannot be read. */
export type TextLine = { readonly line: number; readonly text: string | Fault };
/** A paragraph or section with the line where it begins. */
export type TextBlock = { readonly line: number; readonly text: string | Fault };

// More is only kept to see that it is too much.
const MOST = 4 * MAX_TEXT_CHARACTERS;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}#{1,6}(?:\s|$)/;

/** Paragraphs: what stands between blank lines. */
export function* paragraphs(lines: Iterable<TextLine>): Generator<TextBlock> {
	const block = openBlock();
	for (const { line, text } of lines) {
		if (typeof text === "string" && text.trim() === "") yield* block.close();
		else block.add(line, text);
	}
	yield* block.close();
}

/**
 * Sections: a heading with all that follows, up to the next one (CommonMark's # headings; those in fenced code are none). A section
 * longer than a row may be is cut between paragraphs. Front matter between two lines of three dashes is left out.
 */
export function* sections(lines: Iterable<TextLine>): Generator<TextBlock> {
	const block = openBlock();
	let fence: string | undefined;
	let isFrontMatter = false;
	let paragraphAt = 0;
	for (const { line, text } of lines) {
		const written = typeof text === "string" ? text : "";
		if (line === 1 && written.trimEnd() === "---") isFrontMatter = true;
		else if (isFrontMatter) isFrontMatter = written.trimEnd() !== "---";
		else {
			const mark = FENCE.exec(written)?.[1];
			const isEnd = mark !== undefined && fence !== undefined && isFenceEnd(mark, fence, written);
			if (fence === undefined && HEADING.test(written)) yield* block.close();
			if (fence === undefined && mark !== undefined) fence = mark;
			else if (isEnd) fence = undefined;
			block.add(line, text);
			if (fence === undefined && written.trim() === "") paragraphAt = block.lines();
			if (block.characters() > MAX_TEXT_CHARACTERS && paragraphAt > 0) {
				yield* block.close(paragraphAt);
				paragraphAt = 0;
			} else if (block.lines() === 1) paragraphAt = 0;
		}
	}
	yield* block.close();
}

function isFenceEnd(mark: string, fence: string, line: string): boolean {
	return mark[0] === fence[0] && mark.length >= fence.length && line.trim() === mark;
}

/** Lines that are gathered; the first fault among them is the block's. */
function openBlock() {
	let lines: { readonly line: number; readonly text: string }[] = [];
	let fault: TextBlock | undefined;
	let size = 0;
	return {
		add(line: number, text: string | Fault): void {
			if (typeof text !== "string") fault ??= { line, text };
			else if (size <= MOST && (lines.length > 0 || text.trim() !== "")) {
				lines.push({ line, text });
				size += text.length + 1;
			}
		},
		characters: () => size,
		lines: () => lines.length,
		/** The block, and the lines from `end` on are kept for the next. */
		*close(end = lines.length): Generator<TextBlock> {
			const own = lines.slice(0, end);
			lines = lines.slice(end);
			size = lines.reduce((sum, { text }) => sum + text.length + 1, 0);
			const text = own
				.map((line) => line.text)
				.join("\n")
				.trimEnd();
			if (fault !== undefined) yield fault;
			else if (text !== "") yield { line: own[0]!.line, text };
			fault = undefined;
		},
	};
}
