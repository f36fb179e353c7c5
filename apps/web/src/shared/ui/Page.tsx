// A page: its title in the tab and at the top, what one can do with it, its parts below each other.

import { type ReactNode, useEffect } from "react";
import { visibleText } from "../format/visibleText.js";

type PageProps = {
	readonly title: string;
	/** One sentence: what this is for. */
	readonly lead?: ReactNode;
	readonly actions?: ReactNode;
	readonly children: ReactNode;
};

export function Page({ title, lead, actions, children }: PageProps) {
	const shown = visibleText(title, { max: 80 });
	useEffect(() => {
		document.title = `${shown} · OpenLedger`;
	}, [shown]);
	return (
		<div className="flex flex-col gap-5">
			<header className="flex flex-wrap items-end justify-between gap-3">
				<div className="min-w-0">
					<h1 className="text-2xl font-semibold tracking-tight break-words" tabIndex={-1} id="page-title">
						{shown}
					</h1>
					{lead !== undefined && <p className="mt-1 max-w-3xl text-soft">{lead}</p>}
				</div>
				{actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
			</header>
			{children}
		</div>
	);
}
