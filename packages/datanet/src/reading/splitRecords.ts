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

	const take = (): RawRecord => {
		const record = { line, lastLine, unclosed: place === "quoted" };
		if (length > MAX_LINE_BYTES) return record;
		const end = length > 0 && kept[length - 1] === CARRIAGE_RETURN ? length - 1 : length;
		return { ...record, bytes: kept.subarray(0, end) };
	};
	for (const chunk of chunks) {
		for (const byte of chunk) {
			if (byte === NEWLINE) {
				if (place !== "quoted") {
					yield take();
					length = 0;
					line = lastLine + 1;
					place = "start";
					lastLine++;
					continue;
				}
				lastLine++;
			}
			if (length < MAX_LINE_BYTES) kept[length] = byte;
			length++;
			if (options.quotes) place = nextPlace(place, byte);
			if (length === 3 && line === 1 && BYTE_ORDER_MARK.every((mark, i) => kept[i] === mark)) {
				length = 0;
				place = "start";
			}
		}
	}
	if (length > 0) yield take();
}

function nextPlace(place: Place, byte: number): Place {
	if (place === "quoted") return byte === QUOTE ? "closed" : "quoted";
	if (byte === COMMA) return "start";
	return byte === QUOTE && place !== "plain" ? "quoted" : "plain";
}
