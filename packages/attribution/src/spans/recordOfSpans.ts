// The record of an answer's spans alone, as a span receipt has it, without the proof and without hashing the snapshot's tree. It must not know
// who signs it.

import type { Hex, SnapshotEntry } from "@openledger/protocol";
import { proveSpans, type SpanBinding } from "./proveSpans.js";
import type { SpanIndex } from "./spanIndex.js";
import type { SpanRecord } from "./spanReceipt.js";
import { spanRulesFor } from "./spanRulesFor.js";

/** `entries` name the contributors, entry k for row k. Throws as `proveSpans`. */
export function recordOfSpans(
	index: SpanIndex,
	answer: string,
	binding: Omit<SpanBinding, "entries">,
	entries: readonly Pick<SnapshotEntry, "contributor">[],
): SpanRecord {
	const { record } = proveSpans(index, answer, binding, spanRulesFor(answer));
	const contributorOf = (row: number) => entries[row]!.contributor.toLowerCase() as Hex;
	const spans = record.spans.map(({ occurrences, ...span }) => ({
		...span,
		occurrences: occurrences.map((place) => ({ ...place, contributor: contributorOf(place.row) })),
	}));
	return { ...record, spans };
}
