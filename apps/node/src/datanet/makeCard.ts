// A datanet's card, its Croissant metadata and the public file that they speak of: what is frozen, by whom, never the texts.

import { createHash } from "node:crypto";
import { readSnapshot } from "@openledger/chain";
import {
	buildSnapshot,
	createPipeline,
	croissant,
	type DatanetFacts,
	datanetCard,
	runPipeline,
} from "@openledger/datanet";
import { CallerError, canonicalJson, type Hex, utf8 } from "@openledger/protocol";
import { and, desc, eq } from "drizzle-orm";
import { datanets, snapshots } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import { readSnapshotRows } from "./takeSnapshot.js";

export type DatanetCard = {
	readonly version: number;
	/** Markdown. */
	readonly card: string;
	/** JSON-LD. */
	readonly croissant: Readonly<Record<string, unknown>>;
	/** JSON Lines of the snapshot's entries: index, commitment, contributor, cluster. */
	readonly entries: string;
};

const COLUMNS = [
	{ name: "index", type: "integer", description: "The row's place in the snapshot." },
	{
		name: "commitment",
		type: "text",
		description: "Salted commitment to the row's text, a leaf of the snapshot's root.",
	},
	{ name: "contributor", type: "text", description: "Account that is paid for the row." },
	{ name: "cluster", type: "integer", description: "Rows of one cluster say the same and are paid once." },
] as const;

/** Of the latest published snapshot; throws `datanet/no-snapshot` before there is one. */
export async function makeCard(parts: NodeParts, datanetId: Hex): Promise<DatanetCard> {
	const { db, ledger, keys } = parts;
	const [datanet] = await db.select().from(datanets).where(eq(datanets.id, datanetId));
	const [latest] = await db
		.select()
		.from(snapshots)
		.where(and(eq(snapshots.datanetId, datanetId), eq(snapshots.status, "published")))
		.orderBy(desc(snapshots.version))
		.limit(1);
	if (latest === undefined) {
		throw new CallerError(`datanet ${datanet!.name} has no snapshot; train a model on it, or freeze one`, {
			code: "datanet/no-snapshot",
		});
	}
	const { version } = latest;
	const frozen = await readSnapshot(ledger, datanetId, version);
	const rows = await readSnapshotRows(parts, datanetId, version);
	const { entries } = buildSnapshot(rows);
	const text = entries.map((entry) => `${canonicalJson(entry)}\n`).join("");
	// The checks as they are today, over the rows as they are: none of them is there twice, so none is a copy.
	const { report } = runPipeline(await createPipeline(), { rows: rows.map((row, i) => ({ ...row, line: i + 1 })) });
	const erased = Number(frozen?.tombstones ?? 0n);
	const facts: DatanetFacts = {
		name: datanet!.name,
		id: datanetId,
		licence: datanet!.licence,
		description: `Rows of the datanet ${datanet!.name}, each committed to on chain by whom it is of; the texts stay with the node.`,
		url: `urn:openledger:${parts.chainId}:${datanetId}`,
		owner: keys.address("owner"),
		published: new Date(Number(frozen?.timestamp ?? 0n) * 1000).toISOString().slice(0, 10),
		// Rows that were taken out make a major version of their own, rows that came a minor one.
		version: `${erased + 1}.${version}.0`,
		snapshotRoot: latest.root,
		rows: rows.length,
		clusters: new Set(rows.map(({ cluster }) => cluster)).size,
		contributors: new Set(rows.map(({ contributor }) => contributor)).size,
		tombstones: erased,
		languages: report.languages,
		terms: {
			Curation: datanet!.rule,
			"Stake per row": `${datanet!.stakePerRowWei} wei`,
			"Access price per row": `${datanet!.accessPriceWei} wei`,
		},
		files: [
			{
				name: "entries.jsonl",
				description: "The snapshot's entries, from which its root is computed.",
				contentUrl: "entries.jsonl",
				bytes: utf8(text).length,
				sha256: createHash("sha256").update(text).digest("hex"),
				columns: COLUMNS,
			},
		],
		report,
	};
	return { version, card: datanetCard(facts), croissant: croissant(facts), entries: text };
}
