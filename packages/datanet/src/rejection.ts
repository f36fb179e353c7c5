// Why a row was not taken: where it stands, a stable code, and what would be right. It must not know files.

export type RejectionCode =
	| "line-too-long"
	| "bad-utf8"
	| "bad-json"
	| "not-an-object"
	| "duplicate-key"
	| "unknown-field"
	| "missing-field"
	| "wrong-type"
	| "wrong-order"
	| "bad-csv"
	| "unclosed-quote"
	| "wrong-column-count"
	| "empty"
	| "too-long"
	| "control-character"
	| "lone-surrogate"
	| "bad-contributor"
	| "duplicate"
	| "erased"
	| "near-duplicate"
	| "duplicate-elsewhere"
	| "near-duplicate-elsewhere"
	| "schema"
	| "licence"
	| "wrong-language"
	| "repetition"
	| "secret"
	| "personal-data"
	| "toxic-word"
	| "evaluation-overlap";

/** A row that was not taken; `line` counts from 1, `reason` says what was wrong and what would be right. */
export type RejectedRow = { readonly line: number; readonly code: RejectionCode; readonly reason: string };

/** A row's fault before its line is known. */
export type Fault = { readonly code: RejectionCode; readonly reason: string };

/** Stranger's text for a message: quoted, escaped, cut to 40 characters. */
export function quote(text: string): string {
	const characters = [...text.slice(0, 100)];
	return JSON.stringify(characters.length > 40 ? `${characters.slice(0, 40).join("")}…` : text);
}
