// What is in question, and what was: who has to move, until when, and what stands on it.

import type { ReactNode } from "react";
import { Amount } from "../../shared/ui/Amount.js";
import { Badge } from "../../shared/ui/Badge.js";
import { Card } from "../../shared/ui/Card.js";
import { Hash } from "../../shared/ui/Hash.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { Table } from "../../shared/ui/Table.js";
import { TimeAgo } from "../../shared/ui/TimeAgo.js";
import { Account } from "./Account.js";
import { inWords } from "./contracts.js";
import { Countdown } from "./EpochState.js";
import { type Disputes, useDisputes } from "./useNetwork.js";

const ENDED: readonly string[] = ["ended", "counted", "settled", "final"];

export function DisputesTab() {
	const disputes = useDisputes();
	return (
		<QueryView query={disputes} lines={12}>
			{(found) => (
				<div className="flex flex-col gap-5">
					<Roots {...found} />
					<Runs of={found.runs} />
					<Contributions of={found.contributions} />
					<Cases of={found.cases} />
				</div>
			)}
		</QueryView>
	);
}

function Part({ title, none, count, children }: PartProps) {
	return (
		<Card title={title} aside={count === 0 ? undefined : String(count)}>
			{count === 0 ? <p className="text-sm text-soft">{none}</p> : children}
		</Card>
	);
}
type PartProps = {
	readonly title: string;
	readonly none: string;
	readonly count: number;
	readonly children: ReactNode;
};

function Deadline({ phase, until }: { readonly phase: string; readonly until: number | string }) {
	return ENDED.includes(phase) || Number(until) === 0 ? (
		<span className="text-soft">–</span>
	) : (
		<Countdown until={until} />
	);
}

function Roots({ rootDemands, rootDisputes, rootHistory }: Disputes) {
	const count = rootDemands.length + rootDisputes.length + rootHistory.length;
	return (
		<Part title="Roots of epochs" none="Nobody ever challenged a root, or demanded the data behind one." count={count}>
			{rootDemands.length > 0 && (
				<Table
					caption="Open demands"
					rows={rootDemands}
					keyOf={({ demandId }) => demandId}
					columns={[
						{ head: "Demanded", cell: ({ asked }) => `${asked.kind} ${asked.index ?? asked.row ?? ""}` },
						{ head: "Of epoch", cell: ({ epoch }) => <EpochLink epoch={epoch} /> },
						{ head: "By", cell: ({ challenger }) => <Account address={challenger} /> },
						{ head: "To be answered", cell: ({ deadline }) => <Countdown until={deadline} /> },
						{ head: "Bond", align: "right", cell: ({ bondWei }) => <Amount wei={bondWei} /> },
					]}
				/>
			)}
			{rootDisputes.length > 0 && (
				<Table
					caption="Before a jury"
					rows={rootDisputes}
					keyOf={({ rootHash }) => rootHash}
					columns={[
						{ head: "Root", cell: ({ rootHash }) => <Hash value={rootHash} /> },
						{ head: "Challenger", cell: ({ challenger }) => <Account address={challenger} /> },
						{ head: "Case", cell: ({ caseId }) => `Case ${caseId}` },
						{ head: "Bond", align: "right", cell: ({ bondWei }) => <Amount wei={bondWei} /> },
					]}
				/>
			)}
			<Table
				caption="What happened to roots"
				rows={rootHistory}
				keyOf={({ transactionHash }, i) => `${transactionHash}${i}`}
				columns={[
					{ head: "What", cell: ({ what }) => inWords(what) },
					{ head: "Epoch", cell: ({ epoch }) => (epoch === null ? "–" : <EpochLink epoch={epoch} />) },
					{ head: "Time", cell: ({ at }) => <TimeAgo at={at} /> },
					{
						head: "Transaction",
						cell: ({ transactionHash: hash }) => <Hash value={hash} href={`/network/transactions/${hash}`} />,
					},
				]}
			/>
		</Part>
	);
}

const EpochLink = ({ epoch }: { readonly epoch: string }) => (
	<Hash value={epoch} name={`Epoch ${epoch}`} href={`/network/epochs/${epoch}`} copy={false} />
);

function Runs({ of }: { readonly of: Disputes["runs"] }) {
	return (
		<Part title="Trained runs" none="Nobody ever disputed a trained run." count={of.length}>
			<Table
				caption="Disputes over trained runs"
				rows={of}
				keyOf={({ id }) => id}
				columns={[
					{ head: "Dispute", cell: ({ id }) => <Hash value={id} /> },
					{ head: "Job", wide: true, cell: ({ jobId }) => <Hash value={jobId} /> },
					{ head: "Trainer", cell: ({ trainer }) => <Account address={trainer} /> },
					{ head: "Challenger", cell: ({ challenger }) => <Account address={challenger} /> },
					{ head: "Now", cell: ({ phase, outcome }) => <State phase={phase} outcome={outcome} /> },
					{ head: "Next move", cell: ({ phase, deadline }) => <Deadline phase={phase} until={deadline} /> },
					{ head: "Bond", align: "right", cell: ({ bondWei }) => <Amount wei={bondWei} /> },
				]}
			/>
		</Part>
	);
}

function State({ phase, outcome }: { readonly phase: string; readonly outcome: string }) {
	if (phase === "ended") return <Badge tone="accent">{inWords(outcome)}</Badge>;
	return <Badge tone="warn">{inWords(phase)}</Badge>;
}

function Contributions({ of }: { readonly of: Disputes["contributions"] }) {
	return (
		<Part title="Contributions" none="Nobody ever challenged a contribution, or appealed." count={of.length}>
			<Table
				caption="Disputes over contributions"
				rows={of}
				keyOf={({ contributionId, round }) => `${contributionId}${round}`}
				columns={[
					{
						head: "Contribution",
						cell: (one) => <Hash value={one.contributionId} href={`/datanets/${encodeURIComponent(one.datanetId)}`} />,
					},
					{ head: "Contributor", cell: ({ contributor }) => <Account address={contributor} /> },
					{
						head: "By",
						cell: ({ appellant, round }) =>
							appellant === null ? "its committee" : <Appellant address={appellant} round={round} />,
					},
					{
						head: "Now",
						cell: ({ stage, status }) => (
							<Badge tone={stage === "final" ? "accent" : "warn"}>{stage === "final" ? status : stage}</Badge>
						),
					},
					{
						head: "Deadline",
						cell: ({ stage, deadline, caseId }) =>
							stage.endsWith("judged") && caseId !== null ? (
								`the jury of case ${caseId}`
							) : (
								<Deadline phase={stage} until={deadline} />
							),
					},
					{ head: "Bond", align: "right", cell: ({ bondWei }) => <Amount wei={bondWei} /> },
				]}
			/>
		</Part>
	);
}

function Appellant({ address, round }: { readonly address: `0x${string}`; readonly round: number }) {
	return (
		<span>
			<Account address={address} /> {round === 1 && <span className="text-soft">(appeal)</span>}
		</span>
	);
}

function Cases({ of }: { readonly of: Disputes["cases"] }) {
	return (
		<Part title="Juries' cases" none="No jury was ever called." count={of.length}>
			<Table
				caption="Cases of juries"
				rows={of}
				keyOf={({ caseId }) => caseId}
				columns={[
					{ head: "Case", cell: ({ caseId }) => `Case ${caseId}` },
					{ head: "Court", cell: ({ courtName }) => inWords(courtName) },
					{ head: "Jurors", cell: ({ role, size }) => `${size} ${role}s` },
					{ head: "Votes", cell: ({ committed, revealed }) => `${committed} given, ${revealed} shown` },
					{
						head: "Now",
						cell: ({ phase }) => <Badge tone={ENDED.includes(phase) ? "accent" : "warn"}>{phase}</Badge>,
					},
					{
						head: "Until",
						cell: ({ phase, commitEnds, revealEnds }) => (
							<Deadline phase={phase} until={phase === "committing" ? commitEnds : revealEnds} />
						),
					},
					{
						head: "Verdict",
						cell: ({ verdict }) => (verdict === 0 ? <span className="text-soft">none</span> : `choice ${verdict}`),
					},
				]}
			/>
		</Part>
	);
}
