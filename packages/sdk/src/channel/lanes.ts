// Numbered places of which each serves one at a time: the lowest free one is given, others wait in turn.
// It must not know what they are for.

export type Lane = { readonly number: number; readonly free: () => void };

export type Lanes = {
	/** A free one, or a certain one; waits until there is one. */
	take(wanted?: number): Promise<Lane>;
};

export function createLanes(count: number): Lanes {
	const taken = new Set<number>();
	const waiting: { readonly wanted: number | undefined; readonly give: (lane: Lane) => void }[] = [];

	const laneOf = (number: number): Lane => {
		taken.add(number);
		let over = false;
		return {
			number,
			free() {
				if (over) return;
				over = true;
				taken.delete(number);
				const next = waiting.findIndex(({ wanted }) => wanted === undefined || wanted === number);
				if (next !== -1) waiting.splice(next, 1)[0]!.give(laneOf(number));
			},
		};
	};

	return {
		async take(wanted) {
			for (let number = wanted ?? 0; number < (wanted === undefined ? count : wanted + 1); number++) {
				if (!taken.has(number)) return laneOf(number);
			}
			return await new Promise((give) => waiting.push({ wanted, give }));
		},
	};
}
