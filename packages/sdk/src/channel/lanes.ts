// Numbered places of which each serves one at a time: the lowest free one is given, others wait in turn.
// It must not know what they are for.

export type Lane = {
	readonly number: number;
	readonly free: () => void;
	/** It will be free in a moment: who comes now does better to wait than to begin another. */
	readonly ending: () => void;
};

export type Lanes = {
	/** A free one, or a certain one; waits until there is one. */
	take(wanted?: number): Promise<Lane>;
};

/** How long a moment is at most. */
const MOMENT_MS = 3_000;

export function createLanes(count: number): Lanes {
	const taken = new Set<number>();
	const used = new Set<number>();
	const ending = new Map<number, { readonly over: Promise<void>; readonly end: () => void }>();
	const waiting: { readonly wanted: number | undefined; readonly give: (lane: Lane) => void }[] = [];

	const laneOf = (number: number): Lane => {
		taken.add(number);
		used.add(number);
		let isOver = false;
		return {
			number,
			ending() {
				if (isOver || ending.has(number)) return;
				let end = () => {};
				const over = new Promise<void>((resolve) => {
					end = resolve;
				});
				ending.set(number, { over, end });
			},
			free() {
				if (isOver) return;
				isOver = true;
				taken.delete(number);
				ending.get(number)?.end();
				ending.delete(number);
				const next = waiting.findIndex(({ wanted }) => wanted === undefined || wanted === number);
				if (next !== -1) waiting.splice(next, 1)[0]!.give(laneOf(number));
			},
		};
	};

	return {
		async take(wanted) {
			const isFresh = (number: number) => !taken.has(number) && !used.has(number);
			const hasUsed = [...used].some((number) => number < count && !taken.has(number));
			const fresh = Array.from({ length: count }, (_, number) => number).some(isFresh);
			if (wanted === undefined && !hasUsed && fresh && ending.size > 0) {
				const moment = new Promise<void>((resolve) => setTimeout(resolve, MOMENT_MS));
				await Promise.race([moment, ...[...ending.values()].map(({ over }) => over)]);
			}
			for (let number = wanted ?? 0; number < (wanted === undefined ? count : wanted + 1); number++) {
				if (!taken.has(number)) return laneOf(number);
			}
			return await new Promise((give) => waiting.push({ wanted, give }));
		},
	};
}
