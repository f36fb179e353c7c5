// The span receipt: a record, small, to be stored and signed; and its proof, which the index can make again at any time.
// It must not know how either is made or checked.

import { type Address, canonicalJson, type Hex, keccak256, utf8 } from "@openledger/protocol";
import type { SpanOccurrence } from "./occurrences.js";
import type { SpanRules } from "./rules.js";
import type { SegmentPart } from "./segment.js";
import type { SpanCommitment } from "./spanIndex.js";

export interface RecordedOccurrence extends SpanOccurrence {
	/** Whose row it is in the snapshot; absent where the record names no contributors. */
	readonly contributor?: Address;
}

export interface RecordedSpan {
	/** Bytes of the answer's UTF-8, [start, end). */
	readonly start: number;
	readonly end: number;
	readonly count: number;
	/** The first ones in the rows' order; none of a span that occurs more than `rules.maxCount` times. */
	readonly occurrences: readonly RecordedOccurrence[];
}

export interface SpanRecord {
	readonly kind: "openledger/spans/v1";
	/** The inference receipt that it belongs to. */
	readonly receiptId: Hex;
	readonly snapshotRoot: Hex;
	readonly indexRoot: Hex;
	/** The salted hash of the answer, as in the inference receipt. */
	readonly answerHash: Hex;
	readonly answerBytes: number;
	readonly rules: SpanRules;
	readonly spans: readonly RecordedSpan[];
}

/** Opened leaves of one tree, base64. */
export interface OpenedPart {
	readonly leaves: readonly number[];
	readonly data: string;
	readonly nodes: string;
}

export interface RowProof {
	readonly row: number;
	readonly commitment: Hex;
	readonly contributor: Address;
	readonly cluster: number;
	readonly proof: readonly Hex[];
}

export interface SpanProof {
	readonly commitment: SpanCommitment;
	/** For each span and segment the ranks [low, high). */
	readonly ranges: readonly (readonly (readonly [number, number])[])[];
	/** For each span and occurrence: segment, rank, place in the table of fields. */
	readonly places: readonly (readonly (readonly [number, number, number])[])[];
	readonly absences: readonly { readonly start: number; readonly end: number; readonly ranks: readonly number[] }[];
	/** For each segment what was opened; a part of which nothing was needed has no leaves. */
	readonly openings: readonly Readonly<Record<SegmentPart, OpenedPart>>[];
	/** The snapshot's entries of the rows that are named, by row. */
	readonly rows: readonly RowProof[];
}

export interface SpanReceipt {
	readonly record: SpanRecord;
	readonly proof: SpanProof;
}

/** keccak256 of the record's canonical JSON: what a node signs. */
export function spanRecordDigest(record: SpanRecord): Hex {
	return keccak256(utf8(canonicalJson(record)));
}

/** Leaves that hold some bytes of a part: entries of `entryBytes`, `count` from `first`. */
export const ENTRY_BYTES: Readonly<Record<SegmentPart, number>> = { text: 1, suffixes: 4, fields: 8 };
