// Nothing here yet: what would be here, and how to begin.

import type { ReactNode } from "react";

type EmptyProps = { readonly title: string; readonly children?: ReactNode; readonly action?: ReactNode };

export function Empty({ title, children, action }: EmptyProps) {
	return (
		<div className="flex flex-col items-center gap-2 rounded-lg border border-dashed border-line px-4 py-10 text-center">
			<div className="font-medium">{title}</div>
			{children !== undefined && <div className="max-w-md text-sm text-soft">{children}</div>}
			{action}
		</div>
	);
}
