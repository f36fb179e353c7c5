// What the chain has of a model, each beside what the node computes from its files now.

import { Badge } from "../../shared/ui/Badge.js";
import { Button } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Hash } from "../../shared/ui/Hash.js";
import { Notice } from "../../shared/ui/Notice.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import type { Commitments } from "./modelTypes.js";
import { useCommitments } from "./useModels.js";

const COLUMNS: readonly Column<Commitments["checks"][number]>[] = [
	{ head: "Commitment", cell: ({ what }) => what },
	{ head: "Check", cell: ({ same }) => (same ? <Badge tone="good">same</Badge> : <Badge tone="bad">different</Badge>) },
	{ head: "On chain", cell: ({ onChain }) => (onChain === null ? "nothing" : <Hash value={onChain} />) },
	{ head: "Computed here", cell: ({ here }) => (here === null ? "could not be" : <Hash value={here} />) },
	{
		head: "How",
		wide: true,
		cell: ({ how }) => (
			<span className="text-soft">
				<UntrustedText text={how} max={300} />
			</span>
		),
	},
];

export function CommitmentsCard({ model }: { readonly model: string }) {
	const commitments = useCommitments(model);
	return (
		<Card
			title="Commitments on chain"
			aside={
				<Button onClick={() => commitments.refetch()} busy={commitments.isFetching}>
					Check again
				</Button>
			}
		>
			<QueryView query={commitments} lines={9}>
				{({ checks, registry, owner, milliseconds }) => (
					<div className="flex flex-col gap-3">
						<Verdict checks={checks} milliseconds={milliseconds} />
						<Table caption="Commitments on chain" columns={COLUMNS} rows={checks} keyOf={({ what }) => what} />
						<p className="text-sm text-soft">
							Read from the model registry <Hash value={registry} />
							{owner !== null && (
								<>
									{" "}
									where <Hash value={owner} /> published it
								</>
							)}
							. A node can only show that its own files fit; the replay below shows that they follow from the rows.
						</p>
					</div>
				)}
			</QueryView>
		</Card>
	);
}

function Verdict({ checks, milliseconds }: Pick<Commitments, "checks" | "milliseconds">) {
	if (checks.every(({ onChain }) => onChain === null)) {
		return (
			<Notice tone="warn" title="The chain has no such model">
				It is not published there, or this is another chain than the one on which it was.
			</Notice>
		);
	}
	if (checks.every(({ same }) => same)) {
		return (
			<Notice tone="good">
				All {checks.length} commitments are what this node's files give; computed in {milliseconds} ms.
			</Notice>
		);
	}
	return (
		<Notice tone="bad" title="Not what the chain says">
			Some of this node's files are not what was published. Do not rely on this model's answers.
		</Notice>
	);
}
