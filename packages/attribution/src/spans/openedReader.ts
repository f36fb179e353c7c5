// Reads the leaves that a proof opened, after they led to the committed roots; whatever else is asked for was not opened.
// It must not know what is read for what.

import type { SpanReader } from "./claims.js";
import { SpanError } from "./errors.js";
import { SEGMENT_PARTS, type SegmentPart } from "./segment.js";
import type { SpanCommitment } from "./spanIndex.js";
import { ENTRY_BYTES, type OpenedPart } from "./spanReceipt.js";
import { LEAF_BYTES, openingRoot } from "./tree.js";

/** Entries that may be read while one proof is checked: far above any honest one, so that a proof costs seconds at most. */
const MAX_READS = 50_000_000;
const ROOTS = { text: "textRoot", suffixes: "suffixRoot", fields: "fieldRoot" } as const;

function fails(what: string): never {
	throw new SpanError("spans/proof-fails", `the span proof does not hold: ${what}`);
}

interface Opened {
	readonly bytes: Buffer;
	/** Where each leaf begins in `bytes`. */
	readonly offsets: Map<number, number>;
	readonly used: Set<number>;
}

function opened(part: OpenedPart, length: number, root: string, name: string): Opened {
	const data = Buffer.from(part.data, "base64");
	const offsets = new Map(part.leaves.map((leaf, k) => [leaf, k * LEAF_BYTES]));
	if (part.leaves.length === 0) {
		if (data.length > 0 || part.nodes !== "") fails(`${name} opens nothing but holds bytes`);
	} else if (openingRoot({ leaves: part.leaves, data, nodes: Buffer.from(part.nodes, "base64") }, length) !== root) {
		fails(`${name} does not lead to the committed root`);
	}
	return { bytes: data, offsets, used: new Set() };
}

export interface OpenedReader {
	readonly reader: SpanReader;
	/** Opened leaves in all. */
	readonly leaves: number;
	/** Throws if a leaf was opened that nothing asked for: a proof has one form. */
	finish(): void;
}

/** Throws `spans/proof-fails` if an opening does not lead to its root, and when a leaf is asked for that was not opened. */
export function openedReader(
	commitment: SpanCommitment,
	openings: readonly Readonly<Record<SegmentPart, OpenedPart>>[],
): OpenedReader {
	const all = commitment.segments.map((record, segment) => {
		const sizes = { text: record.bytes, suffixes: 4 * record.bytes, fields: 8 * record.fields };
		const part = (name: SegmentPart) =>
			opened(openings[segment]![name], sizes[name], record[ROOTS[name]], `segment ${segment}, ${name}`);
		return { text: part("text"), suffixes: part("suffixes"), fields: part("fields") };
	});
	let reads = 0;
	const find = (segment: number, part: SegmentPart, entry: number): number => {
		if (++reads > MAX_READS) fails(`it asks for more than ${MAX_READS} comparisons`);
		const { offsets, used } = all[segment]![part];
		const at = entry * ENTRY_BYTES[part];
		const leaf = Math.floor(at / LEAF_BYTES);
		const offset = offsets.get(leaf);
		if (offset === undefined) fails(`segment ${segment}, ${part}: leaf ${leaf} is not opened`);
		used.add(leaf);
		return offset + (at % LEAF_BYTES);
	};
	return {
		leaves: all.reduce((sum, parts) => sum + SEGMENT_PARTS.reduce((s, part) => s + parts[part].offsets.size, 0), 0),
		reader: {
			byte: (segment, position) => all[segment]!.text.bytes[find(segment, "text", position)]!,
			suffix: (segment, rank) => all[segment]!.suffixes.bytes.readUInt32LE(find(segment, "suffixes", rank)),
			field(segment, entry) {
				const at = find(segment, "fields", entry);
				const { bytes } = all[segment]!.fields;
				return [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)];
			},
		},
		finish() {
			for (const [segment, parts] of all.entries()) {
				for (const part of SEGMENT_PARTS) {
					const { offsets, used } = parts[part];
					for (const leaf of offsets.keys())
						if (!used.has(leaf)) fails(`segment ${segment}, ${part}: leaf ${leaf} is opened for nothing`);
				}
			}
		},
	};
}
