// The stretches of an answer that stand word for word in the rows, each with where. Copying, not influence: it moves no money.

import { useEffect, useRef } from "react";
import { visibleText } from "../format/visibleText.js";
import { UntrustedText } from "../ui/UntrustedText.js";
import { edgeLook } from "./colours.js";
import { placeOf } from "./MarkedText.js";
import type { FoundSpan, Place } from "./shownReceipt.js";

type FoundWordsProps = {
	readonly text: string;
	/** Null: the node kept no record of them. */
	readonly spans: readonly FoundSpan[] | null;
	readonly colourOf: (span: FoundSpan) => number;
	readonly selected?: number | undefined;
	readonly onSelect?: ((number: number | undefined) => void) | undefined;
};

const SHOWN = 160;

export function FoundWords({ text, spans, colourOf, selected, onSelect }: FoundWordsProps) {
	const list = useRef<HTMLOListElement>(null);
	useEffect(() => {
		if (selected !== undefined) list.current?.children[selected]?.scrollIntoView({ block: "nearest" });
	}, [selected]);
	if (spans === null)
		return <p className="text-sm text-soft">The node kept no record of what stands word for word in the rows.</p>;
	if (spans.length === 0)
		return <p className="text-sm text-soft">No stretch of the answer stands word for word in the rows.</p>;
	return (
		<ol ref={list} className="flex flex-col gap-2 text-sm">
			{spans.map((span, number) => {
				const isOpen = selected === number;
				return (
					<li key={`${span.start}-${span.end}`} className={`border-l-4 pl-3 ${edgeLook(colourOf(span))}`}>
						<button
							type="button"
							aria-expanded={isOpen}
							onClick={() => onSelect?.(isOpen ? undefined : number)}
							className="block w-full text-left hover:text-accent"
						>
							<span className="font-semibold">{number + 1}</span>{" "}
							<UntrustedText text={text.slice(span.start, span.end)} max={SHOWN} />
							<span className="block text-xs text-soft">{placeOf(span)}</span>
						</button>
						{isOpen && <Places span={span} words={text.slice(span.start, span.end)} />}
					</li>
				);
			})}
		</ol>
	);
}

function Places({ span: { count, places, rarity }, words }: { readonly span: FoundSpan; readonly words: string }) {
	return (
		<div className="mt-2 flex flex-col gap-2 rounded-lg bg-sunken p-2">
			{places.map((place) => (
				<div key={`${place.row}-${place.field}-${place.before}`}>
					<div className="text-xs text-soft">
						row {place.row}, {fieldName(place)}, by <UntrustedText text={place.contributor} max={60} />
					</div>
					{place.before === undefined ? (
						<div className="text-soft">The text of this row is no longer kept here.</div>
					) : (
						<bdi className="block [overflow-wrap:anywhere]">
							<span className="text-soft">{visibleText(place.before)}</span>
							<b>{visibleText(words)}</b>
							<span className="text-soft">{visibleText(place.after ?? "")}</span>
						</bdi>
					)}
				</div>
			))}
			<div className="text-xs text-soft">
				{count > places.length && `The first ${places.length} of ${count} places. `}
				Rarity {(rarity / 256).toFixed(1)} bits: the more, the less likely by chance.
			</div>
		</div>
	);
}

function fieldName({ field }: Place): string {
	if (field === "prompt") return "its question";
	if (field === "response") return "its answer";
	return "an earlier turn";
}
