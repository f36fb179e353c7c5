// Makes the span receipt of an answer. It must not know how receipts are kept or signed.

import {
	checkDigest,
	type Hex,
	type MerkleTree,
	merkleTree,
	type SnapshotEntry,
	saltedHash,
	snapshotLeaf,
} from "@openledger/protocol";
import { base64 } from "./base64.js";
import { type AbsenceClaim, type Claims, checkClaims, type SpanReader, windowsOf } from "./claims.js";
import { SpanError } from "./errors.js";
import { matchEnds, matchSpans } from "./matchSpans.js";
import { type FoundOccurrence, findOccurrences } from "./occurrences.js";
import { answerBytes, type SpanRules, spanRules } from "./rules.js";
import { findPlace } from "./search.js";
import { partBytes, SEGMENT_PARTS, type Segment, type SegmentPart } from "./segment.js";
import type { SpanIndex } from "./spanIndex.js";
import { ENTRY_BYTES, type OpenedPart, type RowProof, type SpanReceipt } from "./spanReceipt.js";
import { LEAF_BYTES, openLeaves } from "./tree.js";
import { countBelow, findWords } from "./words.js";

export interface SpanBinding {
	readonly receiptId: Hex;
	/** The salt of the inference receipt's hashes. */
	readonly salt: Hex;
	readonly snapshotRoot: Hex;
	/** The snapshot's entries, entry k for row k: then the record names contributors. */
	readonly entries?: readonly SnapshotEntry[];
}

/**
 * The receipt of what `answer` repeats. The same index, answer, binding and rules give the same receipt. Throws `spans/bad-answer`,
 * `spans/bad-rules`, and `spans/bad-rows` if there is no entry for a row that is named.
 */
export function proveSpans(
	index: SpanIndex,
	answer: string,
	binding: SpanBinding,
	rules: Partial<SpanRules> = {},
): SpanReceipt {
	const checked = spanRules(rules);
	const bytes = answerBytes(answer);
	const words = findWords(bytes);
	const ends = matchEnds(index, bytes, words);
	const spans = matchSpans(index, bytes, words, checked, ends).map((span) => ({
		...span,
		occurrences: findOccurrences(index, span, checked),
	}));
	const absences = chooseAbsences(index, bytes, words.begins, ends, windowsOf(words, spans, checked));
	const { commitment } = index;
	const claims: Claims = { bytes, words, rules: checked, commitment, spans, absences };
	const { reader, read } = recorder(index.segments);
	checkClaims(claims, reader);
	const { entries } = binding;
	const named = new Map<number, SnapshotEntry>();
	for (const { row } of entries === undefined ? [] : spans.flatMap(({ occurrences }) => occurrences))
		named.set(row, entryOf(entries!, row));
	const recorded = ({ row, field, offset }: FoundOccurrence) => {
		const contributor = named.get(row)?.contributor;
		return { row, field, offset, ...(contributor !== undefined && { contributor: contributor.toLowerCase() as Hex }) };
	};
	return {
		record: {
			kind: "openledger/spans/v1",
			receiptId: checkDigest(binding.receiptId, "receiptId"),
			snapshotRoot: checkDigest(binding.snapshotRoot, "snapshotRoot"),
			indexRoot: index.root,
			answerHash: saltedHash(answer, binding.salt),
			answerBytes: bytes.length,
			rules: checked,
			spans: spans.map(({ start, end, count, occurrences }) => ({
				start,
				end,
				count,
				occurrences: occurrences.map(recorded),
			})),
		},
		proof: {
			commitment,
			ranges: spans.map(({ ranges }) => ranges),
			places: spans.map(({ occurrences }) =>
				occurrences.map(({ segment, rank, entry }) => [segment, rank, entry] as const),
			),
			absences,
			openings: index.segments.map((segment, place) => openParts(segment, read[place]!)),
			rows: rowProofs(entries, [...named.values()]),
		},
	};
}

/** For each window in turn, unless one that was chosen lies in it, the last absence that does: so no fewer would do. */
function chooseAbsences(
	{ segments }: SpanIndex,
	bytes: Uint8Array,
	begins: Int32Array,
	ends: Int32Array,
	windows: readonly { readonly from: number; readonly to: number }[],
): AbsenceClaim[] {
	const chosen: AbsenceClaim[] = [];
	for (const { from, to } of windows) {
		const last = chosen.at(-1);
		if (last !== undefined && last.start >= from) continue;
		const word = countBelow(ends, to) - 1;
		const start = begins[word]!;
		const end = ends[word]! + 1;
		chosen.push({ start, end, ranks: segments.map((segment) => findPlace(segment, bytes, start, end).rank) });
	}
	return chosen;
}

type Read = Readonly<Record<SegmentPart, Set<number>>>;

/** A reader of the index, and which leaves it has read. */
export function recorder(segments: readonly Segment[]): {
	readonly reader: SpanReader;
	readonly read: readonly Read[];
} {
	const read = segments.map((): Read => ({ text: new Set(), suffixes: new Set(), fields: new Set() }));
	const note = (segment: number, part: SegmentPart, entry: number) =>
		read[segment]![part].add(Math.floor((entry * ENTRY_BYTES[part]) / LEAF_BYTES));
	const reader: SpanReader = {
		byte(segment, position) {
			note(segment, "text", position);
			return segments[segment]!.text[position]!;
		},
		suffix(segment, rank) {
			note(segment, "suffixes", rank);
			return segments[segment]!.suffixes[rank]!;
		},
		field(segment, entry) {
			note(segment, "fields", entry);
			const { fields } = segments[segment]!;
			return [fields[2 * entry]!, fields[2 * entry + 1]!];
		},
	};
	return { reader, read };
}

/** Opens what was read of a segment. */
export function openParts(segment: Segment, read: Read): Record<SegmentPart, OpenedPart> {
	const open = (part: SegmentPart): OpenedPart => {
		if (read[part].size === 0) return { leaves: [], data: "", nodes: "" };
		const leaves = [...read[part]].sort((a, b) => a - b);
		const { data, nodes } = openLeaves(partBytes(segment, part), segment.nodes[part], leaves);
		return { leaves, data: base64(data), nodes: base64(nodes) };
	};
	return Object.fromEntries(SEGMENT_PARTS.map((part) => [part, open(part)])) as Record<SegmentPart, OpenedPart>;
}

function entryOf(entries: readonly SnapshotEntry[], row: number): SnapshotEntry {
	const entry = entries[row];
	if (entry?.index === row) return entry;
	throw new SpanError(
		"spans/bad-rows",
		`the snapshot has no entry ${row} at its place; give the entries of the rows that were indexed, in order`,
	);
}

/** Trees of snapshots are large and asked for again with every answer. */
const trees = new WeakMap<readonly SnapshotEntry[], MerkleTree>();

function rowProofs(entries: readonly SnapshotEntry[] | undefined, named: readonly SnapshotEntry[]): RowProof[] {
	if (entries === undefined || named.length === 0) return [];
	const tree = trees.get(entries) ?? merkleTree(entries.map(snapshotLeaf));
	trees.set(entries, tree);
	return [...named]
		.sort((a, b) => a.index - b.index)
		.map(({ index, commitment, contributor, cluster }) => ({
			row: index,
			commitment,
			contributor: contributor.toLowerCase() as Hex,
			cluster,
			proof: tree.proofFor(index),
		}));
}
