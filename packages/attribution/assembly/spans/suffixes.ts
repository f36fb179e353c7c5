// The suffix array of a text by induced sorting: Nong, Zhang, Chan, "Linear Suffix Array Construction by Almost Pure Induced-Sorting",
// DCC 2009 (SA-IS). A suffix is S-type if it is smaller than the one after it, else L-type; an S-type suffix after an L-type one is LMS.
// Sorting the LMS suffixes sorts all. The end of the text counts as smaller than every byte. No table of types is kept: a sign on an entry
// says whether the suffix before it is of the type that the pass induces, so 4 bytes an entry and the text are nearly all the memory used.

/** An entry is a position, with a bit for "begins a group"; negative says that it waits. */
const POSITION: i32 = 0x3fffffff;
const NEW_GROUP: i32 = 0x40000000;

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

/** A bucket's place in the array, and beside it the group that was last put there: 8 bytes. */
// @ts-ignore: decorator
@inline
function bucketOf(buckets: usize, c: i32): usize {
	return buckets + (<usize>c << 3);
}

function starts(counts: usize, buckets: usize, k: i32): void {
	for (let c = 0, sum = 0; c < k; c++, buckets += 8) {
		store<i32>(buckets, sum);
		store<i32>(buckets, 0, 4);
		sum += get(counts, c);
	}
}

function ends(counts: usize, buckets: usize, k: i32): void {
	for (let c = 0, sum = 0; c < k; c++, buckets += 8) {
		sum += get(counts, c);
		store<i32>(buckets, sum);
		store<i32>(buckets, 0, 4);
	}
}

/**
 * Suffix array of `text` (n bytes) into `out` (n words of 32 bits, little-endian); n < 2^30, `scratch` 3,080 bytes.
 * Returns 0, or 1 if memory could not be grown for the buckets of a lower level.
 */
export function sortSuffixes(text: usize, n: i32, out: usize, scratch: usize): i32 {
	return sort<u8>(text, out, n, 256, scratch, scratch + 3080);
}

/** `free` to `freeEnd` is memory for buckets; where it is too small, memory is grown. */
function sort<T>(text: usize, sa: usize, n: i32, k: i32, free: usize, freeEnd: usize): i32 {
	if (n == 0) return 0;
	if (n == 1) {
		set(sa, 0, 0);
		return 0;
	}
	// Buckets, counts, and a word to spare.
	const bytes = <usize>k * 12 + 8;
	let buckets = free;
	if (freeEnd - free >= bytes) free += bytes;
	else buckets = grown(bytes);
	if (buckets == 0) return 1;
	const spare = buckets + (<usize>k << 3);
	const counts = spare + 8;
	memory.fill(counts, 0, <usize>k << 2);
	for (let i = 0; i < n; i++) {
		const word = counts + (<usize>at<T>(text, i) << 2);
		store<i32>(word, load<i32>(word) + 1);
	}

	ends(counts, buckets, k);
	placeLms<T>(text, sa, n, buckets, k);
	starts(counts, buckets, k);
	groupLarger<T>(text, sa, n, buckets, spare);
	ends(counts, buckets, k);
	groupSmaller<T>(text, sa, n, buckets);
	let m = 0;
	for (let i = 0; i < n; i++) {
		const j = get(sa, i);
		if (j < 0) set(sa, m++, ~j);
	}

	if (m > 0) {
		const names = nameLms(sa, n, m);
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
		const bucket = bucketOf(buckets, at<T>(text, j));
		const place = load<i32>(bucket) - 1;
		store<i32>(bucket, place);
		set(sa, place, j);
	}
	starts(counts, buckets, k);
	induceLarger<T>(text, sa, n, buckets);
	ends(counts, buckets, k);
	induceSmaller<T>(text, sa, n, buckets);
	return 0;
}

/** LMS suffixes to the ends of their buckets, in any order, each bucket a group; everything else empty (0: none starts the text). */
function placeLms<T>(text: usize, sa: usize, n: i32, buckets: usize, k: i32): void {
	memory.fill(sa, 0, <usize>n << 2);
	let next = at<T>(text, n - 1);
	let smaller = false;
	for (let i = n - 2; i >= 0; i--) {
		const c = at<T>(text, i);
		if (c < next || (c == next && smaller)) {
			smaller = true;
		} else {
			if (smaller) {
				const bucket = bucketOf(buckets, next);
				const place = load<i32>(bucket) - 1;
				store<i32>(bucket, place);
				store<i32>(bucket, 1, 4);
				set(sa, place, i + 1);
			}
			smaller = false;
		}
		next = c;
	}
	for (let c = 0; c < k; c++, buckets += 8) {
		if (load<i32>(buckets, 4) == 0) continue;
		const first = load<i32>(buckets);
		set(sa, first, get(sa, first) | NEW_GROUP);
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

// While LMS substrings are sorted, equal ones are found on the way: suffixes in one bucket, put there from one group, are one group again.
// An entry says by a bit whether it begins a group, as seen in the direction of the pass; what has been used is emptied, so only what the
// next pass needs is left. The text's first suffix induces nothing and is left out.

/** Left to right. What waits for the other pass is negative until passed, then says whether its group differs from its right neighbour's. */
function groupLarger<T>(text: usize, sa: usize, n: i32, buckets: usize, spare: usize): void {
	let group = 1;
	let waiting = spare;
	let waitingGroup = 0;
	pushLarger<T>(text, sa, n - 1, buckets, group);
	const end = sa + (<usize>n << 2);
	for (let entry = sa; entry < end; entry += 4) {
		let j = load<i32>(entry);
		if (j > 0) {
			group += j >>> 30;
			store<i32>(entry, 0);
			pushLarger<T>(text, sa, (j & POSITION) - 1, buckets, group);
		} else if (j < 0) {
			j = ~j;
			group += j >>> 30;
			store<i32>(entry, j & POSITION);
			store<i32>(waiting, load<i32>(waiting) | (i32(group != waitingGroup) << 30));
			waiting = entry;
			waitingGroup = group;
		}
	}
}

// @ts-ignore: decorator
@inline
function pushLarger<T>(text: usize, sa: usize, j: i32, buckets: usize, group: i32): void {
	if (j == 0) return;
	const c = at<T>(text, j);
	const bucket = bucketOf(buckets, c);
	const place = load<i32>(bucket);
	const entry = j | (i32(load<i32>(bucket, 4) != group) << 30);
	store<i32>(bucket, place + 1);
	store<i32>(bucket, group, 4);
	set(sa, place, at<T>(text, j - 1) < c ? ~entry : entry);
}

/** Right to left. LMS suffixes stay, negative; each says whether its group differs from that of the LMS suffix at its right. */
function groupSmaller<T>(text: usize, sa: usize, n: i32, buckets: usize): void {
	let group = 1;
	let lastGroup = 0;
	for (let entry = sa + (<usize>n << 2) - 4; entry >= sa; entry -= 4) {
		let j = load<i32>(entry);
		if (j > 0) {
			group += j >>> 30;
			store<i32>(entry, 0);
			j = (j & POSITION) - 1;
			if (j == 0) continue;
			const c = at<T>(text, j);
			const bucket = bucketOf(buckets, c);
			const place = load<i32>(bucket) - 1;
			const value = j | (i32(load<i32>(bucket, 4) != group) << 30);
			store<i32>(bucket, place);
			store<i32>(bucket, group, 4);
			set(sa, place, at<T>(text, j - 1) > c ? ~value : value);
		} else if (j < 0) {
			j = ~j;
			group += j >>> 30;
			store<i32>(entry, ~((j & POSITION) | (i32(group != lastGroup) << 30)));
			lastGroup = group;
		}
	}
}

/** Names the m sorted LMS substrings in sa[0..m) by their groups; leaves the reduced text in the last m words, returns how many names there are. */
function nameLms(sa: usize, n: i32, m: i32): i32 {
	// LMS positions are at least two apart, so half a position is a slot of its own.
	const slots = sa + (<usize>m << 2);
	memory.fill(slots, 0, <usize>(n - m) << 2);
	let name = 1;
	let next = 1;
	for (let r = 0; r < m; r++) {
		const p = get(sa, r);
		name = next;
		set(slots, (p & POSITION) >> 1, name);
		next += p >>> 30;
	}
	let w = n;
	for (let i = m + ((n - 1) >> 1); i >= m; i--) {
		const slot = get(sa, i);
		if (slot > 0) set(sa, --w, slot - 1);
	}
	return name;
}

/**
 * Left to right: every suffix whose predecessor is L-type puts it at its bucket's start. Used entries turn negative; those whose predecessor
 * is S-type are negative until passed.
 */
function induceLarger<T>(text: usize, sa: usize, n: i32, buckets: usize): void {
	placeLarger<T>(text, sa, n - 1, buckets);
	const end = sa + (<usize>n << 2);
	for (let entry = sa; entry < end; entry += 4) {
		const j = load<i32>(entry);
		store<i32>(entry, ~j);
		if (j > 0) placeLarger<T>(text, sa, j - 1, buckets);
	}
}

// @ts-ignore: decorator
@inline
function placeLarger<T>(text: usize, sa: usize, j: i32, buckets: usize): void {
	const c = at<T>(text, j);
	const bucket = bucketOf(buckets, c);
	const place = load<i32>(bucket);
	store<i32>(bucket, place + 1);
	set(sa, place, j > 0 && at<T>(text, j - 1) < c ? ~j : j);
}

/** Right to left, the same for S-type predecessors at their buckets' ends; every S-type suffix is placed again before it is passed. */
function induceSmaller<T>(text: usize, sa: usize, n: i32, buckets: usize): void {
	for (let entry = sa + (<usize>n << 2) - 4; entry >= sa; entry -= 4) {
		let j = load<i32>(entry);
		if (j > 0) {
			j--;
			const c = at<T>(text, j);
			const bucket = bucketOf(buckets, c);
			const place = load<i32>(bucket) - 1;
			store<i32>(bucket, place);
			set(sa, place, j == 0 || at<T>(text, j - 1) > c ? ~j : j);
		} else {
			store<i32>(entry, ~j);
		}
	}
}
