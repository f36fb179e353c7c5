// "3 min ago", kept true while one looks; the date on hover.

import { useEffect, useState } from "react";
import { formatAgo, formatDate } from "../format/time.js";

const EVERY_MS = 5000;

export function TimeAgo({ at }: { readonly at: number | string }) {
	const [now, setNow] = useState(() => Date.now());
	useEffect(() => {
		const timer = setInterval(() => setNow(Date.now()), EVERY_MS);
		return () => clearInterval(timer);
	}, []);
	return (
		<time dateTime={new Date(Number(at) * 1000).toISOString()} title={formatDate(at)} className="whitespace-nowrap">
			{formatAgo(at, now)}
		</time>
	);
}
