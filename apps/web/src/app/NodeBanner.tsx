// Says when the node does not answer, and when its chain is another one than before; everything is then asked anew.

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { isChainAway, isUnreachable } from "../shared/api/client.js";
import { useStatus } from "../shared/api/useStatus.js";

export function NodeBanner() {
	const queries = useQueryClient();
	const { data, error } = useStatus();
	const seen = useRef<string>(undefined);
	const wasGone = useRef(false);
	const [isOtherChain, setOtherChain] = useState(false);
	const isNodeGone = isUnreachable(error);
	const isGone = isNodeGone || isChainAway(error);
	const chain = data?.genesisHash;
	useEffect(() => {
		if (isGone) wasGone.current = true;
		else if (wasGone.current && error === null) {
			wasGone.current = false;
			void queries.invalidateQueries();
		}
	}, [isGone, error, queries]);
	useEffect(() => {
		if (chain === undefined) return;
		if (seen.current !== undefined && seen.current !== chain) {
			setOtherChain(true);
			// What is shown is asked anew, what is not is forgotten.
			queries.removeQueries({ type: "inactive" });
			void queries.resetQueries({ type: "active", predicate: ({ queryKey }) => queryKey[0] !== "status" });
		}
		seen.current = chain;
	}, [chain, queries]);
	if (!isGone && !isOtherChain) return null;
	return (
		<div
			role="alert"
			className={`px-4 py-2 text-center text-sm ${isGone ? "bg-bad-wash text-bad" : "bg-warn-wash text-warn"}`}
		>
			{isNodeGone
				? "The node does not answer. What you see is from before; this page goes on by itself once the node is back."
				: isGone
					? "The node's chain does not answer and is being started again. What you see is from before; this page goes on by itself."
					: "The node's chain is another one than before: what you looked at may be gone."}
			{!isGone && (
				<button type="button" className="ml-3 underline" onClick={() => setOtherChain(false)}>
					Understood
				</button>
			)}
		</div>
	);
}
