// Governance: one's votes, the proposals, the constants they can change, and a form to propose a change.

import { Link } from "wouter";
import { formatOpen } from "../../shared/format/open.js";
import { visibleText } from "../../shared/format/visibleText.js";
import { ButtonLink } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Page } from "../../shared/ui/Page.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import { Tabs } from "../../shared/ui/Tabs.js";
import { Constants } from "./Constants.js";
import { MyVotes } from "./MyVotes.js";
import { ProposeForm } from "./ProposeForm.js";
import { StateBadge } from "./StateBadge.js";
import { titleOf } from "./titleOf.js";
import { type Proposal, useProposals } from "./useGovernance.js";

export default function GovernancePage() {
	return (
		<Page
			title="Governance"
			lead="Whoever holds OPEN decides on the constants of the network, within bounds that nobody can move. A carried proposal waits in a timelock before anybody may execute it."
			actions={
				<ButtonLink href="/governance?tab=propose" kind="primary">
					Propose a change
				</ButtonLink>
			}
		>
			<MyVotes />
			<Tabs
				label="Governance"
				tabs={[
					{ id: "proposals", label: "Proposals", content: <Proposals /> },
					{ id: "constants", label: "Constants", content: <Constants /> },
					{ id: "propose", label: "Propose", content: <ProposeForm /> },
				]}
			/>
		</Page>
	);
}

const COLUMNS: readonly Column<Proposal>[] = [
	{ head: "No.", cell: ({ number }) => number },
	{
		head: "Proposal",
		cell: ({ number, description }) => (
			<Link
				href={`/governance/${number}`}
				className="min-w-40 text-accent [overflow-wrap:anywhere] underline-offset-2 hover:underline"
			>
				<bdi>{visibleText(titleOf(description), { max: 120 })}</bdi>
			</Link>
		),
	},
	{ head: "State", cell: (proposal) => <StateBadge of={proposal} /> },
	{ head: "For", align: "right", wide: true, cell: ({ votes }) => formatOpen(votes.for, 2) },
	{ head: "Against", align: "right", wide: true, cell: ({ votes }) => formatOpen(votes.against, 2) },
];

function Proposals() {
	const query = useProposals();
	return (
		<Card title="Proposals" aside={query.data && `${query.data.count} in all`}>
			<QueryView
				query={query}
				lines={5}
				isEmpty={({ proposals }) => proposals.length === 0}
				empty={
					<Empty
						title="Nobody has proposed anything yet"
						action={<ButtonLink href="/governance?tab=propose">Propose a change</ButtonLink>}
					>
						Let your OPEN vote first, by delegating it to yourself above; then propose.
					</Empty>
				}
			>
				{({ proposals, count }) => (
					<>
						<Table caption="Proposals, the newest first" columns={COLUMNS} rows={proposals} keyOf={({ id }) => id} />
						{count > proposals.length && (
							<p className="mt-3 text-sm text-soft">
								The newest {proposals.length}; an older one opens by its number: /governance/1.
							</p>
						)}
					</>
				)}
			</QueryView>
		</Card>
	);
}
