// A queue of numbers, the smallest out first. Equal numbers are the same to it.

export type KeyHeap = {
	size(): number;
	push(key: number): void;
	/** Takes the smallest out; the queue must not be empty. */
	pop(): number;
};

export function createKeyHeap(): KeyHeap {
	const keys: number[] = [];
	return {
		size: () => keys.length,
		push(key) {
			let at = keys.push(key) - 1;
			while (at > 0) {
				const parent = (at - 1) >> 1;
				if (keys[parent]! <= key) break;
				keys[at] = keys[parent]!;
				at = parent;
			}
			keys[at] = key;
		},
		pop() {
			const smallest = keys[0]!;
			const last = keys.pop()!;
			const count = keys.length;
			if (count === 0) return smallest;
			let at = 0;
			for (let child = 1; child < count; child = 2 * at + 1) {
				if (child + 1 < count && keys[child + 1]! < keys[child]!) child++;
				if (keys[child]! >= last) break;
				keys[at] = keys[child]!;
				at = child;
			}
			keys[at] = last;
			return smallest;
		},
	};
}
