// Whether a row was there before, and with which rows it says the same: what intake() decides, in a form that holds a million
// rows. Texts lie in a store, keys in flat tables. It must not know files or wallets.
import { createHash } from "node:crypto";
import { type Row, rowBytes } from "@openledger/protocol";
import { compare } from "../intake/compare.js";
import { keys as keysOf, type Profile, profile } from "../intake/profile.js";
import { createDigestSet } from "./digestSet.js";
import { createKeyTable, type KeyTable } from "./keyTable.js";

/** Rows that one row is compared with; as in intake(). */
const MAX_CANDIDATES = 64;
/** Profiles of earlier rows that are kept at hand; the others are made again from their text. */
const PROFILES = 8192;

/** Where the texts of kept rows lie. */
export type RowStore = { append(row: Row): void; read(number: number): Row };

/** What is remembered of a row besides its text, enough to file it again after a restart. */
export type Filed = {
	readonly digest: Uint8Array;
	readonly keys: Uint32Array;
	/** Of this datanet, or −1 for a row of another one. */
	readonly cluster: number;
};

export type Judgement = {
	readonly kind: "new" | "duplicate" | "near-duplicate";
	/** The earlier row is of another datanet. */
	readonly elsewhere: boolean;
	/** What to file if the row is kept; nothing to find it by if it is the same row of this datanet again. */
	readonly filed: Filed;
};

export type RowIndex = {
	/** Judges a row against all that were filed. */
	judge(row: Row): Judgement;
	/** Files a row under the next number, its text in the store; gives its cluster. */
	keep(row: Row, filed: Filed): number;
	/** Files a row whose text is in the store already. */
	restore(filed: Filed): void;
	/** What to file for a row of another datanet. */
	foreign(row: Row): Filed;
};

export function createRowIndex(store: RowStore, { expected = 0 }: { readonly expected?: number } = {}): RowIndex {
	const digests = createDigestSet(expected);
	const tables: KeyTable[] = [];
	const clusters: number[] = [];
	const profiles = new Map<number, Profile>();
	let nextCluster = 0;

	function profileOf(number: number): Profile {
		const made = profiles.get(number) ?? profile(store.read(number));
		// A Map keeps its order: what was not asked for the longest stands first, and goes first.
		profiles.delete(number);
		profiles.set(number, made);
		if (profiles.size > PROFILES) profiles.delete(profiles.keys().next().value!);
		return made;
	}

	function candidates(keys: Uint32Array): number[] {
		const found = new Set<number>();
		for (let at = 0; at < keys.length; at++) tables[at]?.find(keys[at]!, (row) => found.add(row));
		return [...found].sort((a, b) => a - b).slice(0, MAX_CANDIDATES);
	}

	function file({ digest, keys, cluster }: Filed): number {
		const number = clusters.length;
		// Who has the row here comes before who has it elsewhere.
		if (cluster !== -1 || digests.find(digest) === -1) digests.add(digest, number);
		for (let at = 0; at < keys.length; at++) {
			tables[at] ??= createKeyTable(expected);
			tables[at]!.add(keys[at]!, number);
		}
		clusters.push(cluster);
		nextCluster = Math.max(nextCluster, cluster + 1);
		return number;
	}

	return {
		judge(row) {
			const digest = digestOf(row);
			const same = digests.find(digest);
			if (same !== -1 && clusters[same] !== -1) {
				return { kind: "duplicate", elsewhere: false, filed: { digest, keys: new Uint32Array(), cluster: -1 } };
			}
			const own = profile(row);
			const keys = keysOf(own);
			let cluster = nextCluster;
			let isCopyHere = false;
			let isCopyElsewhere = false;
			for (const candidate of candidates(keys)) {
				const likeness = compare(own, profileOf(candidate));
				if (likeness === "different") continue;
				const theirs = clusters[candidate]!;
				if (theirs !== -1) cluster = Math.min(cluster, theirs);
				if (likeness === "copy" && theirs === -1) isCopyElsewhere = true;
				else if (likeness === "copy") isCopyHere = true;
			}
			const filed = { digest, keys, cluster };
			if (isCopyHere) return { kind: "near-duplicate", elsewhere: false, filed };
			if (same !== -1) return { kind: "duplicate", elsewhere: true, filed };
			return { kind: isCopyElsewhere ? "near-duplicate" : "new", elsewhere: isCopyElsewhere, filed };
		},
		keep(row, filed) {
			store.append(row);
			file(filed);
			return filed.cluster;
		},
		restore: (filed) => void file(filed),
		foreign: (row) => ({ digest: digestOf(row), keys: keysOf(profile(row)), cluster: -1 }),
	};
}

/** A store in memory, for a delivery that fits there. */
export function memoryStore(): RowStore {
	const rows: Row[] = [];
	return { append: (row) => void rows.push(row), read: (number) => rows[number]! };
}

function digestOf(row: Row): Uint8Array {
	return createHash("sha256").update(rowBytes(row)).digest();
}
