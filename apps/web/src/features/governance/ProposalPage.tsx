// One proposal: what it would do, why, who is for it, and whatever can be done about it now.

import { useParams } from "wouter";
import { formatDate } from "../../shared/format/time.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Badge, type Tone } from "../../shared/ui/Badge.js";
import { ButtonLink } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Facts } from "../../shared/ui/Facts.js";
import { Hash } from "../../shared/ui/Hash.js";
import { Notice } from "../../shared/ui/Notice.js";
import { Page } from "../../shared/ui/Page.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import { CastVote } from "./CastVote.js";
import { Effects, Verdict } from "./Effects.js";
import { NextStep } from "./NextStep.js";
import { StateBadge } from "./StateBadge.js";
import { reasonsOf, titleOf } from "./titleOf.js";
import { OVER, type ShownProposal, useProposal, useSimulation, type VoteName } from "./useGovernance.js";
import { VoteBars } from "./VoteBars.js";

export default function ProposalPage() {
	const { id = "" } = useParams<{ id: string }>();
	const query = useProposal(id);
	const { data } = query;
	return (
		<Page
			title={data === undefined ? `Proposal ${id}` : `${data.number}. ${titleOf(data.description)}`}
			lead={data && <StateBadge of={data} />}
			actions={<ButtonLink href="/governance">All proposals</ButtonLink>}
		>
			<QueryView query={query} lines={12}>
				{(proposal) => <Proposal of={proposal} />}
			</QueryView>
		</Page>
	);
}

function Proposal({ of: proposal }: { readonly of: ShownProposal }) {
	const reasons = reasonsOf(proposal.description);
	const isOver = OVER.includes(proposal.state);
	return (
		<>
			<NextStep of={proposal} />
			<div className="grid gap-5 lg:grid-cols-[3fr_2fr] lg:items-start">
				<div className="flex min-w-0 flex-col gap-5">
					<Card title={isOver ? "Its calls" : "What it would do"}>
						{isOver ? <Effects of={proposal.decoded} /> : <Simulated of={proposal} />}
					</Card>
					<Card title="Why">
						{reasons === "" ? (
							<p className="text-soft">No reasons are given beyond the title.</p>
						) : (
							<UntrustedText text={reasons} max={8192} block />
						)}
					</Card>
					<Card title="Votes cast" aside={`${proposal.voteCount}`}>
						<Ballots of={proposal} />
					</Card>
				</div>
				<div className="flex min-w-0 flex-col gap-5">
					<Card title="Votes">
						<VoteBars of={proposal} />
					</Card>
					{(proposal.state === "active" || proposal.state === "pending") && <CastVote of={proposal} />}
					<Card title="Facts">
						<Known of={proposal} />
					</Card>
				</div>
			</div>
		</>
	);
}

function Simulated({ of: { id, decoded } }: { readonly of: ShownProposal }) {
	const { data, error } = useSimulation(id);
	return (
		<div className="flex flex-col gap-3">
			<Effects of={data?.actions ?? decoded} />
			{data !== undefined && <Verdict ok={data.ok} />}
			{data === undefined && error === null && <Notice>Asking the chain what would happen …</Notice>}
			{error !== null && <Notice tone="warn">It could not be simulated: {error.message}</Notice>}
		</div>
	);
}

function Known({ of: proposal }: { readonly of: ShownProposal }) {
	const { id, proposer, proposerName, snapshot, deadline, eta, steps } = proposal;
	return (
		<Facts
			of={[
				[
					"Proposed by",
					<Hash
						key="by"
						value={proposer}
						href={`/earnings/${proposer.toLowerCase()}`}
						{...(proposerName !== null && { name: proposerName })}
					/>,
				],
				["Votes count as of", formatDate(snapshot)],
				["Vote ends", formatDate(deadline)],
				...(eta === "0" ? [] : [["Executable from", formatDate(eta)] as const]),
				["Id", <Hash key="id" value={id} />],
				...steps.map(
					({ step, until, transactionHash }, index) =>
						[
							`${index + 1}. ${step}`,
							<span key={transactionHash}>
								<Hash value={transactionHash} href={`/network/transactions/${transactionHash}`} />
								{until !== null && ` until ${formatDate(until)}, because the quorum came late`}
							</span>,
						] as const,
				),
			]}
		/>
	);
}

type Ballot = ShownProposal["ballots"][number];
const TONES: Readonly<Record<VoteName, Tone>> = { for: "good", against: "bad", abstain: "plain" };

const COLUMNS: readonly Column<Ballot>[] = [
	{
		head: "Voter",
		cell: ({ voter, name }) => (
			<Hash value={voter} href={`/earnings/${voter.toLowerCase()}`} {...(name !== null && { name })} />
		),
	},
	{ head: "Vote", cell: ({ vote }) => <Badge tone={TONES[vote]}>{vote}</Badge> },
	{ head: "With", align: "right", cell: ({ weightWei }) => <Amount wei={weightWei} places={2} /> },
	{ head: "Reason", cell: ({ reason }) => <UntrustedText text={reason} max={300} /> },
];

function Ballots({ of: { ballots, voteCount } }: { readonly of: ShownProposal }) {
	if (ballots.length === 0) return <Empty title="Nobody has voted yet" />;
	return (
		<>
			<Table
				caption="Votes, the newest first"
				columns={COLUMNS}
				rows={ballots}
				keyOf={({ transactionHash, voter }) => `${transactionHash} ${voter}`}
			/>
			{voteCount > ballots.length && <p className="mt-2 text-sm text-soft">The newest {ballots.length}.</p>}
		</>
	);
}
