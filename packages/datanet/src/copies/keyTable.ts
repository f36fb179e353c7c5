// Which rows share a key: a hash table in two flat arrays, eight bytes an entry, for a million rows and more. It must not know
// what a key stands for.

/** Rows under one key that are remembered; a key with more stands for boilerplate. */
export const MAX_PER_KEY = 16;

const FULLEST = 0.85;
const SMALLEST = 64;

export type KeyTable = {
	/** Calls `see` with the rows under the key, the earliest 16 of them, in no order. */
	find(key: number, see: (row: number) => void): void;
	/** Files a row under a key; the seventeenth is passed over. Rows must ascend. */
	add(key: number, row: number): void;
};

/** Room for `expected` rows is made at once; more are taken by growing. */
export function createKeyTable(expected = 0): KeyTable {
	let capacity = Math.max(SMALLEST, Math.ceil(expected / (FULLEST - 0.05)));
	let keys = new Uint32Array(capacity);
	// Row + 1, so that zero is an empty place.
	let rows = new Uint32Array(capacity);
	let size = 0;

	function grow(): void {
		const [oldKeys, oldRows, old] = [keys, rows, capacity];
		capacity = Math.ceil(old * 1.5);
		keys = new Uint32Array(capacity);
		rows = new Uint32Array(capacity);
		for (let at = 0; at < old; at++) {
			if (oldRows[at] !== 0) place(oldKeys[at]!, oldRows[at]!);
		}
	}

	function place(key: number, entry: number): void {
		let at = home(key, capacity);
		while (rows[at] !== 0) at = at + 1 === capacity ? 0 : at + 1;
		keys[at] = key;
		rows[at] = entry;
	}

	return {
		find(key, see) {
			for (let at = home(key, capacity); rows[at] !== 0; at = at + 1 === capacity ? 0 : at + 1) {
				if (keys[at] === key) see(rows[at]! - 1);
			}
		},
		add(key, row) {
			if (size >= capacity * FULLEST) grow();
			let count = 0;
			let at = home(key, capacity);
			for (; rows[at] !== 0; at = at + 1 === capacity ? 0 : at + 1) {
				if (keys[at] === key && ++count === MAX_PER_KEY) return;
			}
			keys[at] = key;
			rows[at] = row + 1;
			size++;
		},
	};
}

/** Keys are hashes, so their high bits say where they belong. */
function home(key: number, capacity: number): number {
	return Math.floor((key / 0x1_0000_0000) * capacity);
}
