// A text with its found stretches marked and numbered. The numbers are buttons, so that the keyboard reaches every stretch; who can see
// hovers over the words. The text is a stranger's: it is shown, never read as markup.

import { visibleText } from "../format/visibleText.js";
import { wordsLook } from "./colours.js";
import { piecesOf } from "./piecesOf.js";
import type { FoundSpan } from "./shownReceipt.js";

type MarkedTextProps = {
	readonly text: string;
	/** In the order of their numbers, which begin with 1. */
	readonly spans: readonly FoundSpan[];
	readonly colourOf: (span: FoundSpan) => number;
	/** Which stretch is looked at, counted from 0. */
	readonly selected?: number | undefined;
	readonly onSelect?: ((number: number | undefined) => void) | undefined;
};

export function MarkedText({ text, spans, colourOf, selected, onSelect }: MarkedTextProps) {
	return (
		<bdi className="block whitespace-pre-wrap [overflow-wrap:anywhere]">
			{piecesOf(text, spans).map(({ text: piece, start, inside, ends }) => {
				const shown = visibleText(piece, { max: piece.length });
				const first = inside.includes(selected ?? -1) ? selected! : inside[0];
				if (first === undefined) return <span key={start}>{shown}</span>;
				const look = wordsLook(colourOf(spans[first]!));
				const isLit = inside.includes(selected ?? -1);
				return (
					<span key={start}>
						<mark
							title={inside.map((number) => placeOf(spans[number]!)).join("\n")}
							className={`rounded-sm text-ink underline decoration-2 underline-offset-4 ${look} ${isLit ? "outline-2 outline-accent" : ""}`}
						>
							{shown}
						</mark>
						{ends.map((number) => (
							<button
								key={number}
								type="button"
								aria-label={`Words ${number + 1}: ${placeOf(spans[number]!)}`}
								aria-pressed={selected === number}
								onClick={() => onSelect?.(selected === number ? undefined : number)}
								className="rounded px-0.5 align-super text-[0.7em] leading-none font-semibold text-soft hover:text-accent aria-pressed:bg-accent aria-pressed:text-accent-ink"
							>
								{number + 1}
							</button>
						))}
					</span>
				);
			})}
		</bdi>
	);
}

/** "stands in row 12 by ada, and 3 times more". */
export function placeOf({ count, places }: FoundSpan): string {
	const [place] = places;
	const more = count > 1 ? `, and ${count - 1} ${count === 2 ? "time" : "times"} more` : "";
	if (place === undefined) return `stands ${count} times in the rows`;
	return `stands in row ${place.row} by ${visibleText(place.contributor, { max: 60 })}${more}`;
}
