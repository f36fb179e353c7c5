// What is told of a datanet to people and programs who have never seen it. It must not know where the facts come from.
import { CallerError, type Hex } from "@openledger/protocol";
import type { IntakeReport } from "../pipeline/report.js";

export type DatanetFacts = {
	readonly name: string;
	readonly id: Hex;
	/** SPDX expression. */
	readonly licence: string;
	readonly description: string;
	/** Where the datanet can be looked at. */
	readonly url: string;
	readonly owner: string;
	/** YYYY-MM-DD. */
	readonly published: string;
	/** MAJOR.MINOR.PATCH: rows withdrawn, rows added, other changes. */
	readonly version: string;
	readonly snapshotRoot?: Hex;
	readonly rows: number;
	readonly clusters: number;
	readonly contributors: number;
	/** Rows that were erased. */
	readonly tombstones: number;
	/** By ISO 639-1, `unknown` for what is too short to tell. */
	readonly languages: Readonly<Record<string, number>>;
	/** `terms` as people read them: rule, stake, access price. */
	readonly terms: Readonly<Record<string, string>>;
	readonly files: readonly DatanetFile[];
	/** Of the rows as they are now, run again. */
	readonly report?: IntakeReport;
};

/** A file of JSON Lines that goes with the card, and the columns that each of its lines has. */
export type DatanetFile = {
	readonly name: string;
	readonly description: string;
	/** Where its bytes are: relative to the card, or absolute. */
	readonly contentUrl: string;
	readonly bytes: number;
	/** 64 hex digits. */
	readonly sha256: string;
	readonly columns: readonly {
		readonly name: string;
		readonly type: "text" | "integer";
		readonly description: string;
	}[];
};

const VERSION = /^\d+\.\d+\.\d+$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Throws `datanet/bad-facts` for facts that no reader of a card could use. */
export function checkFacts(facts: DatanetFacts): DatanetFacts {
	const wrong =
		(!VERSION.test(facts.version) && "version is not MAJOR.MINOR.PATCH") ||
		(!DAY.test(facts.published) && "published is not YYYY-MM-DD") ||
		(facts.files.length === 0 && "there is no file; a card without data describes nothing") ||
		(facts.files.some(({ sha256 }) => !/^[0-9a-f]{64}$/.test(sha256)) && "a sha256 is not 64 hex digits") ||
		(new Set(facts.files.map(({ name }) => name)).size < facts.files.length && "two files have one name");
	if (!wrong) return facts;
	throw new CallerError(`the facts make no card: ${wrong}`, { code: "datanet/bad-facts" });
}

/** Languages that were told, most frequent first. */
export function languagesOf({ languages }: DatanetFacts): readonly string[] {
	return Object.entries(languages)
		.filter(([language]) => language !== "unknown")
		.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
		.map(([language]) => language);
}
