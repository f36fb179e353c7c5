// How long until something, second by second; what stands there once it is over.

import { type ReactNode, useEffect, useState } from "react";
import { formatDate, formatSpan } from "../format/time.js";

/** `to` in Unix seconds. */
export function Countdown({ to, over = "now" }: { readonly to: number | string; readonly over?: ReactNode }) {
	const [now, setNow] = useState(() => Date.now());
	const left = Number(to) - now / 1000;
	const isOver = left <= 0;
	useEffect(() => {
		if (isOver) return;
		const timer = setInterval(() => setNow(Date.now()), 1000);
		return () => clearInterval(timer);
	}, [isOver]);
	return (
		<time dateTime={new Date(Number(to) * 1000).toISOString()} title={formatDate(to)} className="whitespace-nowrap">
			{isOver ? over : `in ${formatSpan(Math.ceil(left))}`}
		</time>
	);
}
