// A queue that gives what comes first in an order. Things that are equal in the order come out in any sequence.

export type Heap<T> = {
	size(): number;
	push(item: T): void;
	/** Takes the first out; the queue must not be empty. */
	pop(): T;
};

export function createHeap<T>(isBefore: (a: T, b: T) => boolean): Heap<T> {
	const items: T[] = [];
	return {
		size: () => items.length,
		push(item) {
			let at = items.push(item) - 1;
			while (at > 0) {
				const parent = (at - 1) >> 1;
				if (!isBefore(item, items[parent]!)) break;
				items[at] = items[parent]!;
				at = parent;
			}
			items[at] = item;
		},
		pop() {
			const first = items[0]!;
			const last = items.pop()!;
			const count = items.length;
			if (count === 0) return first;
			let at = 0;
			for (let child = 1; child < count; child = 2 * at + 1) {
				if (child + 1 < count && isBefore(items[child + 1]!, items[child]!)) child++;
				if (!isBefore(items[child]!, last)) break;
				items[at] = items[child]!;
				at = child;
			}
			items[at] = last;
			return first;
		},
	};
}
