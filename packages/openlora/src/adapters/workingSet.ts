// How many different things were used in the last minute. It must not know what they are, or the time but by being told.

const SPAN_MS = 60_000;

export interface WorkingSet<Thing> {
	use(thing: Thing, now: number): void;
	size(now: number): number;
}

/** `now` is in milliseconds and only rises. */
export function createWorkingSet<Thing>(): WorkingSet<Thing> {
	/** When each was used last; the longest ago first. */
	const last = new Map<Thing, number>();
	function forget(now: number): void {
		for (const [thing, at] of last) {
			if (now - at < SPAN_MS) return;
			last.delete(thing);
		}
	}
	return {
		use(thing, now) {
			last.delete(thing);
			last.set(thing, now);
			forget(now);
		},
		size(now) {
			forget(now);
			return last.size;
		},
	};
}
