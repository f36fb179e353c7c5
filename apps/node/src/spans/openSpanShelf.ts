// The span indexes this node has open, one a snapshot: made at first need, kept on disk, brought up to date instead of made anew.
// All of it follows from the snapshots' rows: what is lost or damaged is made again. It must not know answers.

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { openSpanIndex, type SpanIndex, type SpanStore } from "@openledger/attribution";
import type { DatanetRow } from "@openledger/datanet";
import { type Hex, OpenLedgerError, type SnapshotEntry } from "@openledger/protocol";
import { and, desc, eq, lt } from "drizzle-orm";
import { snapshots } from "../database/schema.js";
import { readSnapshotRows } from "../datanet/takeSnapshot.js";
import { errorText } from "../errors.js";
import type { NodeParts } from "../parts.js";

export type SnapshotRef = { readonly datanetId: Hex; readonly version: number; readonly root: Hex };

export type SnapshotSpans = {
	readonly index: SpanIndex;
	/** The snapshot's entries, by which rows name their contributors. */
	readonly entries: readonly SnapshotEntry[];
};

export type SpanShelf = {
	/** The index over a snapshot's rows, in memory about five bytes a byte of text. The MOST_OPEN asked for last stay open. */
	indexOf(snapshot: SnapshotRef): Promise<SnapshotSpans>;
	/** Forgets a datanet's indexes, on disk too: they hold the texts of its rows. They are made again at need. */
	drop(datanetId: Hex): Promise<void>;
	close(): Promise<void>;
};

/** Each new snapshot that is served has an index of its own, and a node may serve many. */
const MOST_OPEN = 8;

type Opened = SnapshotSpans & { readonly store: SpanStore };

/** `parts` is asked only when an index is opened, so the shelf may be one of them. */
export function openSpanShelf(parts: () => NodeParts): SpanShelf {
	const opened = new Map<Hex, Promise<Opened>>();

	async function open(snapshot: SnapshotRef): Promise<Opened> {
		const { home, log, turns } = parts();
		const folder = join(home, "spans", snapshot.datanetId.slice(2));
		// One writer a folder.
		return await turns(`spans ${snapshot.datanetId}`, async () => {
			try {
				return await bringUpToDate(parts(), folder, snapshot);
			} catch (error) {
				if (!(error instanceof OpenLedgerError && error.code.startsWith("spans/"))) throw error;
				log(`the span index of a snapshot is made anew: ${errorText(error)}`);
				await rm(folder, { recursive: true, force: true });
				return await bringUpToDate(parts(), folder, snapshot);
			}
		});
	}

	function forget(root: Hex): void {
		opened.get(root)?.then(
			({ store }) => store.close(),
			() => {},
		);
		opened.delete(root);
	}

	return {
		async drop(datanetId) {
			const frozen = await parts().db.select().from(snapshots).where(eq(snapshots.datanetId, datanetId));
			await parts().turns(`spans ${datanetId}`, async () => {
				for (const { root } of frozen) {
					const open = opened.get(root);
					opened.delete(root);
					await open?.then(({ store }) => store.close()).catch(() => {});
				}
				await rm(join(parts().home, "spans", datanetId.slice(2)), { recursive: true, force: true });
			});
		},
		async indexOf(snapshot) {
			let index = opened.get(snapshot.root);
			if (index === undefined) {
				index = open(snapshot);
				// What failed is tried again by the next who asks.
				index.catch(() => opened.delete(snapshot.root));
			}
			opened.delete(snapshot.root);
			opened.set(snapshot.root, index);
			const [oldest] = opened.keys();
			// Whoever still reads the one that goes may: only appends are refused from then on.
			if (opened.size > MOST_OPEN) forget(oldest!);
			return await index;
		},
		async close() {
			const all = await Promise.allSettled(opened.values());
			opened.clear();
			for (const one of all) if (one.status === "fulfilled") await one.value.store.close();
		},
	};
}

async function bringUpToDate(parts: NodeParts, folder: string, snapshot: SnapshotRef): Promise<Opened> {
	const rows = await readSnapshotRows(parts, snapshot.datanetId, snapshot.version);
	const from = await beginning(parts, snapshot, rows);
	const store = await openSpanIndex(folder, { name: nameOf(snapshot.root), ...(from && { from: nameOf(from) }) });
	try {
		if (store.index.rows < rows.length) await store.append(rows.slice(store.index.rows));
		const entries = rows.map(({ index, commitment, contributor, cluster }) => ({
			...{ index, commitment, contributor, cluster },
		}));
		return { store, index: store.index, entries };
	} catch (error) {
		await store.close();
		throw error;
	}
}

const nameOf = (root: Hex) => root.slice(2);

/** The root of the snapshot before this one, if this one begins with its rows: then its index is the beginning of this one's. */
async function beginning(
	parts: NodeParts,
	{ datanetId, version }: SnapshotRef,
	rows: readonly DatanetRow[],
): Promise<Hex | undefined> {
	const [before] = await parts.db
		.select()
		.from(snapshots)
		.where(and(eq(snapshots.datanetId, datanetId), lt(snapshots.version, version)))
		.orderBy(desc(snapshots.version))
		.limit(1);
	if (before === undefined || before.rowCount > rows.length) return undefined;
	const old = await readSnapshotRows(parts, datanetId, before.version);
	return old.every(({ commitment }, i) => commitment === rows[i]!.commitment) ? before.root : undefined;
}
