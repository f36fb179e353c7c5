// The rows of a snapshot as the node sends them, one JSON a line, read with every field checked: whoever sent them is not trusted.

import type { PublishedRow } from "@openledger/factory";
import { checkAddress, checkCount, checkDigest, type Hex, type Turn } from "@openledger/protocol";

const NOTHING: Hex = `0x${"00".repeat(32)}`;
const ROLES: readonly unknown[] = ["system", "user", "assistant"];

/** Throws a RangeError that names the first line that is no row. */
export function readRows(bytes: Uint8Array): PublishedRow[] {
	const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	return text
		.split("\n")
		.filter((line) => line !== "")
		.map((line, index) => {
			try {
				return readRow(JSON.parse(line) as Record<string, unknown>, index);
			} catch (cause) {
				throw new RangeError(`line ${index + 1} of the rows is no row: ${(cause as Error).message}`, { cause });
			}
		});
}

function readRow(row: Record<string, unknown>, index: number): PublishedRow {
	if (row.index !== index) throw new RangeError(`its index is ${row.index}`);
	const place = {
		index,
		commitment: checkDigest(row.commitment as Hex, "commitment"),
		contributor: checkAddress(row.contributor as Hex, "contributor"),
		cluster: checkCount(row.cluster as number, "cluster"),
	};
	if (row.erased === true) return { ...place, prompt: "", response: "", salt: NOTHING, erased: true };
	const said = { prompt: text(row.prompt, "prompt"), response: text(row.response, "response") };
	const salt = checkDigest(row.salt as Hex, "salt");
	return { ...place, ...said, salt, ...(row.before !== undefined && { before: turns(row.before) }) };
}

function turns(value: unknown): Turn[] {
	if (!Array.isArray(value)) throw new RangeError("before must be a list of turns");
	return value.map((turn: { readonly role?: unknown; readonly content?: unknown } | null) => {
		if (!ROLES.includes(turn?.role)) throw new RangeError("a turn's role must be system, user or assistant");
		return { role: turn?.role as Turn["role"], content: text(turn?.content, "content") };
	});
}

function text(value: unknown, name: string): string {
	if (typeof value !== "string") throw new RangeError(`${name} must be a text`);
	return value;
}
