// How often each pair of neighbouring tokens occurs, and in which words: the ledger of BPE training.

export type PairCounts = {
	/** The number by which a pair is known from now on. */
	slotOf(left: number, right: number): number;
	leftOf(slot: number): number;
	rightOf(slot: number): number;
	countOf(slot: number): number;
	change(slot: number, by: number): void;
	/** Notes that a word holds the pair. A word may be listed after it lost the pair. */
	list(slot: number, word: number): void;
	wordsOf(slot: number): readonly number[];
	/** Forgets a pair that will not come back. */
	clear(slot: number): void;
};

export function createPairCounts(): PairCounts {
	let table = new Int32Array(1 << 12).fill(-1);
	const lefts: number[] = [];
	const rights: number[] = [];
	const counts: number[] = [];
	const words: number[][] = [];

	const placeOf = (left: number, right: number): number => {
		const mask = table.length - 1;
		const hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca77);
		let place = (hash ^ (hash >>> 15)) & mask;
		for (let slot = table[place]!; slot >= 0; slot = table[place]!) {
			if (lefts[slot] === left && rights[slot] === right) break;
			place = (place + 1) & mask;
		}
		return place;
	};
	const grow = (): void => {
		table = new Int32Array(2 * table.length).fill(-1);
		for (let slot = 0; slot < lefts.length; slot++) table[placeOf(lefts[slot]!, rights[slot]!)] = slot;
	};

	return {
		slotOf(left, right) {
			const known = table[placeOf(left, right)]!;
			if (known >= 0) return known;
			if (2 * lefts.length >= table.length) grow();
			const slot = lefts.push(left) - 1;
			table[placeOf(left, right)] = slot;
			rights.push(right);
			counts.push(0);
			words.push([]);
			return slot;
		},
		leftOf: (slot) => lefts[slot]!,
		rightOf: (slot) => rights[slot]!,
		countOf: (slot) => counts[slot]!,
		change(slot, by) {
			counts[slot] = counts[slot]! + by;
		},
		list(slot, word) {
			const listed = words[slot]!;
			if (listed[listed.length - 1] !== word) listed.push(word);
		},
		wordsOf: (slot) => words[slot]!,
		clear(slot) {
			counts[slot] = 0;
			words[slot] = [];
		},
	};
}
