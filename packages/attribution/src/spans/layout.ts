// Which rows make a segment. Rows fill units of about `unit` bytes; whole units are joined two by two, like a binary counter, up to `largest`.
// So the layout follows from the rows alone, however they came, and a row is sorted again at most log2(largest) + 1 times as units are joined,
// and while its own unit fills. It must not know how a segment is built or kept.

import type { Row } from "@openledger/protocol";
import { SpanError } from "./errors.js";
import { rowTexts, SEPARATOR } from "./rowText.js";
import type { Piece, Segment } from "./segment.js";

export interface SpanLayout {
	/** A unit is whole when its text has this many bytes, or a sixteenth as many rows. */
	readonly unit: number;
	/** Units of the largest segment, a power of two. */
	readonly largest: number;
}

/** Segments of at most about 64 MiB of text. */
export const SPAN_LAYOUT: SpanLayout = { unit: 1024 * 1024, largest: 64 };
const MAX_SEGMENT = 2 ** 28;
/** Rows of all segments: row ids take 32 bits. */
const MAX_ROWS = 0xffff_ffff;

/** The layout with defaults; throws `spans/bad-rules`. */
export function spanLayout({
	unit = SPAN_LAYOUT.unit,
	largest = SPAN_LAYOUT.largest,
}: Partial<SpanLayout> = {}): SpanLayout {
	if (!Number.isInteger(unit) || unit < 64)
		throw new SpanError("spans/bad-rules", `layout.unit is ${unit}; it must be an integer from 64`);
	if (!Number.isInteger(largest) || largest < 1 || largest > 65_536 || (largest & (largest - 1)) !== 0) {
		throw new SpanError("spans/bad-rules", `layout.largest is ${largest}; it must be a power of two from 1 to 65536`);
	}
	if (unit * largest <= MAX_SEGMENT) return { unit, largest };
	throw new SpanError(
		"spans/bad-rules",
		`layout.unit · layout.largest is ${unit * largest}; it must be ${MAX_SEGMENT} or less`,
	);
}

/** Whole units to the sizes of their segments: as many of the largest as there are, then the bits of the rest, highest first. */
export function segmentSizes(units: number, largest: number): number[] {
	const sizes = new Array<number>(Math.floor(units / largest)).fill(largest);
	for (let size = largest / 2; size >= 1; size /= 2) if ((units & size) !== 0) sizes.push(size);
	return sizes;
}

/** A unit that rows are still put into. */
class Filling {
	rows = 0;
	bytes = 0;
	readonly texts: Uint8Array[] = [];
	readonly fields: number[] = [];

	add(row: Row, id: number): void {
		for (const { field, bytes } of rowTexts(row, id)) {
			this.fields.push(this.bytes, this.rows + field * 2 ** 24);
			this.texts.push(bytes);
			this.bytes += bytes.length + 1;
		}
		this.rows++;
	}

	/** Continues the unfinished segment. */
	resume({ record, text, fields }: Segment): void {
		for (let k = 0; k < record.fields; k++) {
			const end = k + 1 < record.fields ? fields[2 * k + 2]! : record.bytes;
			this.texts.push(text.subarray(fields[2 * k]!, end - 1));
		}
		this.fields.push(...fields);
		this.rows = record.rows;
		this.bytes = record.bytes;
	}

	piece(units: number): Piece {
		const text = new Uint8Array(this.bytes);
		let at = 0;
		for (const part of this.texts) {
			text.set(part, at);
			at += part.length;
			text[at++] = SEPARATOR;
		}
		return { rows: this.rows, units, text, fields: Uint32Array.from(this.fields) };
	}
}

const asPiece = ({ record, text, fields }: Segment): Piece => ({
	rows: record.rows,
	units: record.units,
	text,
	fields,
});

function join(pieces: readonly Piece[]): Piece {
	const text = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.text.length, 0));
	const fields = new Uint32Array(pieces.reduce((sum, piece) => sum + piece.fields.length, 0));
	let [bytes, rows, units, at] = [0, 0, 0, 0];
	for (const piece of pieces) {
		text.set(piece.text, bytes);
		for (let k = 0; k < piece.fields.length; k += 2) {
			fields[at++] = piece.fields[k]! + bytes;
			fields[at++] = piece.fields[k + 1]! + rows;
		}
		bytes += piece.text.length;
		rows += piece.rows;
		units += piece.units;
	}
	return { rows, units, text, fields };
}

type Part = { readonly segment: Segment } | { readonly piece: Piece };
const pieceOf = (part: Part) => ("segment" in part ? asPiece(part.segment) : part.piece);

/**
 * The segments after rows are appended. Yields each piece that must be built and wants its segment back; what stands already is used again.
 * Throws `spans/bad-rows`, before anything is changed.
 */
export function* appendRows(
	{ unit, largest }: SpanLayout,
	segments: readonly Segment[],
	rows: Iterable<Row>,
): Generator<Piece, Segment[], Segment> {
	const done = segments.filter(({ record }) => record.units === largest);
	const tail: Part[] = segments
		.filter(({ record }) => record.units > 0 && record.units < largest)
		.map((segment) => ({ segment }));
	const unfinished = segments.find(({ record }) => record.units === 0);
	let units = segments.reduce((sum, { record }) => sum + record.units, 0) % largest;
	let id = segments.reduce((sum, { record }) => sum + record.rows, 0);
	let filling = new Filling();
	if (unfinished !== undefined) filling.resume(unfinished);
	let changed = false;
	for (const row of rows) {
		if (id >= MAX_ROWS) throw new SpanError("spans/bad-rows", `an index holds ${MAX_ROWS} rows at most`);
		filling.add(row, id++);
		changed = true;
		if (filling.bytes < unit && filling.rows < unit / 16) continue;
		tail.push({ piece: filling.piece(1) });
		filling = new Filling();
		if (++units < largest) continue;
		done.push(yield join(tail.map(pieceOf)));
		tail.length = 0;
		units = 0;
	}
	if (!changed) return [...segments];
	let at = 0;
	for (const size of segmentSizes(units, largest)) {
		const from = at;
		for (let sum = 0; sum < size; at++) sum += pieceOf(tail[at]!).units;
		const [first] = tail.slice(from, at);
		done.push(at === from + 1 && "segment" in first! ? first.segment : yield join(tail.slice(from, at).map(pieceOf)));
	}
	if (filling.rows > 0) done.push(yield filling.piece(0));
	return done;
}
