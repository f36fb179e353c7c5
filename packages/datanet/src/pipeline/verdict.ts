// What an intake says of a row. It must not know how it came to it.
import type { PipelineFinding } from "./createPipeline.js";

/** `flagged` rows are taken, with something for people to look at. */
export type RowVerdict = {
	readonly line: number;
	readonly outcome: "accepted" | "flagged" | "rejected";
	/** Of rows that were taken; rows of one cluster are paid once. */
	readonly cluster?: number;
	readonly findings: readonly PipelineFinding[];
};
