// What was taken from operators, why and for whom.

import { Amount } from "../../shared/ui/Amount.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Hash } from "../../shared/ui/Hash.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import type { Slash } from "./useStakes.js";

/** What the contracts that lock stake take it for. */
const REASONS: Readonly<Record<string, string>> = {
	jury: "voted against the outcome, or stayed away",
	trainingJobs: "a job not finished, or a run found wrong",
	disputes: "lost a dispute over a run",
	attributionRewards: "proposed a root that fell",
	rootChallenges: "proposed a root that fell",
	datanetRegistry: "contributed junk, or curated wrongly",
};

const COLUMNS: readonly Column<Slash>[] = [
	{
		head: "Operator",
		cell: ({ operator }) => <Hash value={operator} href={`/stake?of=${operator}`} />,
	},
	{ head: "Taken", align: "right", cell: ({ amountWei }) => <Amount wei={amountWei} /> },
	{
		head: "Why",
		cell: ({ consumer, cause }) => (
			<div>
				{REASONS[consumer] ?? consumer}
				<div className="text-xs text-soft">
					cause <Hash value={cause} />
				</div>
			</div>
		),
	},
	{
		head: "Went to",
		wide: true,
		cell: ({ beneficiaryWei, treasuryWei, burntWei }) => (
			<div className="text-xs">
				challenger <Amount wei={beneficiaryWei} />, treasury <Amount wei={treasuryWei} />, burnt{" "}
				<Amount wei={burntWei} />
			</div>
		),
	},
	{
		head: "Transaction",
		wide: true,
		cell: ({ transactionHash }) => <Hash value={transactionHash} href={`/network/transactions/${transactionHash}`} />,
	},
];

export function Slashes({ of }: { readonly of: readonly Slash[] }) {
	if (of.length === 0) return <Empty title="Nobody was ever slashed here" />;
	return (
		<Table
			caption="What was slashed"
			columns={COLUMNS}
			rows={of}
			keyOf={({ transactionHash, operator }, index) => `${transactionHash} ${operator} ${index}`}
		/>
	);
}
