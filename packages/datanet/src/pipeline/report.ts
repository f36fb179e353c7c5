// What an intake has to say of all rows together. It must not know single rows.
import type { CheckCount, Hex } from "@openledger/protocol";
import type { Pipeline } from "./createPipeline.js";
import { countResponse, emptyTally, type Tally, verdictsDigest } from "./tally.js";

export type LabelBalance = {
	/** Different short responses, and the rows that have one. */
	readonly labels: number;
	readonly rows: number;
	/** The most frequent ones. */
	readonly top: readonly { readonly label: string; readonly rows: number }[];
	/** Rows of the most frequent for a million short ones: 1,000,000 says that all rows answer the same. */
	readonly topPpm: number;
	/** Nothing to say with fewer than 100 short responses, or more labels than half of them. */
	readonly isSkewed: boolean;
};

export type IntakeReport = {
	readonly pipeline: Hex;
	readonly verdicts: Hex;
	readonly offered: number;
	readonly accepted: number;
	readonly flagged: number;
	readonly rejected: number;
	readonly clusters: number;
	readonly checks: readonly CheckCount[];
	readonly codes: Readonly<Record<string, number>>;
	readonly languages: Readonly<Record<string, number>>;
	/** Accepted responses of `from` to 2·`from` − 1 characters. */
	readonly lengths: readonly { readonly from: number; readonly rows: number }[];
	readonly balance: LabelBalance;
};

const TOP_LABELS = 10;
const SKEWED_PPM = 800_000;
const LEAST_ROWS = 100;

/** The report of a finished tally; `accepted` counts flagged rows too. */
export function reportOf(pipeline: Pipeline, tally: Tally): IntakeReport {
	const { rows, accepted, flagged, rejected, clusters } = tally;
	return {
		pipeline: pipeline.digest,
		verdicts: verdictsDigest(tally),
		offered: rows,
		accepted: accepted + flagged,
		flagged,
		rejected,
		clusters,
		checks: pipeline.checks.map(({ name, version }) => {
			const [flags, rejects] = tally.checks[name] ?? [0, 0];
			return { name, version, passed: rows - flags - rejects, flagged: flags, rejected: rejects };
		}),
		codes: sorted(tally.codes),
		languages: sorted(tally.languages),
		lengths: tally.lengths.flatMap((found, digits) =>
			found ? [{ from: digits === 0 ? 0 : 2 ** (digits - 1), rows: found }] : [],
		),
		balance: balanceOf(tally),
	};
}

function balanceOf({ labels, otherLabels }: Tally): LabelBalance {
	const counted = Object.entries(labels).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
	const rows = counted.reduce((sum, [, n]) => sum + n, otherLabels);
	const topPpm = rows === 0 ? 0 : Math.floor((counted[0]![1] * 1_000_000) / rows);
	return {
		labels: counted.length,
		rows,
		top: counted.slice(0, TOP_LABELS).map(([label, n]) => ({ label, rows: n })),
		topPpm,
		isSkewed: rows >= LEAST_ROWS && counted.length * 2 <= rows && topPpm > SKEWED_PPM,
	};
}

/** The balance of responses that are there already, as an intake would have told it. */
export function labelBalance(responses: Iterable<string>): LabelBalance {
	const tally = emptyTally();
	for (const response of responses) countResponse(tally, response);
	return balanceOf(tally);
}

/** Most frequent first, then by name. */
function sorted(counts: Readonly<Record<string, number>>): Record<string, number> {
	return Object.fromEntries(Object.entries(counts).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}
