// A span index: immutable segments of a snapshot's rows under one root. The same rows in the same order and the same layout give the same root.
// It must not know files, answers or receipts.

import { canonicalJson, type Hex, keccak256, type Row, utf8 } from "@openledger/protocol";
import { appendRows, type SpanLayout, spanLayout } from "./layout.js";
import { buildSegment, buildSegmentAside, type Piece, type Segment, type SegmentRecord } from "./segment.js";

/** What a root commits to. */
export interface SpanCommitment {
	readonly unit: number;
	readonly largest: number;
	readonly segments: readonly SegmentRecord[];
}

export interface SpanIndex {
	readonly root: Hex;
	readonly commitment: SpanCommitment;
	/** Rows are numbered from 0. */
	readonly rows: number;
	/** Bytes of text, each field's end counted as one. */
	readonly bytes: number;
	readonly segments: readonly Segment[];
	/** The first row of each segment. */
	readonly firstRows: readonly number[];
}

/** keccak256 of the canonical JSON of the commitment with its kind. */
export function spanRoot(commitment: SpanCommitment): Hex {
	return keccak256(utf8(canonicalJson({ kind: "openledger/spans/index/v1", ...commitment })));
}

/** An index over segments that stand already. */
export function spanIndexOf(layout: SpanLayout, segments: readonly Segment[]): SpanIndex {
	const commitment = { unit: layout.unit, largest: layout.largest, segments: segments.map(({ record }) => record) };
	const firstRows: number[] = [];
	let rows = 0;
	let bytes = 0;
	for (const { record } of segments) {
		firstRows.push(rows);
		rows += record.rows;
		bytes += record.bytes;
	}
	return { root: spanRoot(commitment), commitment, rows, bytes, segments, firstRows };
}

/** Builds an index in memory, on this thread. Rows are numbered as they come. Throws `spans/bad-rows`, `spans/bad-rules`, `spans/no-memory`. */
export function buildSpanIndex(rows: Iterable<Row>, options: Partial<SpanLayout> = {}): SpanIndex {
	return appendToSpanIndex(spanIndexOf(spanLayout(options), []), rows);
}

/** A new index with further rows; the old one stays as it was, and what both have is one. */
export function appendToSpanIndex({ commitment, segments }: SpanIndex, rows: Iterable<Row>): SpanIndex {
	const work = appendRows(commitment, segments, rows);
	let step = work.next();
	while (!step.done) step = work.next(buildSegment(step.value));
	return spanIndexOf(commitment, step.value);
}

/** The same with the building done on another thread; `onSegment` sees each new segment before the next is begun. */
export async function appendToSpanIndexAside(
	{ commitment, segments }: SpanIndex,
	rows: Iterable<Row>,
	{ onSegment = async () => {} }: { readonly onSegment?: (segment: Segment) => Promise<void> } = {},
): Promise<SpanIndex> {
	const build = async (piece: Piece) => {
		const segment = await buildSegmentAside(piece);
		await onSegment(segment);
		return segment;
	};
	const work = appendRows(commitment, segments, rows);
	let step = work.next();
	while (!step.done) step = work.next(await build(step.value));
	return spanIndexOf(commitment, step.value);
}
