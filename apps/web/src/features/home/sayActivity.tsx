// One event in one sentence, with the page that proves it.

import type { ReactNode } from "react";
import { formatCount } from "../../shared/format/open.js";
import { Amount } from "../../shared/ui/Amount.js";
import type { Tone } from "../../shared/ui/Badge.js";
import { shortHash } from "../../shared/ui/Hash.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import type { Activity, Said } from "./useActivity.js";

export type Sentence = {
	readonly label: string;
	readonly tone: Tone;
	readonly text: ReactNode;
	readonly href: string;
};

type Names = Readonly<Record<string, string>>;
type Say = (
	args: Said["args"],
	name: (key: string) => ReactNode,
) => Omit<Sentence, "href"> & { readonly href?: string };

const LONGEST_NAME = 60;
const page = (path: string, id: string | number | undefined) => `${path}/${encodeURIComponent(String(id ?? ""))}`;
const rows = (n: string | number | undefined) => `${formatCount(n ?? 0)} ${n === 1 ? "row" : "rows"}`;

const SAID: Readonly<Record<string, Say>> = {
	"datanetRegistry.DatanetCreated": ({ datanetId }, name) => ({
		...{ label: "Datanet", tone: "accent", href: page("/datanets", datanetId) },
		text: <>The datanet {name("datanetId")} begins</>,
	}),
	"datanetRegistry.Contributed": ({ datanetId, rowCount }, name) => ({
		...{ label: "Contribution", tone: "plain", href: page("/datanets", datanetId) },
		text: (
			<>
				{name("contributor")} offers {rows(rowCount)} to {name("datanetId")}
			</>
		),
	}),
	"datanetRegistry.ContributionAccepted": ({ datanetId, acceptedRows }, name) => ({
		...{ label: "Contribution", tone: "good", href: page("/datanets", datanetId) },
		text: (
			<>
				{rows(acceptedRows)} of {name("contributor")} are taken into {name("datanetId")}
			</>
		),
	}),
	"datanetRegistry.ContributionRejected": ({ datanetId }, name) => ({
		...{ label: "Contribution", tone: "warn", href: page("/datanets", datanetId) },
		text: (
			<>
				{name("datanetId")} does not take what {name("contributor")} offered
			</>
		),
	}),
	"datanetRegistry.ContributionJunk": ({ datanetId }, name) => ({
		...{ label: "Contribution", tone: "bad", href: page("/datanets", datanetId) },
		text: (
			<>
				{name("datanetId")} calls what {name("contributor")} offered junk; its stake is lost
			</>
		),
	}),
	"datanetRegistry.DisputeOpened": (_, name) => ({
		...{ label: "Dispute", tone: "warn", href: "/network?tab=disputes" },
		text: <>{name("appellant")} disputes a contribution</>,
	}),
	"datanetRegistry.SnapshotPublished": ({ datanetId, version, rowCount }, name) => ({
		...{ label: "Snapshot", tone: "plain", href: page("/datanets", datanetId) },
		text: (
			<>
				Version {version} of {name("datanetId")} is fixed: {rows(rowCount)}
			</>
		),
	}),
	"datanetRegistry.Tombstone": ({ datanetId }, name) => ({
		...{ label: "Erasure", tone: "warn", href: page("/datanets", datanetId) },
		text: <>A row of {name("datanetId")} is erased</>,
	}),
	"modelRegistry.ModelPublished": ({ modelId }, name) => ({
		...{ label: "Model", tone: "accent", href: page("/models", modelId) },
		text: (
			<>
				{name("owner")} publishes the model {name("modelId")}
			</>
		),
	}),
	"attributionRewards.RootProposed": ({ epoch }) => ({
		...{ label: "Epoch", tone: "plain", href: page("/network/epochs", epoch) },
		text: <>What epoch {epoch} earned is proposed and can be challenged</>,
	}),
	"attributionRewards.RootActivated": ({ epoch, totalCumulativeWei }) => ({
		...{ label: "Epoch", tone: "good", href: page("/network/epochs", epoch) },
		text: (
			<>
				Epoch {epoch} pays: <Amount wei={String(totalCumulativeWei)} /> earned so far
			</>
		),
	}),
	"attributionRewards.RootFallen": ({ epoch }, name) => ({
		...{ label: "Epoch", tone: "bad", href: page("/network/epochs", epoch) },
		text: (
			<>
				The root of epoch {epoch} falls, challenged by {name("challenger")}
			</>
		),
	}),
	"attributionRewards.Claimed": ({ account, cumulativeWei }, name) => ({
		...{ label: "Payout", tone: "good", href: page("/earnings", account) },
		text: (
			<>
				{name("account")} claims, <Amount wei={String(cumulativeWei)} /> in all
			</>
		),
	}),
	"rootChallenges.ChunkDemanded": ({ epoch }, name) => ({
		...{ label: "Challenge", tone: "warn", href: page("/network/epochs", epoch) },
		text: (
			<>
				{name("challenger")} demands data of epoch {epoch}
			</>
		),
	}),
	"rootChallenges.RowDemanded": ({ epoch, row }, name) => ({
		...{ label: "Challenge", tone: "warn", href: page("/network/epochs", epoch) },
		text: (
			<>
				{name("challenger")} demands row {row} behind epoch {epoch}
			</>
		),
	}),
	"rootChallenges.DisputeOpened": ({ epoch }, name) => ({
		...{ label: "Challenge", tone: "warn", href: page("/network/epochs", epoch) },
		text: (
			<>
				{name("challenger")} takes epoch {epoch} to a jury
			</>
		),
	}),
	"trainingJobs.JobPosted": (_, name) => ({
		...{ label: "Job", tone: "plain" },
		text: <>{name("poster")} offers a training job</>,
	}),
	"trainingJobs.RunSubmitted": (_, name) => ({
		...{ label: "Job", tone: "plain" },
		text: <>{name("trainer")} hands in a trained run</>,
	}),
	"trainingJobs.JobPaid": ({ payWei }, name) => ({
		...{ label: "Job", tone: "good" },
		text: (
			<>
				{name("trainer")} is paid <Amount wei={String(payWei)} /> for training
			</>
		),
	}),
	"disputes.DisputeOpened": (_, name) => ({
		...{ label: "Dispute", tone: "warn", href: "/network?tab=disputes" },
		text: <>{name("challenger")} disputes a trained run</>,
	}),
	"stakePool.Delegated": ({ amountWei }, name) => ({
		...{ label: "Stake", tone: "plain", href: "/network?tab=nodes" },
		text: (
			<>
				{name("staker")} puts <Amount wei={String(amountWei)} /> behind {name("operator")}
			</>
		),
	}),
	"stakePool.Slashed": ({ amountWei }, name) => ({
		...{ label: "Stake", tone: "bad", href: "/network?tab=nodes" },
		text: (
			<>
				{name("operator")} loses <Amount wei={String(amountWei)} /> of its stake
			</>
		),
	}),
	"openGovernor.ProposalCreated": ({ proposalId }, name) => ({
		...{ label: "Proposal", tone: "accent", href: page("/governance", proposalId) },
		text: <>{name("proposer")} makes a proposal</>,
	}),
	"openGovernor.VoteCast": ({ proposalId }, name) => ({
		...{ label: "Vote", tone: "plain", href: page("/governance", proposalId) },
		text: <>{name("voter")} votes</>,
	}),
	"openGovernor.ProposalExecuted": ({ proposalId }) => ({
		...{ label: "Proposal", tone: "good", href: page("/governance", proposalId) },
		text: <>A proposal is carried out</>,
	}),
};

export function sayActivity(one: Activity, names: Names): Sentence {
	const called = (id: string): ReactNode => {
		const name = names[id.toLowerCase()];
		if (name === undefined) return <span className="font-mono text-[0.92em]">{shortHash(id)}</span>;
		return (
			<b className="font-medium">
				<UntrustedText text={name} max={LONGEST_NAME} />
			</b>
		);
	};
	if (one.kind === "answer") {
		return {
			...{ label: "Answer", tone: "accent", href: page("/receipts", one.receiptId) },
			text: (
				<>
					<b className="font-medium">
						<UntrustedText text={one.model} max={LONGEST_NAME} />
					</b>{" "}
					answers {called(one.payer)}: {formatCount(one.tokensOut)} tokens for <Amount wei={one.feeWei} />
				</>
			),
		};
	}
	const inTransaction = page("/network/transactions", one.transactionHash);
	const said = SAID[one.event]?.(one.args, (key) => called(String(one.args[key] ?? "")));
	if (said === undefined) return { label: "Event", tone: "plain", text: one.event, href: inTransaction };
	return { ...said, href: said.href ?? inTransaction };
}
