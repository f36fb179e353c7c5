// Slices of rows with what their own checks say: a few slices are examined while an earlier one is judged.

import type { Examined } from "../pipeline/createPipeline.js";
import type { FileRow } from "../reading/checkRow.js";
import type { StreamedRow } from "../reading/streamRows.js";
import type { Examiner } from "./openExaminer.js";

/** Slices under way: enough that neither side waits, and few to hold. */
const AHEAD = 8;

type Slice = readonly (readonly [StreamedRow, Examined | undefined])[];

/** In the order they come; lines that are no rows have nothing said of them. */
export async function* examineAhead(
	examiner: Examiner,
	slices: AsyncIterable<readonly StreamedRow[]>,
): AsyncGenerator<Slice> {
	const under: Promise<Slice>[] = [];
	for await (const slice of slices) {
		under.push(examined(examiner, slice));
		if (under.length > AHEAD) yield await under.shift()!;
	}
	for (const slice of under) yield await slice;
}

async function examined(examiner: Examiner, slice: readonly StreamedRow[]): Promise<Slice> {
	const rows = slice.flatMap(({ row }) => ("code" in row ? [] : [row as FileRow]));
	const found = await examiner.examine(rows);
	let next = 0;
	return slice.map((one) => [one, "code" in one.row ? undefined : found[next++]] as const);
}
