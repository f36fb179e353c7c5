// A part of a page.

import type { ReactNode } from "react";

type CardProps = {
	readonly title?: ReactNode;
	readonly aside?: ReactNode;
	readonly children: ReactNode;
	readonly className?: string;
};

export function Card({ title, aside, children, className = "" }: CardProps) {
	return (
		<section className={`min-w-0 rounded-xl border border-line bg-card p-4 sm:p-5 ${className}`}>
			{title !== undefined && (
				<div className="mb-3 flex flex-wrap items-baseline justify-between gap-2">
					<h2 className="text-base font-semibold">{title}</h2>
					{aside !== undefined && <div className="text-sm text-soft">{aside}</div>}
				</div>
			)}
			{children}
		</section>
	);
}
