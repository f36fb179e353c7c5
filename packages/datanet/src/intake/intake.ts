// Takes rows into a datanet: refuses copies, groups rows that say the same. First seen owns. It must not know files,
// wallets or chains.
import { type Row, rowDigest } from "@openledger/protocol";
import type { RejectedRow } from "../rejection.js";
import { createCandidates } from "./candidates.js";
import { compare } from "./compare.js";
import { keys, type Profile, profile } from "./profile.js";

/** A row that was taken before; the rows of a datanet in the order of their taking. */
export type KnownRow = Row & { readonly cluster: number };
/** The row as it came, with the number of its cluster; rows of one cluster are paid once. */
export type AcceptedRow<R extends Row> = R & { readonly cluster: number };

export type IntakeResult<R extends Row> = {
	readonly accepted: readonly AcceptedRow<R>[];
	readonly rejected: readonly (RejectedRow & { readonly row: R })[];
};

/**
 * Accepts rows in order. The same row again (NFC, byte for byte) is rejected as `duplicate`, one that differs only in
 * looks as `near-duplicate`; one that says the same in similar words is kept, in the cluster of the first that said it.
 * A new cluster gets the next number. The result depends on nothing but the arguments.
 */
export function intake<R extends Row & { readonly line: number }>(
	rows: readonly R[],
	existing: readonly KnownRow[],
): IntakeResult<R> {
	const digests = new Set<string>();
	const profiles: Profile[] = [];
	const clusters: number[] = [];
	const candidates = createCandidates();
	let nextCluster = 0;
	const file = (digest: string, own: Profile, ownKeys: Uint32Array, cluster: number) => {
		digests.add(digest);
		candidates.add(profiles.length, ownKeys);
		profiles.push(own);
		clusters.push(cluster);
		nextCluster = Math.max(nextCluster, cluster + 1);
	};

	for (const known of existing) {
		const own = profile(known);
		file(rowDigest(known), own, keys(own), known.cluster);
	}
	const accepted: AcceptedRow<R>[] = [];
	const rejected: (RejectedRow & { readonly row: R })[] = [];
	for (const row of rows) {
		const digest = rowDigest(row);
		if (digests.has(digest)) {
			const reason = "this very row is in the datanet already; contribute one that is not";
			rejected.push({ line: row.line, code: "duplicate", reason, row });
			continue;
		}
		const own = profile(row);
		const ownKeys = keys(own);
		let cluster: number | undefined;
		let isCopy = false;
		for (const candidate of candidates.find(ownKeys)) {
			const likeness = compare(own, profiles[candidate]!);
			if (likeness === "different") continue;
			cluster = Math.min(cluster ?? clusters[candidate]!, clusters[candidate]!);
			isCopy ||= likeness === "copy";
		}
		if (isCopy) {
			const reason = "a row with the same words is in the datanet already; contribute another fact or phrasing";
			rejected.push({ line: row.line, code: "near-duplicate", reason, row });
			continue;
		}
		cluster ??= nextCluster;
		file(digest, own, ownKeys, cluster);
		accepted.push({ ...row, cluster });
	}
	return { accepted, rejected };
}
