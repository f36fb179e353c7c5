// Work on one thing goes one at a time, in the order asked. It must not know what the things are.

export interface Turns {
	<result>(thing: string, work: () => Promise<result>): Promise<result>;
	/** Resolves when no work is under way or waiting on things whose names begin so, however it ended. */
	idle(prefix: string): Promise<void>;
}

export function createTurns(): Turns {
	const last = new Map<string, Promise<unknown>>();
	function turns<result>(thing: string, work: () => Promise<result>): Promise<result> {
		const turn = (last.get(thing) ?? Promise.resolve()).then(work);
		const settled = turn.then(
			() => {},
			() => {},
		);
		last.set(thing, settled);
		void settled.then(() => {
			if (last.get(thing) === settled) last.delete(thing);
		});
		return turn;
	}
	turns.idle = async (prefix: string): Promise<void> => {
		for (;;) {
			const open = [...last].filter(([thing]) => thing.startsWith(prefix));
			if (open.length === 0) return;
			await Promise.all(open.map(([, settled]) => settled));
		}
	};
	return turns;
}
