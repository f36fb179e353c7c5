// Names and values, one beside the other.

import type { ReactNode } from "react";

export function Facts({ of }: { readonly of: readonly (readonly [string, ReactNode])[] }) {
	return (
		<dl className="grid grid-cols-1 gap-x-6 gap-y-2 text-sm sm:grid-cols-[minmax(8rem,max-content)_1fr]">
			{of.map(([name, value]) => (
				<div key={name} className="contents">
					<dt className="text-soft">{name}</dt>
					<dd className="mb-2 min-w-0 [overflow-wrap:anywhere] sm:mb-0">{value}</dd>
				</div>
			))}
		</dl>
	);
}
