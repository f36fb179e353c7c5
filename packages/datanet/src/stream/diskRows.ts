// The rows that a stream has kept, on disk: texts in one file that people can read, keys in another that a restart reads. It
// must not know checks.
import { join } from "node:path";
import type { Row } from "@openledger/protocol";
import type { Filed, RowStore } from "../copies/rowIndex.js";
import type { FileRow } from "../reading/checkRow.js";
import { openAppendLog } from "./appendLog.js";

/** How long the files were at a checkpoint. */
export type RowLengths = { readonly known: number; readonly accepted: number; readonly keys: number };
export const NO_ROWS: RowLengths = { known: 0, accepted: 0, keys: 0 };

export type DiskRows = RowStore & {
	/** Remembers for a restart what was filed of the row that was appended last. */
	file(filed: Filed): void;
	/** What was filed before, in order, after opening again. */
	filed(): Generator<Filed>;
	/** Rows that come from now on are of the delivery; those before were there already. */
	beginDelivery(): void;
	rows(): number;
	lengths(): RowLengths;
	sync(): void;
	close(): void;
};

const DIGEST_BYTES = 16;
const NO_CLUSTER = 0xffff_ffff;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Opens the files in a folder as they were at a checkpoint. A row's entry: end of its text (8) ‖ digest (16) ‖ cluster (4) ‖ keys. */
export function openDiskRows(dir: string, lengths: RowLengths, knownRows: number, keyCount: number): DiskRows {
	const entryBytes = 8 + DIGEST_BYTES + 4 + 4 * keyCount;
	const known = openAppendLog(join(dir, "known.jsonl"), lengths.known);
	const accepted = openAppendLog(join(dir, "accepted.jsonl"), lengths.accepted);
	const keys = openAppendLog(join(dir, "keys"), lengths.keys);
	// Where each row's text ends, in its own file.
	const ends: number[] = [];
	let firstOfDelivery = knownRows;
	const logOf = (number: number) => (number < firstOfDelivery ? known : accepted);

	return {
		append(row) {
			const log = logOf(ends.length);
			log.append(encoder.encode(`${JSON.stringify(row)}\n`));
			ends.push(log.length());
		},
		read(number) {
			const from = number === 0 || number === firstOfDelivery ? 0 : ends[number - 1]!;
			return JSON.parse(decoder.decode(logOf(number).read(from, ends[number]! - from))) as Row;
		},
		file({ digest, keys: own, cluster }) {
			const entry = new Uint8Array(entryBytes);
			const view = new DataView(entry.buffer);
			view.setFloat64(0, ends.at(-1)!);
			entry.set(digest.subarray(0, DIGEST_BYTES), 8);
			view.setUint32(8 + DIGEST_BYTES, cluster === -1 ? NO_CLUSTER : cluster);
			own.forEach((key, at) => {
				view.setUint32(12 + DIGEST_BYTES + 4 * at, key);
			});
			keys.append(entry);
		},
		*filed() {
			const total = keys.length();
			const slice = entryBytes * 1024;
			for (let from = 0; from < total; from += slice) {
				const bytes = keys.read(from, Math.min(slice, total - from));
				const view = new DataView(bytes.buffer, bytes.byteOffset);
				for (let at = 0; at < bytes.length; at += entryBytes) {
					ends.push(view.getFloat64(at));
					const cluster = view.getUint32(at + 8 + DIGEST_BYTES);
					const own = Uint32Array.from({ length: keyCount }, (_, i) => view.getUint32(at + 12 + DIGEST_BYTES + 4 * i));
					yield {
						digest: bytes.slice(at + 8, at + 8 + DIGEST_BYTES),
						keys: own,
						cluster: cluster === NO_CLUSTER ? -1 : cluster,
					};
				}
			}
		},
		beginDelivery() {
			firstOfDelivery = ends.length;
		},
		rows: () => ends.length,
		lengths: () => ({ known: known.length(), accepted: accepted.length(), keys: keys.length() }),
		sync() {
			for (const log of [known, accepted, keys]) log.sync();
		},
		close() {
			for (const log of [known, accepted, keys]) log.close();
		},
	};
}

/** A line of accepted.jsonl: the row with its place and its cluster, which may be read again as a file of rows. */
export type KeptLine = FileRow & { readonly cluster: number };
