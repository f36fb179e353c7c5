// The keys of records, one each, so that one record can be erased for good: its key and salt are overwritten, and what was
// sealed under it is noise from then on. A key lies wrapped under its contributor's. It must not know where sealed rows lie.
import { randomBytes } from "node:crypto";
import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import {
	type Address,
	bytesToHex,
	CallerError,
	checkAddress,
	checkDigest,
	concatBytes,
	type Hex,
	hexToBytes,
	type Row,
	rowBytes,
	TransientError,
} from "@openledger/protocol";
import { readRowBytes } from "./readRowBytes.js";
import { KEY_BYTES, openBytes, SEAL_BYTES, sealBytes } from "./recordCipher.js";

/** `erased`: there was such a record, its key is gone. */
export type RecordState = "live" | "erased" | "unknown";

export type RecordStore = {
	/**
	 * Makes a key and a salt for each record that has none, durable before it returns, and gives the salts in the order asked.
	 * The same ids again give the same salts. Throws `datanet/record-erased` for an id whose key was destroyed.
	 */
	create(ids: readonly Hex[], contributor: Address): readonly Hex[];
	/** The record's salt; throws `datanet/record-erased`, `datanet/record-unknown`. */
	salt(id: Hex): Hex;
	/** The row sealed under the record's own key; throws as `salt`. */
	seal(id: Hex, row: Row): Uint8Array;
	/** The row again; throws as `salt`, and `datanet/seal-broken`. */
	open(id: Hex, sealed: Uint8Array): Row;
	state(id: Hex): RecordState;
	/** Overwrites key and salt, durable before it returns. True if there was something to destroy; again is no error. */
	destroy(id: Hex): boolean;
	close(): void;
};

export type RecordStoreOptions = {
	/** The 32-byte key under which a contributor's record keys lie; the same one for the same contributor, always. */
	readonly contributorKey: (contributor: Address) => Uint8Array;
};

// A slot: state (1) ‖ three zeros ‖ record id (32) ‖ contributor (20) ‖ sealed key and salt (12 + 64 + 16) ‖ zeros.
const SLOT_BYTES = 160;
const WRAPPED_AT = 56;
const WRAPPED_BYTES = 2 * KEY_BYTES + SEAL_BYTES;
const LIVE = 1;
const ERASED = 2;

type Slot = { readonly at: number; state: typeof LIVE | typeof ERASED };

/** Opens or makes the file of keys in a folder. One process at a time; readable by its owner alone. */
export function openRecordStore(dir: string, { contributorKey }: RecordStoreOptions): RecordStore {
	mkdirSync(dir, { recursive: true, mode: 0o700 });
	const file = join(dir, "record-keys");
	const handle = openSync(file, openFlags(file), 0o600);
	const slots = new Map<Hex, Slot>();
	let end = load(handle, slots);

	function create(ids: readonly Hex[], contributor: Address): readonly Hex[] {
		const owner = checkAddress(contributor, "contributor");
		const fresh = [...new Set(ids)].filter((id) => {
			const known = slots.get(checkDigest(id, "record id"));
			if (known?.state === ERASED) throw erased(id);
			return known === undefined;
		});
		if (fresh.length > 0) {
			const bytes = concatBytes(...fresh.map((id) => slotBytes(id, owner, contributorKey(owner))));
			writeSync(handle, bytes, 0, bytes.length, end);
			fdatasyncSync(handle);
			for (const id of fresh) {
				slots.set(id, { at: end, state: LIVE });
				end += SLOT_BYTES;
			}
		}
		return ids.map((id) => unwrap(id).salt);
	}

	function unwrap(id: Hex): { readonly key: Uint8Array; readonly salt: Hex } {
		const slot = slots.get(checkDigest(id, "record id"));
		if (slot === undefined) {
			throw new CallerError(`there is no record ${id}; ask for one that was made here`, {
				code: "datanet/record-unknown",
				details: { record: id },
			});
		}
		if (slot.state === ERASED) throw erased(id);
		const bytes = new Uint8Array(SLOT_BYTES);
		readSync(handle, bytes, 0, SLOT_BYTES, slot.at);
		const owner = bytesToHex(bytes.subarray(36, WRAPPED_AT));
		const secret = openBytes(bytes.subarray(WRAPPED_AT, WRAPPED_AT + WRAPPED_BYTES), contributorKey(owner), id);
		return { key: secret.subarray(0, KEY_BYTES), salt: bytesToHex(secret.subarray(KEY_BYTES)) };
	}

	return {
		create,
		salt: (id) => unwrap(id).salt,
		seal: (id, row) => sealBytes(rowBytes(row), unwrap(id).key, id),
		open: (id, sealed) => readRowBytes(openBytes(sealed, unwrap(id).key, id)),
		state(id) {
			const slot = slots.get(checkDigest(id, "record id"));
			return slot === undefined ? "unknown" : slot.state === LIVE ? "live" : "erased";
		},
		destroy(id) {
			const slot = slots.get(checkDigest(id, "record id"));
			if (slot === undefined || slot.state === ERASED) return false;
			// Noise first, zeros after: a disk that compresses zeros away must still write over the key.
			writeSync(handle, randomBytes(WRAPPED_BYTES), 0, WRAPPED_BYTES, slot.at + WRAPPED_AT);
			fdatasyncSync(handle);
			writeSync(handle, new Uint8Array(WRAPPED_BYTES), 0, WRAPPED_BYTES, slot.at + WRAPPED_AT);
			writeSync(handle, Uint8Array.of(ERASED), 0, 1, slot.at);
			fdatasyncSync(handle);
			slot.state = ERASED;
			return true;
		},
		close: () => closeSync(handle),
	};
}

function slotBytes(id: Hex, owner: Address, key: Uint8Array): Uint8Array {
	const slot = new Uint8Array(SLOT_BYTES);
	slot[0] = LIVE;
	slot.set(hexToBytes(id), 4);
	slot.set(hexToBytes(owner), 36);
	slot.set(sealBytes(randomBytes(2 * KEY_BYTES), key, id), WRAPPED_AT);
	return slot;
}

/** Reads every slot's head; what a kill left half written was never acknowledged, and is cut off. */
function load(handle: number, slots: Map<Hex, Slot>): number {
	const size = fstatSync(handle).size;
	const end = size - (size % SLOT_BYTES);
	if (end < size) ftruncateSync(handle, end);
	const bytes = new Uint8Array(SLOT_BYTES * 4096);
	for (let from = 0; from < end; ) {
		const length = readSync(handle, bytes, 0, Math.min(bytes.length, end - from), from);
		for (let at = 0; at < length; at += SLOT_BYTES) {
			const slot = bytes.subarray(at, at + SLOT_BYTES);
			const state = slot[0];
			// A kill between the two halves of an erasure leaves a live slot that holds noise: it is finished by erasing again.
			if (state === LIVE || state === ERASED) slots.set(bytesToHex(slot.subarray(4, 36)), { at: from + at, state });
			else if (slot.some((byte) => byte !== 0)) throw damaged(from + at);
		}
		from += length;
	}
	return end;
}

function openFlags(file: string): string {
	try {
		closeSync(openSync(file, "wx", 0o600));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
	}
	return "r+";
}

function erased(id: Hex): CallerError {
	return new CallerError(`record ${id} was erased; its key is gone for good`, {
		code: "datanet/record-erased",
		details: { record: id },
	});
}

function damaged(at: number): TransientError {
	return new TransientError(`the file of record keys is damaged at byte ${at}; restore it from a backup`, {
		code: "datanet/record-keys-damaged",
		details: { at },
	});
}
