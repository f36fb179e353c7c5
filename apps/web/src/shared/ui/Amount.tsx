// An amount of OPEN; all its decimals on hover.

import { exactOpen, formatOpen } from "../format/open.js";

export function Amount({ wei, places = 6 }: { readonly wei: bigint | string; readonly places?: number }) {
	return (
		<span className="whitespace-nowrap" title={`${exactOpen(wei)} OPEN`}>
			{formatOpen(wei, places)} <span className="text-soft">OPEN</span>
		</span>
	);
}
