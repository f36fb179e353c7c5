// Cuts bytes into records, each with the line where it starts, holding no more than one record in memory. It must not
// know what a record means; of quotes it knows only that a newline inside them does not end a CSV record.
import { MAX_LINE_BYTES } from "../limits.js";

/** One record without its line end; `bytes` is absent if it was too long and skipped. Valid until the next is asked for. */
export type RawRecord = {
	readonly line: number;
	readonly lastLine: number;
	readonly bytes?: Uint8Array;
	/** The file ended inside quotes. */
	readonly unclosed: boolean;
};

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Where in a CSV field the reader stands; a quote right after "closed" was a doubled one. */
type Place = "start" | "plain" | "quoted" | "closed";

/** Records end at LF or CRLF; with `quotes`, not while a quoted field is open (RFC 4180). Drops a byte order mark. */
export function* splitRecords(
	chunks: Iterable<Uint8Array>,
	options: { readonly quotes: boolean },
): Generator<RawRecord> {
	const kept = new Uint8Array(MAX_LINE_BYTES);
	let length = 0;
	let line = 1;
	let lastLine = 1;
	let place: Place = "start";
	let isFirst = true;

	const keep = (bytes: Uint8Array) => {
		if (length < MAX_LINE_BYTES) kept.set(bytes.subarray(0, MAX_LINE_BYTES - length), length);
		length += bytes.length;
	};
	const take = (): RawRecord => {
		const record = { line, lastLine, unclosed: place === "quoted" };
		if (length > MAX_LINE_BYTES) return record;
		const end = length > 0 && kept[length - 1] === CARRIAGE_RETURN ? length - 1 : length;
		return { ...record, bytes: kept.subarray(0, end) };
	};
	/** Where the record that is open at `from` ends in the chunk, or the chunk's length. */
	const endOfRecord = (chunk: Uint8Array, from: number): number => {
		if (!options.quotes) {
			const end = chunk.indexOf(NEWLINE, from);
			return end === -1 ? chunk.length : end;
		}
		for (let at = from; at < chunk.length; at++) {
			const byte = chunk[at]!;
			if (byte === NEWLINE && place !== "quoted") return at;
			if (byte === NEWLINE) lastLine++;
			place = nextPlace(place, byte);
		}
		return chunk.length;
	};
	for (const chunk of chunks) {
		let from = isFirst && BYTE_ORDER_MARK.every((mark, i) => chunk[i] === mark) ? BYTE_ORDER_MARK.length : 0;
		isFirst = false;
		for (;;) {
			const end = endOfRecord(chunk, from);
			keep(chunk.subarray(from, end));
			if (end === chunk.length) break;
			yield take();
			length = 0;
			lastLine++;
			line = lastLine;
			place = "start";
			from = end + 1;
		}
	}
	if (length > 0) yield take();
}

function nextPlace(place: Place, byte: number): Place {
	if (place === "quoted") return byte === QUOTE ? "closed" : "quoted";
	if (byte === COMMA) return "start";
	return byte === QUOTE && place !== "plain" ? "quoted" : "plain";
}
