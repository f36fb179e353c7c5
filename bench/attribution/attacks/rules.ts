// Ways to turn one answer's scores into money, ours and those it is compared with. It must not know who attacks.

import { type AttributedRow, type Attribution, shareTotals } from "@openledger/attribution";
import { type ShareLeaf, toPpm } from "@openledger/protocol";

type Pay = (attribution: Attribution, rows: readonly AttributedRow[]) => readonly Pick<ShareLeaf, "row" | "sharePpm">[];

function inProportion(weights: readonly bigint[]): readonly Pick<ShareLeaf, "row" | "sharePpm">[] {
	return toPpm(weights).flatMap((sharePpm, row) => (sharePpm > 0 ? [{ row, sharePpm }] : []));
}

const positive: Pay = ({ scores }) => inProportion(scores.map((score) => (score > 0 ? BigInt(score) : 0n)));

/** The rule that this one replaces: above mean + 3σ of all rows, the best of a cluster to its first earner. */
const threeDeviations: Pay = ({ scores }, rows) => {
	const all = rows.map(() => true);
	const { heads: n, sum, squares } = shareTotals(scores, all);
	const mean = Number(sum) / Number(n);
	const bar = mean + 3 * Math.sqrt(Math.max(0, Number(squares) / Number(n) - mean * mean));
	const first = new Map<number, { readonly row: number; readonly best: number }>();
	scores.forEach((score, row) => {
		if (Number(score) <= bar) return;
		const known = first.get(rows[row]!.cluster);
		const above = Number(score) - bar;
		first.set(rows[row]!.cluster, { row: known?.row ?? row, best: Math.max(above, known?.best ?? 0) });
	});
	const weights = rows.map(() => 0n);
	for (const { row, best } of first.values()) weights[row] = BigInt(Math.round(best));
	return inProportion(weights);
};

export const rules = {
	ours: ({ shares }: Attribution) => shares,
	"3σ, best of a cluster": threeDeviations,
	"positive scores": positive,
} as const satisfies Readonly<Record<string, Pay>>;

export type RuleName = keyof typeof rules;
