// The first half of the main job: every contributor's rows into one datanet. Repeating it changes nothing.

import { type FileRow, readRows } from "@openledger/datanet";
import { CallerError, type Hex, utf8 } from "@openledger/protocol";
import { type Contributed, contributeRows } from "../datanet/contribute.js";
import { createDatanet } from "../datanet/createDatanet.js";
import type { NodeParts } from "../parts.js";
import type { OnProgress } from "./report.js";

export type DataFile = { readonly name: string; readonly content: string | Uint8Array };

export type ContributedAll = { readonly datanetId: Hex; readonly rejected: number; readonly contributors: number };

/** Contributes files in order, each contributor's rows of a file as one contribution. `.csv` is read as CSV, else JSON Lines. */
export async function contributeAll(
	parts: NodeParts,
	datanet: string,
	files: readonly DataFile[],
	onProgress: OnProgress,
): Promise<ContributedAll> {
	const { id: datanetId } = await createDatanet(parts, { name: datanet });
	let rejected = 0;
	const people = new Set<string>();
	for (const file of files) {
		const { offers, unowned } = readOffers(file);
		rejected += unowned;
		for (const [contributor, rows] of offers) {
			const done = await contributeRows(parts, { datanetId, contributor, rows, rejected: [] });
			rejected += done.rejected.length;
			if (done.acceptedRows > 0) people.add(contributor);
			onProgress({ stage: "data", message: sayContributed(done) });
		}
	}
	return { datanetId, rejected, contributors: people.size };
}

function sayContributed({ contributor, acceptedRows, rejected }: Contributed): string {
	const [first] = rejected;
	const more = first === undefined ? "" : `, ${rejected.length} rejected (line ${first.line}: ${first.reason})`;
	return `${acceptedRows} rows of ${contributor} accepted${more}`;
}

/** The rows of a file by contributor, in order of first appearance, and how many lines are nobody's. */
function readOffers({ name, content }: DataFile): { offers: ReadonlyMap<string, FileRow[]>; unowned: number } {
	const bytes = typeof content === "string" ? utf8(content) : content;
	const read = readRows(bytes, { format: name.endsWith(".csv") ? "csv" : "jsonl" });
	const offers = new Map<string, FileRow[]>();
	let unowned = read.rejected.length;
	for (const row of read.rows) {
		if (row.contributor === undefined) unowned++;
		else offers.set(row.contributor, [...(offers.get(row.contributor) ?? []), row]);
	}
	if (offers.size > 0) return { offers, unowned };
	const [first] = read.rejected;
	const why = first === undefined ? "every row needs a contributor" : `line ${first.line}: ${first.reason}`;
	throw new CallerError(`${name} has no usable row; ${why}`, { code: "main-job/no-rows" });
}
