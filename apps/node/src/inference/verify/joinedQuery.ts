// An answer's features at all checkpoints as one vector, in the form of a row's.

export function joinedQuery(parts: readonly Int8Array[]): Int8Array {
	const out = new Int8Array(parts.reduce((length, part) => length + part.length, 0));
	let at = 0;
	for (const part of parts) {
		out.set(part, at);
		at += part.length;
	}
	return out;
}
