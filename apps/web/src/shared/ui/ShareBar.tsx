// A share as a bar beside its number. The number is the text; the bar is for the eye.

import { formatPpm } from "../format/open.js";

type ShareBarProps = {
	readonly ppm: number;
	/** 0 to 5: which of the six colours. */
	readonly colour?: number;
};

export const MARKS = ["bg-mark-1", "bg-mark-2", "bg-mark-3", "bg-mark-4", "bg-mark-5", "bg-mark-6"] as const;

export function ShareBar({ ppm, colour = 0 }: ShareBarProps) {
	return (
		<div className="flex items-center gap-2">
			<div className="h-2 min-w-12 flex-1 overflow-hidden rounded-full bg-sunken" aria-hidden="true">
				<div
					className={`h-full rounded-full ${MARKS[colour % MARKS.length]}`}
					style={{ width: `${Math.min(100, ppm / 10_000)}%` }}
				/>
			</div>
			<span className="w-16 text-right text-sm">{formatPpm(ppm)}</span>
		</div>
	);
}
