// Sums of scores without loss, and the best of them. Scores are whole numbers below 2⁴² in size, kept as f64.

/**
 * out, four i64: Σ s, Σ a², Σ a·b, Σ b² where |s| = a·2²¹ + b. Exact for at most 2²¹ scores, so Σ s² = Σa²·2⁴² + Σab·2²² + Σb².
 */
export function sumsOf(scores: usize, rows: i32, out: usize): void {
	let sum: i64 = 0;
	let high: i64 = 0;
	let cross: i64 = 0;
	let low: i64 = 0;
	for (const end = scores + (<usize>rows << 3); scores < end; scores += 8) {
		const score = <i64>load<f64>(scores);
		const size = abs<i64>(score);
		const a = size >> 21;
		const b = size & 0x1fffff;
		sum += score;
		high += a * a;
		cross += a * b;
		low += b * b;
	}
	store<i64>(out, sum);
	store<i64>(out, high, 8);
	store<i64>(out, cross, 16);
	store<i64>(out, low, 24);
}

/** Whether the entry (score, row) stands behind the other: a lower score, or the same and a higher row. */
// @ts-ignore: decorator
@inline
function behind(score: f64, row: f64, otherScore: f64, otherRow: f64): bool {
	return score < otherScore || (score == otherScore && row > otherRow);
}

/** Puts the entry where place 0's was, and down until none below stands behind it. */
function sink(heap: usize, held: i32, score: f64, row: f64): void {
	let at = 0;
	for (;;) {
		let child = 2 * at + 1;
		if (child >= held) break;
		let c = heap + (<usize>child << 4);
		if (child + 1 < held && behind(load<f64>(c, 16), load<f64>(c, 24), load<f64>(c), load<f64>(c, 8))) {
			child++;
			c += 16;
		}
		if (!behind(load<f64>(c), load<f64>(c, 8), score, row)) break;
		const to = heap + (<usize>at << 4);
		store<f64>(to, load<f64>(c));
		store<f64>(to, load<f64>(c, 8), 8);
		at = child;
	}
	const to = heap + (<usize>at << 4);
	store<f64>(to, score);
	store<f64>(to, row, 8);
}

function rise(heap: usize, at: i32, score: f64, row: f64): void {
	while (at > 0) {
		const parent = (at - 1) >> 1;
		const p = heap + (<usize>parent << 4);
		if (!behind(score, row, load<f64>(p), load<f64>(p, 8))) break;
		const to = heap + (<usize>at << 4);
		store<f64>(to, load<f64>(p));
		store<f64>(to, load<f64>(p, 8), 8);
		at = parent;
	}
	const to = heap + (<usize>at << 4);
	store<f64>(to, score);
	store<f64>(to, row, 8);
}

/** Keeps the k best (k ≥ 1) in a heap of pairs of f64, score and row, the last of them first. Returns how many it holds. */
export function bestOf(scores: usize, rows: i32, first: f64, heap: usize, held: i32, k: i32): i32 {
	for (let i = 0; i < rows; i++) {
		const score = load<f64>(scores + (<usize>i << 3));
		const row = first + <f64>i;
		if (held < k) rise(heap, held++, score, row);
		else if (behind(load<f64>(heap), load<f64>(heap, 8), score, row)) sink(heap, held, score, row);
	}
	return held;
}
