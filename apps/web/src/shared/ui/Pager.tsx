// Pages of a long list.

import { Button } from "./Button.js";

type PagerProps = {
	/** What is listed, for screen readers. */
	readonly of: string;
	readonly from: number;
	readonly size: number;
	readonly hasMore: boolean;
	readonly onMove: (from: number) => void;
};

/** Nothing where everything fits on one page. */
export function Pager({ of, from, size, hasMore, onMove }: PagerProps) {
	if (from === 0 && !hasMore) return null;
	return (
		<nav aria-label={`Pages of ${of}`} className="mt-3 flex items-center gap-3 text-sm text-soft">
			<Button disabled={from === 0} onClick={() => onMove(Math.max(0, from - size))}>
				Previous
			</Button>
			<span>from {from + 1}</span>
			<Button disabled={!hasMore} onClick={() => onMove(from + size)}>
				Next
			</Button>
		</nav>
	);
}
