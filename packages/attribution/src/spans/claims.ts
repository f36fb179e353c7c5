// What a span receipt claims of an index, and how each claim follows from a few opened entries. Prover and verifier run the same lines: the
// prover over its index, noting what is read, the verifier over what was opened. It must not know trees or files.
//
// All of it leans on the suffix array being the sorted list of all suffixes: then a range whose neighbours do not begin with a string, and whose
// ends do, is exactly that string's occurrences, and two neighbours around an empty range show that the string is nowhere.

import { SpanError } from "./errors.js";
import { fieldName } from "./rowText.js";
import type { SpanRules } from "./rules.js";
import type { SpanCommitment } from "./spanIndex.js";
import { countBelow, type Words } from "./words.js";

/** Reads a segment's committed bytes. */
export interface SpanReader {
	/** The text's byte; the position is inside the text. */
	byte(segment: number, position: number): number;
	suffix(segment: number, rank: number): number;
	/** Start, and row + 2^24 · field. */
	field(segment: number, entry: number): readonly [number, number];
}

export interface SpanClaim {
	readonly start: number;
	readonly end: number;
	readonly count: number;
	readonly ranges: readonly (readonly [number, number])[];
	readonly occurrences: readonly OccurrenceClaim[];
}

export interface OccurrenceClaim {
	readonly row: number;
	readonly field: string;
	readonly offset: number;
	readonly segment: number;
	readonly rank: number;
	readonly entry: number;
}

/** A stretch of the answer that stands nowhere, and for each segment the place where it would stand. */
export interface AbsenceClaim {
	readonly start: number;
	readonly end: number;
	readonly ranks: readonly number[];
}

export interface Claims {
	readonly bytes: Uint8Array;
	readonly words: Words;
	readonly rules: SpanRules;
	readonly commitment: SpanCommitment;
	readonly spans: readonly SpanClaim[];
	readonly absences: readonly AbsenceClaim[];
}

export interface Window {
	readonly from: number;
	readonly to: number;
}

function fails(what: string): never {
	throw new SpanError("spans/proof-fails", `the span proof does not hold: ${what}`);
}

/**
 * The stretches of the answer of which each must hold something that stands nowhere: a span with one more word at its right, or at its left;
 * and, for a complete receipt, at every word the shortest span that was not claimed, or what would reach beyond all that was. By end, then start.
 */
export function windowsOf(
	words: Words,
	spans: readonly { readonly start: number; readonly end: number }[],
	rules: SpanRules,
): Window[] {
	const { begins, ends } = words;
	const windows: Window[] = [];
	const beyond = (from: number, end: number) => {
		const next = countBelow(ends, end, true);
		if (next < ends.length) windows.push({ from, to: ends[next]! });
	};
	for (const { start, end } of spans) {
		beyond(start, end);
		const word = countBelow(begins, start);
		if (word > 0) windows.push({ from: begins[word - 1]!, to: end });
	}
	if (rules.complete) {
		let [claimed, reach] = [0, 0];
		for (const [word, begin] of begins.entries()) {
			for (; claimed < spans.length && spans[claimed]!.start <= begin; claimed++) reach = spans[claimed]!.end;
			const last = Math.max(word + rules.minWords - 1, countBelow(ends, begin + rules.minBytes));
			if (last >= ends.length) break;
			if (reach >= ends[last]!) beyond(begin, reach);
			else windows.push({ from: begin, to: ends[last]! });
		}
	}
	return windows.sort((a, b) => a.to - b.to || a.from - b.from);
}

/** Throws `spans/proof-fails` with the first claim that does not follow from what `reader` gives. */
export function checkClaims(claims: Claims, reader: SpanReader): void {
	const firstRows = firstRowsOf(claims.commitment);
	for (const [place, span] of claims.spans.entries()) checkSpan(claims, reader, firstRows, span, place);
	let previous: AbsenceClaim | undefined;
	for (const [place, absence] of claims.absences.entries()) {
		const name = `absence ${place}`;
		if (absence.end <= absence.start || absence.end > claims.bytes.length) fails(`${name} is no stretch of the answer`);
		if (previous && (absence.start <= previous.start || absence.end < previous.end)) fails(`${name} is not in order`);
		const shared = absence.ranks.map((rank, segment) =>
			checkRange(claims, reader, segment, [rank, rank], absence, name),
		);
		// A proof has one form: without its last byte the stretch does stand somewhere.
		if (Math.max(0, ...shared) !== absence.end - absence.start - 1) fails(`${name} is longer than it need be`);
		previous = absence;
	}
	const starts = Int32Array.from(claims.absences, ({ start }) => start);
	for (const { from, to } of windowsOf(claims.words, claims.spans, claims.rules)) {
		// Absences ascend in start and in end, so the first that begins in the window is the one that can end in it.
		const first = claims.absences[countBelow(starts, from)];
		if (first === undefined || first.end > to)
			fails(`bytes ${from} to ${to} of the answer are not shown to stand nowhere`);
	}
}

/** The first row of each segment, summed once: a stranger's receipt may name many occurrences in many segments. */
function firstRowsOf({ segments }: SpanCommitment): number[] {
	let first = 0;
	return segments.map(({ rows }) => {
		first += rows;
		return first - rows;
	});
}

function checkSpan(
	claims: Claims,
	reader: SpanReader,
	firstRows: readonly number[],
	span: SpanClaim,
	place: number,
): void {
	const { words, rules, spans } = claims;
	const name = `span ${place}`;
	const before = spans[place - 1];
	if (before && (span.start <= before.start || span.end <= before.end)) fails(`${name} is not in order`);
	const first = countBelow(words.begins, span.start);
	const last = countBelow(words.ends, span.end);
	if (words.begins[first] !== span.start || words.ends[last] !== span.end || last < first)
		fails(`${name} is not made of whole words`);
	if (last - first + 1 < rules.minWords || span.end - span.start < rules.minBytes)
		fails(`${name} is shorter than the rules say`);
	for (const [segment, range] of span.ranges.entries()) checkRange(claims, reader, segment, range, span, name);
	const count = span.ranges.reduce((sum, [low, high]) => sum + high - low, 0);
	if (count === 0 || count !== span.count) fails(`${name} occurs ${count} times, not ${span.count}`);
	const named = count > rules.maxCount ? 0 : Math.min(count, rules.maxOccurrences);
	if (span.occurrences.length !== named)
		fails(`${name} must name ${named} occurrences, not ${span.occurrences.length}`);
	let previous = -1;
	for (const [k, claim] of span.occurrences.entries()) {
		const position = checkOccurrence(claims, reader, firstRows, span, claim, `${name}, occurrence ${k}`);
		const order = claim.segment * 2 ** 32 + position;
		if (order <= previous) fails(`${name}, occurrence ${k} is not in the rows' order`);
		previous = order;
	}
}

/** Checks that [low, high) is the range of bytes [start, end); returns how many bytes its neighbours share with them at most. */
function checkRange(
	{ bytes, commitment }: Claims,
	reader: SpanReader,
	segment: number,
	[low, high]: readonly [number, number],
	{ start, end }: { readonly start: number; readonly end: number },
	name: string,
): number {
	const size = commitment.segments[segment]!.bytes;
	if (low > high || high > size)
		fails(`${name}, segment ${segment}: [${low}, ${high}) is no range of ${size} suffixes`);
	const side = (rank: number) => compare(reader, segment, size, reader.suffix(segment, rank), bytes, start, end);
	const before = low > 0 ? side(low - 1) : { order: -1, shared: 0 };
	const after = high < size ? side(high) : { order: 1, shared: 0 };
	if (before.order >= 0) fails(`${name}, segment ${segment}: suffix ${low - 1} is not smaller`);
	if (after.order <= 0) fails(`${name}, segment ${segment}: suffix ${high} is not larger`);
	for (const rank of low === high ? [] : new Set([low, high - 1])) {
		if (side(rank).order !== 0) fails(`${name}, segment ${segment}: suffix ${rank} does not begin so`);
	}
	return Math.max(before.shared, after.shared);
}

/** `order` is below 0 if the suffix is smaller than bytes[start..end), 0 if it begins with them, above 0 if it is larger. */
function compare(
	reader: SpanReader,
	segment: number,
	size: number,
	position: number,
	bytes: Uint8Array,
	start: number,
	end: number,
): { readonly order: number; readonly shared: number } {
	if (position >= size) fails(`segment ${segment}: ${position} is no place in its text`);
	for (let shared = 0; shared < end - start; shared++) {
		if (position + shared >= size) return { order: -1, shared };
		const order = reader.byte(segment, position + shared) - bytes[start + shared]!;
		if (order !== 0) return { order, shared };
	}
	return { order: 0, shared: end - start };
}

function checkOccurrence(
	{ bytes, commitment }: Claims,
	reader: SpanReader,
	firstRows: readonly number[],
	span: SpanClaim,
	claim: OccurrenceClaim,
	name: string,
): number {
	const { segment, rank, entry } = claim;
	const record = commitment.segments[segment];
	const range = span.ranges[segment];
	if (record === undefined || range === undefined || rank < range[0] || rank >= range[1])
		fails(`${name}: rank ${rank} is not in the range`);
	const position = reader.suffix(segment, rank);
	if (compare(reader, segment, record.bytes, position, bytes, span.start, span.end).order !== 0)
		fails(`${name}: the text does not say it`);
	if (entry >= record.fields) fails(`${name}: there is no field ${entry}`);
	const [start, code] = reader.field(segment, entry);
	const next = entry + 1 < record.fields ? reader.field(segment, entry + 1)[0] : record.bytes;
	if (position < start || position + span.end - span.start >= next) fails(`${name}: it is not in field ${entry}`);
	const row = firstRows[segment]! + (code & 0xffffff);
	if (claim.row !== row) fails(`${name}: it is in row ${row}, not in row ${claim.row}`);
	if (claim.field !== fieldName(code >>> 24))
		fails(`${name}: it is in the ${fieldName(code >>> 24)}, not in the ${claim.field}`);
	if (claim.offset !== position - start) fails(`${name}: it is at byte ${position - start}, not at ${claim.offset}`);
	return position;
}
