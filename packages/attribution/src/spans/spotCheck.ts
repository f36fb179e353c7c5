// A check of a committed index for those who have neither rows nor index: random neighbours in the suffix array must be in order, and random
// places of the text must stand somewhere in it. The challenger draws the seed after the root is known. It finds what is wrong often, not what
// is wrong once: `catchPpm` says how likely. It must not know receipts.

import { concatBytes, type Hex, hexToBytes, keccak256, uint32 } from "@openledger/protocol";
import type { SpanReader } from "./claims.js";
import { SpanError } from "./errors.js";
import { openedReader } from "./openedReader.js";
import { parseOpenings } from "./parseSpanReceipt.js";
import { openParts, recorder } from "./proveSpans.js";
import type { SegmentPart } from "./segment.js";
import type { SpanCommitment, SpanIndex } from "./spanIndex.js";
import type { OpenedPart } from "./spanReceipt.js";

/** Two suffixes that agree for this many bytes are left undecided: rows may be equal from end to end. */
export const MAX_COMPARED = 1024;
const MAX_QUESTIONS = 10_000;

export interface SpotQuestions {
	/** 32 bytes of the challenger's, drawn after the root was published. */
	readonly seed: Hex;
	/** Pairs of neighbours, and as many places of the text; 1 to 10,000. */
	readonly samples: number;
	/** Further places that must stand in the array, as [segment, position]: a contributor asks for those of their own rows. */
	readonly places?: readonly (readonly [number, number])[];
}

export interface SpotAnswers {
	/** For each question for a place the rank at which the array has it: drawn ones first, then those asked for. */
	readonly ranks: readonly number[];
	readonly openings: readonly Readonly<Record<SegmentPart, OpenedPart>>[];
}

export interface SpotReport {
	/** Neighbours found in order, and places found. */
	readonly ordered: number;
	readonly found: number;
	/** Neighbours that agree for so long that their order was not read. */
	readonly undecided: number;
}

interface Drawn {
	readonly pairs: readonly (readonly [number, number])[];
	readonly places: readonly (readonly [number, number])[];
}

function fails(what: string): never {
	throw new SpanError("spans/proof-fails", `the spot check fails: ${what}`);
}

function draw({ segments }: SpanCommitment, { seed, samples, places = [] }: SpotQuestions): Drawn {
	if (!Number.isInteger(samples) || samples < 1 || samples > MAX_QUESTIONS || places.length > MAX_QUESTIONS) {
		throw new SpanError(
			"spans/bad-rules",
			`samples is ${samples}; it must be an integer from 1 to ${MAX_QUESTIONS}, and so many places at most`,
		);
	}
	const total = segments.reduce((sum, { bytes }) => sum + bytes, 0);
	if (total === 0) return { pairs: [], places: [] };
	for (const [segment, position] of places) {
		if (position >= (segments[segment]?.bytes ?? 0))
			throw new SpanError("spans/bad-rules", `segment ${segment} has no place ${position}`);
	}
	// 52 bits of a hash over a total far below 2^40: the bias is below 2^-12 of a place.
	const at = (what: number, k: number): readonly [number, number] => {
		const hash = hexToBytes(keccak256(concatBytes(hexToBytes(seed), uint32(what), uint32(k))));
		let place = hash.subarray(0, 6).reduce((sum, byte) => sum * 256 + byte, 0) % total;
		let segment = 0;
		for (; place >= segments[segment]!.bytes; segment++) place -= segments[segment]!.bytes;
		return [segment, place];
	};
	const many = (what: number) => Array.from({ length: samples }, (_, k) => at(what, k));
	return { pairs: many(0), places: [...many(1), ...places] };
}

function check(commitment: SpanCommitment, drawn: Drawn, ranks: readonly number[], reader: SpanReader): SpotReport {
	if (ranks.length !== drawn.places.length) fails(`${drawn.places.length} places need as many ranks`);
	const { segments } = commitment;
	let [ordered, undecided] = [0, 0];
	for (const [segment, rank] of drawn.pairs) {
		const size = segments[segment]!.bytes;
		if (rank + 1 === size) {
			ordered++;
			continue;
		}
		const [a, b] = [reader.suffix(segment, rank), reader.suffix(segment, rank + 1)];
		if (a >= size || b >= size || a === b)
			fails(`segment ${segment}: entries ${rank} and ${rank + 1} are no two places of its text`);
		let k = 0;
		let difference = 0;
		for (; k < MAX_COMPARED && difference === 0; k++) {
			if (a + k === size) difference = -1;
			else if (b + k === size) difference = 1;
			else difference = reader.byte(segment, a + k) - reader.byte(segment, b + k);
		}
		if (difference > 0) fails(`segment ${segment}: suffixes ${rank} and ${rank + 1} are not in order`);
		if (difference === 0) undecided++;
		else ordered++;
	}
	for (const [k, [segment, position]] of drawn.places.entries()) {
		const rank = ranks[k]!;
		if (rank >= segments[segment]!.bytes || reader.suffix(segment, rank) !== position)
			fails(`segment ${segment}: byte ${position} does not stand at ${rank}`);
	}
	return { ordered, found: drawn.places.length, undecided };
}

/** Answers the questions from the index; what a dishonest index cannot answer it answers wrongly. */
export function answerSpotCheck(index: SpanIndex, questions: SpotQuestions): SpotAnswers {
	const drawn = draw(index.commitment, questions);
	const ranks = drawn.places.map(([segment, position]) =>
		Math.max(0, index.segments[segment]!.suffixes.indexOf(position)),
	);
	const { reader, read } = recorder(index.segments);
	try {
		check(index.commitment, drawn, ranks, reader);
	} catch (error) {
		// Opened as far as it went: enough for the verifier to find the same.
		if (!(error instanceof SpanError)) throw error;
	}
	return { ranks, openings: index.segments.map((segment, place) => openParts(segment, read[place]!)) };
}

/** Throws `spans/receipt-malformed` or `spans/proof-fails` with the first thing that is wrong. */
export function verifySpotCheck(
	commitment: SpanCommitment,
	questions: SpotQuestions,
	answers: SpotAnswers,
): SpotReport {
	const openings = answers.openings.map((parts, k) => parseOpenings(parts, `openings[${k}]`));
	if (openings.length !== commitment.segments.length) fails("every segment needs its openings");
	const { reader } = openedReader(commitment, openings);
	return check(commitment, draw(commitment, questions), answers.ranks, reader);
}

/**
 * The chance, in parts per million rounded down, that `samples` draws hit at least one of the faulty ones, `faultyPpm` parts per million of all:
 * 1 − (1 − f)^samples. An array with one false neighbour in 10^8 is not found so; building it again finds it.
 */
export function catchPpm(faultyPpm: number, samples: number): number {
	// In units of 10^-18, each step rounded up, so that the chance is never said too large.
	const unit = 10n ** 18n;
	const sound = unit - BigInt(faultyPpm) * 10n ** 12n;
	let missed = unit;
	for (let k = 0; k < samples; k++) missed = (missed * sound + unit - 1n) / unit;
	return Number((unit - missed) / 10n ** 12n);
}
