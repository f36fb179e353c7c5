// Proves or refutes a committed index by building it again from its rows: the only check that leaves nothing open. It must not know receipts.

import type { Row } from "@openledger/protocol";
import { SpanError } from "./errors.js";
import { appendRows, spanLayout } from "./layout.js";
import { buildSegment, type SegmentRecord } from "./segment.js";
import { type SpanCommitment, spanRoot } from "./spanIndex.js";

/**
 * Throws `spans/index-differs`, naming the first segment and what of it differs, unless the rows give this commitment. It costs what building
 * costs; rows are read one after the other and one segment at a time is in memory.
 */
export function auditSpanIndex(commitment: SpanCommitment, rows: Iterable<Row>): void {
	const differs = (what: string): never => {
		throw new SpanError("spans/index-differs", `the index is not the one of these rows: ${what}`);
	};
	const layout = spanLayout(commitment);
	const rebuilt: SegmentRecord[] = [];
	const work = appendRows(layout, [], rows);
	let step = work.next();
	while (!step.done) {
		const segment = buildSegment(step.value);
		const { record } = segment;
		const place = rebuilt.push(record) - 1;
		const claimed = commitment.segments[place];
		if (claimed === undefined) differs(`it has ${commitment.segments.length} segments, the rows give more`);
		for (const key of ["rows", "units", "bytes", "fields", "textRoot", "fieldRoot", "suffixRoot"] as const) {
			if (claimed![key] !== record[key])
				differs(`segment ${place}, ${key} is ${claimed![key]}; the rows give ${record[key]}`);
		}
		step = work.next(segment);
	}
	if (rebuilt.length < commitment.segments.length)
		differs(`it has ${commitment.segments.length} segments, the rows give ${rebuilt.length}`);
	if (spanRoot(commitment) !== spanRoot({ ...layout, segments: rebuilt })) differs("the roots are not equal");
}
