// How long until something by the chain's clock, second by second; what stands there once it is over.

import type { ReactNode } from "react";
import { useChainNow } from "../api/chainClock.js";
import { formatDate, formatLeft } from "../format/time.js";

/** `to` in Unix seconds. */
export function Countdown({ to, over = "now" }: { readonly to: number | string; readonly over?: ReactNode }) {
	const left = Number(to) - useChainNow();
	return (
		<time dateTime={new Date(Number(to) * 1000).toISOString()} title={formatDate(to)} className="whitespace-nowrap">
			{left <= 0 ? over : `in ${formatLeft(left)}`}
		</time>
	);
}
