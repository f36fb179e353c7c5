// Work on one thing goes one at a time, in the order asked. It must not know what the things are.

export type Turns = <result>(thing: string, work: () => Promise<result>) => Promise<result>;

export function createTurns(): Turns {
	const last = new Map<string, Promise<unknown>>();
	return (thing, work) => {
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
	};
}
