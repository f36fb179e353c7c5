// Rows that a model learnt from and that are gone: it cannot be replayed, and ought to be trained again without them.

import { Badge } from "../../shared/ui/Badge.js";

export function ErasedBadge({ rows }: { readonly rows: number }) {
	if (rows === 0) return null;
	return <Badge tone="warn">{rows === 1 ? "1 erased row" : `${rows} erased rows`}</Badge>;
}
