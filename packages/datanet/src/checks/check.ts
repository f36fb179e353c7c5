// What a check is. It must not know files, chains or other rows' owners.
import type { Row } from "@openledger/protocol";

/** `reject`: the row is not taken. `flag`: it is taken, and people are told. */
export type Action = "flag" | "reject";

/** What a check holds against a row: what was wrong and what would be right; nothing of the row's own text. */
export type Finding = { readonly action: Action; readonly code: string; readonly reason: string };

/** A row as checks see it; `whole` is all its texts with a newline between. */
export type Examined = { readonly row: Row; readonly whole: string };

/** One check. It decides by the row and its own settings alone, so that anybody who runs it again finds the same. */
export type Check = {
	readonly name: string;
	/** Counts up with every change of what it finds. */
	readonly version: number;
	/** Everything besides the version that decides, as canonical JSON takes it: thresholds, lists, digests. */
	readonly settings: unknown;
	run(examined: Examined): readonly Finding[];
};

export const NOTHING: readonly Finding[] = [];

export function examined(row: Row): Examined {
	const before = (row.before ?? []).map(({ content }) => content);
	return { row, whole: [...before, row.prompt, row.response].filter((text) => text !== "").join("\n") };
}
