// A row as the text that a person reads: the turns before, the prompt, the response, each in NFC and each ended by a byte that no UTF-8 has,
// so that no span reaches from one into the next. It must not know what is searched.

import { type Row, utf8 } from "@openledger/protocol";
import { SpanError } from "./errors.js";

/** Ends every field's text; no byte of UTF-8. */
export const SEPARATOR = 0xff;
/** Bytes of one row's text: 4 MiB. */
export const MAX_ROW_BYTES = 4 * 1024 * 1024;
const MAX_TURNS = 250;

export type SpanField = "prompt" | "response" | `before:${number}`;

export interface FieldText {
	/** 0 prompt, 1 response, 2 + k the k-th turn before. */
	readonly field: number;
	/** Without the separator; never empty. */
	readonly bytes: Uint8Array;
}

/** The row's fields that have text, as they are read; `row` only names it in errors. Throws `spans/bad-rows`. */
export function rowTexts({ prompt, response, before = [] }: Row, row: number): FieldText[] {
	if (before.length > MAX_TURNS)
		throw new SpanError("spans/bad-rows", `row ${row} has ${before.length} turns before; at most ${MAX_TURNS}`);
	const texts = [
		...before.map(({ content }, turn) => [2 + turn, content] as const),
		[0, prompt] as const,
		[1, response] as const,
	];
	const fields = texts
		.map(([field, text]) => ({ field, bytes: encode(text, row, field) }))
		.filter(({ bytes }) => bytes.length > 0);
	const total = fields.reduce((sum, { bytes }) => sum + bytes.length, 0);
	if (total <= MAX_ROW_BYTES) return fields;
	throw new SpanError(
		"spans/bad-rows",
		`row ${row} has ${total} bytes of text; it must have ${MAX_ROW_BYTES} or fewer`,
	);
}

function encode(text: string, row: number, field: number): Uint8Array {
	try {
		return utf8(text.normalize("NFC"));
	} catch (cause) {
		throw new SpanError("spans/bad-rows", `row ${row}, ${fieldName(field)}: must be well-formed Unicode text`, {
			cause,
		});
	}
}

export function fieldName(field: number): SpanField {
	return field === 0 ? "prompt" : field === 1 ? "response" : `before:${field - 2}`;
}
