// The chain's clock, by which every window opens and ends. It is the computer's, unless the node says that the chain is ahead or behind.

import { useEffect, useState } from "react";

/** Blocks come when they come, and answers take their time: so much apart is the same. */
const SAME_MS = 2500;

let aheadMs = 0;

/** The chain's time as it was told just now, in Unix seconds. */
export function noteChainTime(chainTime: number, nowMs: number = Date.now()): void {
	const apart = chainTime * 1000 - nowMs;
	aheadMs = Math.abs(apart) < SAME_MS ? 0 : apart;
}

/** Whole Unix seconds, as blocks have them. */
export function chainNow(nowMs: number = Date.now()): number {
	return Math.floor((nowMs + aheadMs) / 1000);
}

/** The same, drawn anew with each second. */
export function useChainNow(): number {
	const [now, setNow] = useState(() => chainNow());
	useEffect(() => {
		const timer = setInterval(() => setNow(chainNow()), 500);
		return () => clearInterval(timer);
	}, []);
	return now;
}
