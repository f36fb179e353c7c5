// Rows as they lie on disk: sealed one by one, each under a key and with a salt that can be destroyed. It must not know who may erase.

import type { DatanetRow } from "@openledger/datanet";
import {
	type Address,
	bytesToHex,
	CallerError,
	type Hex,
	hexToBytes,
	hmacSha256,
	type Row,
	rowDigest,
} from "@openledger/protocol";
import type { NodeParts } from "../parts.js";
import { saidOf } from "./saidOf.js";

/** A row of the database: sealed, or in plain text as homes of before have it. */
export type StoredRow = {
	/** The name of the row's key; in homes of before the row's own digest. */
	readonly digest: Hex;
	readonly sealed: Hex | null;
	readonly prompt: string | null;
	readonly response: string | null;
	readonly before: Row["before"] | null;
	readonly salt: Hex | null;
};

export type OpenedRow = { readonly row: Row; readonly salt: Hex };

/** A row of a snapshot; of an erased one everything is left but what it said and its salt. */
export type SnapshotRow = DatanetRow & { readonly erased?: true };

const NOTHING: Hex = `0x${"00".repeat(32)}`;

/** Names a row's key: the same row of the same person in the same datanet has the same one, and without the node's seed nobody can tell. */
export function recordIdOf(parts: NodeParts, datanetId: Hex, contributor: Address, row: Row): Hex {
	const secret = parts.keys.secret("record-ids", datanetId, contributor);
	return hmacSha256(hexToBytes(secret), hexToBytes(rowDigest(row)));
}

/** The salts of records, made where there are none; durable before it returns. Throws `datanet/record-erased`. */
export function saltsOf(parts: NodeParts, records: readonly Hex[], contributor: Address): ReadonlyMap<Hex, Hex> {
	const salts = parts.records.create(records, contributor);
	return new Map(records.map((record, i) => [record, salts[i]!]));
}

/** What the database keeps of a row instead of its text. */
export function sealedValues(parts: NodeParts, record: Hex, row: Row) {
	const sealed = bytesToHex(parts.records.seal(record, saidOf(row)));
	return { digest: record, sealed, prompt: null, response: null, before: null, salt: null };
}

/** The row and its salt, or undefined once it is erased. Throws as the store of record keys does. */
export function openRow(parts: NodeParts, stored: StoredRow): OpenedRow | undefined {
	const { digest: record, sealed, prompt, response, before, salt } = stored;
	if (sealed !== null) {
		if (parts.records.state(record) === "erased") return undefined;
		return { row: parts.records.open(record, hexToBytes(sealed)), salt: parts.records.salt(record) };
	}
	if (prompt === null || response === null || salt === null) return undefined;
	return { row: saidOf({ prompt, response, before }), salt };
}

/** A snapshot's row with what it said, where that is not erased. */
export function openSnapshotRow(parts: NodeParts, kept: KeptRow): SnapshotRow {
	const { record, sealed, ...rest } = kept;
	if (record === undefined || sealed === undefined) return rest as DatanetRow;
	const opened = openRow(parts, { digest: record, sealed, prompt: null, response: null, before: null, salt: null });
	if (opened === undefined) return { ...rest, prompt: "", response: "", salt: NOTHING, erased: true };
	return { ...rest, ...opened.row, salt: opened.salt };
}

/** A row in a snapshot's blob: sealed, or whole as blobs of before have it. */
export type KeptRow = Omit<DatanetRow, "prompt" | "response" | "before" | "salt"> & {
	readonly record?: Hex;
	readonly sealed?: Hex;
};

/** Throws `datanet/erased-rows` where a snapshot is to be learnt from of which rows were erased. */
export function refuseErased(rows: readonly SnapshotRow[]): void {
	const erased = rows.filter((row) => row.erased).length;
	if (erased === 0) return;
	throw new CallerError(`${erased} rows of this snapshot were erased since; take a new snapshot and use that`, {
		code: "datanet/erased-rows",
		details: { erased },
	});
}
