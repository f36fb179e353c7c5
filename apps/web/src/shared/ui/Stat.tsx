// One number, what it counts, and where it is proved.

import type { ReactNode } from "react";
import { Link } from "wouter";

type StatProps = {
	readonly label: string;
	/** Undefined while it is not known: the place is kept. */
	readonly value: ReactNode | undefined;
	/** The page that proves it. */
	readonly href?: string;
	readonly note?: ReactNode;
};

export function Stat({ label, value, href, note }: StatProps) {
	const body = (
		<>
			<div className="text-sm text-soft">{label}</div>
			<div className="mt-1 min-h-8 truncate text-2xl font-semibold">
				{value ?? <span className="inline-block h-6 w-16 animate-pulse rounded bg-sunken" />}
			</div>
			<div className="min-h-5 truncate text-xs text-soft">{note}</div>
		</>
	);
	const box = "block min-w-0 rounded-xl border border-line bg-card p-4";
	if (href === undefined) return <div className={box}>{body}</div>;
	return (
		<Link href={href} className={`${box} hover:border-accent`}>
			{body}
		</Link>
	);
}
