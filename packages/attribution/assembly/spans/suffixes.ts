// The suffix array of a text by induced sorting: Nong, Zhang, Chan, "Linear Suffix Array Construction by Almost Pure Induced-Sorting",
// DCC 2009 (SA-IS). A suffix is S-type if it is smaller than the one after it, else L-type; an S-type suffix after an L-type one is LMS.
// Sorting the LMS suffixes sorts all. The end of the text counts as smaller than every byte. No table of types is kept: a sign on an entry
// says whether the suffix before it is of the type that the pass induces, so 4 bytes an entry and the text are nearly all the memory used.

/** The i-th character: a byte of the text, or a name on the levels below it. */
// @ts-ignore: decorator
@inline
function at<T>(text: usize, i: i32): i32 {
	return <i32>load<T>(text + (<usize>i << alignof<T>()));
}

// @ts-ignore: decorator
@inline
function get(words: usize, i: i32): i32 {
	return load<i32>(words + (<usize>i << 2));
}

// @ts-ignore: decorator
@inline
function set(words: usize, i: i32, value: i32): void {
	store<i32>(words + (<usize>i << 2), value);
}

/** Memory beyond what there is, or 0 if there is no more. */
function grown(bytes: usize): usize {
	const pages = <i32>((bytes + 65535) >> 16);
	const before = memory.grow(pages);
	return before < 0 ? 0 : <usize>before << 16;
}

function starts(counts: usize, buckets: usize, k: i32): void {
	for (let c = 0, sum = 0; c < k; c++) {
		set(buckets, c, sum);
		sum += get(counts, c);
	}
}

function ends(counts: usize, buckets: usize, k: i32): void {
	for (let c = 0, sum = 0; c < k; c++) {
		sum += get(counts, c);
		set(buckets, c, sum);
	}
}

/**
 * Suffix array of `text` (n bytes) into `out` (n words of 32 bits, little-endian). n < 2^31.
 * Returns 0, or 1 if memory could not be grown for the buckets of a lower level.
 */
export function sortSuffixes(text: usize, n: i32, out: usize, scratch: usize): i32 {
	return sort<u8>(text, out, n, 256, scratch, scratch + 2048);
}

/** `free` to `freeEnd` is memory for buckets; where it is too small, memory is grown. */
function sort<T>(text: usize, sa: usize, n: i32, k: i32, free: usize, freeEnd: usize): i32 {
	if (n == 0) return 0;
	if (n == 1) {
		set(sa, 0, 0);
		return 0;
	}
	const bytes = <usize>k << 3;
	let counts = free;
	if (freeEnd - free >= bytes) free += bytes;
	else counts = grown(bytes);
	if (counts == 0) return 1;
	const buckets = counts + (<usize>k << 2);
	memory.fill(counts, 0, <usize>k << 2);
	for (let i = 0; i < n; i++) {
		const word = counts + (<usize>at<T>(text, i) << 2);
		store<i32>(word, load<i32>(word) + 1);
	}

	ends(counts, buckets, k);
	placeLms<T>(text, sa, n, buckets);
	starts(counts, buckets, k);
	induceLarger<T>(text, sa, n, buckets, true);
	ends(counts, buckets, k);
	induceSmaller<T>(text, sa, n, buckets, true);
	let m = 0;
	for (let i = 0; i < n; i++) {
		const j = get(sa, i);
		if (j < 0) set(sa, m++, ~j);
	}

	if (m > 0) {
		const names = nameLms<T>(text, sa, n, m);
		const reduced = sa + (<usize>(n - m) << 2);
		if (names < m) {
			// The middle of the array is free while the level below is sorted in its first part.
			let below = sa + (<usize>m << 2);
			let belowEnd = reduced;
			if (freeEnd - free > belowEnd - below) {
				below = free;
				belowEnd = freeEnd;
			}
			if (sort<i32>(reduced, sa, m, names, below, belowEnd) != 0) return 1;
		} else {
			for (let i = 0; i < m; i++) set(sa, get(reduced, i), i);
		}
		lmsPositions<T>(text, reduced, n, m);
		for (let i = 0; i < m; i++) set(sa, i, get(reduced, get(sa, i)));
	}

	memory.fill(sa + (<usize>m << 2), 0, <usize>(n - m) << 2);
	ends(counts, buckets, k);
	for (let i = m - 1; i >= 0; i--) {
		const j = get(sa, i);
		set(sa, i, 0);
		const bucket = buckets + (<usize>at<T>(text, j) << 2);
		const place = load<i32>(bucket) - 1;
		store<i32>(bucket, place);
		set(sa, place, j);
	}
	starts(counts, buckets, k);
	induceLarger<T>(text, sa, n, buckets, false);
	ends(counts, buckets, k);
	induceSmaller<T>(text, sa, n, buckets, false);
	return 0;
}

/** LMS suffixes to the ends of their buckets, in any order; everything else empty (0: no LMS suffix starts the text). */
function placeLms<T>(text: usize, sa: usize, n: i32, buckets: usize): void {
	memory.fill(sa, 0, <usize>n << 2);
	let next = at<T>(text, n - 1);
	let smaller = false;
	for (let i = n - 2; i >= 0; i--) {
		const c = at<T>(text, i);
		if (c < next || (c == next && smaller)) {
			smaller = true;
		} else {
			if (smaller) {
				const bucket = buckets + (<usize>next << 2);
				const place = load<i32>(bucket) - 1;
				store<i32>(bucket, place);
				set(sa, place, i + 1);
			}
			smaller = false;
		}
		next = c;
	}
}

/** The LMS positions in the text's order into `out` (m words). */
function lmsPositions<T>(text: usize, out: usize, n: i32, m: i32): void {
	let next = at<T>(text, n - 1);
	let smaller = false;
	let w = m;
	for (let i = n - 2; i >= 0; i--) {
		const c = at<T>(text, i);
		if (c < next || (c == next && smaller)) {
			smaller = true;
		} else {
			if (smaller) set(out, --w, i + 1);
			smaller = false;
		}
		next = c;
	}
}

/**
 * Left to right: every suffix whose predecessor is L-type puts it at its bucket's start. Entries whose predecessor is S-type wait, negative
 * until passed. While LMS substrings are sorted (`partial`), what has been used is emptied: only what waits is left.
 */
// @ts-ignore: decorator
@inline
function induceLarger<T>(text: usize, sa: usize, n: i32, buckets: usize, partial: bool): void {
	pushLarger<T>(text, sa, n - 1, buckets);
	const end = sa + (<usize>n << 2);
	for (let entry = sa; entry < end; entry += 4) {
		const j = load<i32>(entry);
		if (j > 0) {
			store<i32>(entry, partial ? 0 : ~j);
			pushLarger<T>(text, sa, j - 1, buckets);
		} else if (partial) {
			if (j < 0) store<i32>(entry, ~j);
		} else {
			store<i32>(entry, ~j);
		}
	}
}

// @ts-ignore: decorator
@inline
function pushLarger<T>(text: usize, sa: usize, j: i32, buckets: usize): void {
	const c = at<T>(text, j);
	const bucket = buckets + (<usize>c << 2);
	const place = load<i32>(bucket);
	store<i32>(bucket, place + 1);
	set(sa, place, j > 0 && at<T>(text, j - 1) < c ? ~j : j);
}

/** Right to left, the same for S-type predecessors at their buckets' ends; LMS suffixes, and the whole text, stay negative until passed. */
// @ts-ignore: decorator
@inline
function induceSmaller<T>(text: usize, sa: usize, n: i32, buckets: usize, partial: bool): void {
	for (let entry = sa + (<usize>n << 2) - 4; entry >= sa; entry -= 4) {
		let j = load<i32>(entry);
		if (j > 0) {
			if (partial) store<i32>(entry, 0);
			j--;
			const c = at<T>(text, j);
			const bucket = buckets + (<usize>c << 2);
			const place = load<i32>(bucket) - 1;
			store<i32>(bucket, place);
			const last = partial ? j > 0 && at<T>(text, j - 1) > c : j == 0 || at<T>(text, j - 1) > c;
			set(sa, place, last ? ~j : j);
		} else if (!partial) {
			store<i32>(entry, ~j);
		}
	}
}

/**
 * Names the m sorted LMS substrings in sa[0..m): equal ones get one name. Leaves the reduced text, names from 0 in the text's order, in the
 * last m words; returns how many names there are. A substring reaches to the next LMS position, inclusive; the last one ends with the text.
 */
function nameLms<T>(text: usize, sa: usize, n: i32, m: i32): i32 {
	// LMS positions are at least two apart, so half a position is a slot of its own.
	const slots = sa + (<usize>m << 2);
	memory.fill(slots, 0, <usize>(n - m) << 2);
	let next = at<T>(text, n - 1);
	let smaller = false;
	let after = n;
	for (let i = n - 2; i >= 0; i--) {
		const c = at<T>(text, i);
		if (c < next || (c == next && smaller)) {
			smaller = true;
		} else {
			if (smaller) {
				set(slots, (i + 1) >> 1, after - i);
				after = i + 1;
			}
			smaller = false;
		}
		next = c;
	}
	let names = 0;
	let previous = -1;
	let previousLength = -1;
	for (let r = 0; r < m; r++) {
		const p = get(sa, r);
		const length = get(slots, p >> 1);
		// One that ends with the text is like no other: its end is smaller than every character.
		let same = length == previousLength && p + length <= n && previous + length <= n;
		for (let i = 0; same && i < length; i++) same = at<T>(text, p + i) == at<T>(text, previous + i);
		if (!same) names++;
		set(slots, p >> 1, names);
		previous = p;
		previousLength = length;
	}
	let w = n;
	for (let i = m + ((n - 1) >> 1); i >= m; i--) {
		const name = get(sa, i);
		if (name > 0) set(sa, --w, name - 1);
	}
	return names;
}
