// What a job says of itself while it goes on, kept so that it is there after a restart. It must not know what the job does.

import { and, desc, eq, lt } from "drizzle-orm";
import { jobLines } from "../database/schema.js";
import type { NodeParts } from "../parts.js";

const LONGEST = 500;

/** How the line of a job begins that was cut short before. */
export const GOES_ON = "goes on after";

/** Only for people: a line that could not be written changes nothing. */
export function writeLine({ db }: NodeParts, jobId: string, line: string): Promise<void> {
	return db
		.insert(jobLines)
		.values({ jobId, at: Date.now(), line: line.slice(0, LONGEST) })
		.then(
			() => {},
			() => {},
		);
}

export type ReadLines = { readonly limit: number; readonly before?: number | undefined };

/** The latest lines, oldest of them first. */
export async function readLines({ db }: NodeParts, jobId: string, { limit, before }: ReadLines) {
	const found = await db
		.select({ sequence: jobLines.sequence, at: jobLines.at, line: jobLines.line })
		.from(jobLines)
		.where(and(eq(jobLines.jobId, jobId), ...(before === undefined ? [] : [lt(jobLines.sequence, before)])))
		.orderBy(desc(jobLines.sequence))
		.limit(limit);
	return found.reverse();
}
