// Whether an epoch's data can be had, and is what the chain's root says: looked at, not believed.

import { formatCount } from "../../shared/format/open.js";
import { Badge } from "../../shared/ui/Badge.js";
import { useEpochData } from "./useNetwork.js";

export function DataState({ epoch, isProposed }: { readonly epoch: number; readonly isProposed: boolean }) {
	const { data, error } = useEpochData(epoch, isProposed);
	if (!isProposed) return <span className="text-soft">not committed yet</span>;
	if (error !== null && data === undefined) return <Badge tone="warn">not looked at</Badge>;
	if (data === undefined) return <span className="text-soft">looking…</span>;
	if (!data.found) return <Badge tone="bad">not to be had</Badge>;
	return (
		<span className="inline-flex flex-wrap items-center gap-2">
			{data.equal ? <Badge tone="good">there, as committed</Badge> : <Badge tone="bad">other bytes</Badge>}
			<span className="whitespace-nowrap text-soft">{formatCount(data.bytes)} bytes</span>
		</span>
	);
}
