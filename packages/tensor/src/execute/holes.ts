// Free space in one line of bytes that begins somewhere and never ends; serves the machine's blocks and a program's arena alike.

export interface Holes {
	/** The start of the smallest hole that holds `bytes`; the last hole is endless. */
	take(bytes: number): number;
	/** Takes a part of one hole. */
	takeAt(at: number, bytes: number): void;
	give(at: number, bytes: number): void;
	/** The most bytes one `take` could get without passing `limit`. */
	room(limit: number): number;
	/** All that is free below `limit`, in however many pieces. */
	total(limit: number): number;
	/** The furthest byte ever taken. */
	peak(): number;
}

export function createHoles(from = 0): Holes {
	const holes: { at: number; end: number }[] = [{ at: from, end: Number.POSITIVE_INFINITY }];
	let peak = from;

	function best(bytes: number): number {
		let found = holes.length - 1;
		for (let i = 0; i < holes.length - 1; i++) {
			const room = holes[i]!.end - holes[i]!.at;
			if (room >= bytes && room < holes[found]!.end - holes[found]!.at) found = i;
		}
		return found;
	}

	return {
		take(bytes) {
			const i = best(bytes);
			const hole = holes[i]!;
			const at = hole.at;
			hole.at += bytes;
			if (hole.at === hole.end) holes.splice(i, 1);
			peak = Math.max(peak, at + bytes);
			return at;
		},
		takeAt(at, bytes) {
			const i = holes.findIndex((hole) => hole.at <= at && at + bytes <= hole.end);
			const { at: from, end } = holes[i]!;
			const rest = [
				{ at: from, end: at },
				{ at: at + bytes, end },
			].filter((hole) => hole.at < hole.end);
			holes.splice(i, 1, ...rest);
			peak = Math.max(peak, at + bytes);
		},
		give(at, bytes) {
			let i = holes.findIndex((hole) => hole.at > at);
			if (i < 0) i = holes.length;
			holes.splice(i, 0, { at, end: at + bytes });
			const next = holes[i + 1];
			if (next?.at === at + bytes) {
				holes[i]!.end = next.end;
				holes.splice(i + 1, 1);
			}
			const before = holes[i - 1];
			if (before?.end === at) {
				before.end = holes[i]!.end;
				holes.splice(i, 1);
			}
		},
		room: (limit) => Math.max(0, ...holes.map((hole) => Math.min(hole.end, limit) - hole.at)),
		total: (limit) => holes.reduce((sum, hole) => sum + Math.max(0, Math.min(hole.end, limit) - hole.at), 0),
		peak: () => peak,
	};
}
