// A row from its canonical bytes: the inverse of protocol's rowBytes. It must not know how they were kept.
import { CallerError, type Row, type Turn } from "@openledger/protocol";

const TAG_BYTES = 17;
const PLAIN = "openledger/row/v1";
const CONVERSATION = "openledger/row/v2";
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The row, its texts in NFC; throws `datanet/bad-row-bytes` on bytes that no row has. */
export function readRowBytes(bytes: Uint8Array): Row {
	try {
		return read(bytes);
	} catch (cause) {
		throw new CallerError("the bytes are not those of a row", { code: "datanet/bad-row-bytes", cause });
	}
}

function read(bytes: Uint8Array): Row {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const tag = decoder.decode(bytes.subarray(0, TAG_BYTES));
	let at = TAG_BYTES;
	const count = (): number => {
		at += 4;
		return view.getUint32(at - 4);
	};
	const text = (): string => {
		const length = count();
		if (length > bytes.length - at) throw new RangeError("a text runs over the end");
		at += length;
		return decoder.decode(bytes.subarray(at - length, at));
	};
	if (tag !== PLAIN && tag !== CONVERSATION) throw new RangeError("unknown tag");
	const before: Turn[] = [];
	if (tag === CONVERSATION) {
		const turns = count();
		for (let i = 0; i < turns; i++) before.push({ role: text() as Turn["role"], content: text() });
	}
	const row = { prompt: text(), response: text(), ...(before.length > 0 && { before }) };
	if (at !== bytes.length) throw new RangeError("bytes are left over");
	return row;
}
