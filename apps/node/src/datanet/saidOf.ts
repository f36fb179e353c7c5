// What of a stored row was said: the row alone, as its digest is taken. It must not know whose it is.

import type { Row } from "@openledger/protocol";

/** The database has null where a row has no turns before its prompt; canonical JSON has no word for that but leaving it out. */
export function saidOf({ prompt, response, before }: Said): Row {
	return { prompt, response, ...(before && before.length > 0 && { before }) };
}

type Said = Omit<Row, "before"> & { readonly before?: Row["before"] | null };
