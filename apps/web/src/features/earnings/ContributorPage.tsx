// One account: what it earned, with which rows and answers and why, how much can be claimed, and its statement.

import { type Address, isAddress } from "viem";
import { Link, useParams } from "wouter";
import { formatCount } from "../../shared/format/open.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Badge, type Tone } from "../../shared/ui/Badge.js";
import { ButtonLink } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Countdown } from "../../shared/ui/Countdown.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Hash, shortHash } from "../../shared/ui/Hash.js";
import { Notice } from "../../shared/ui/Notice.js";
import { Page } from "../../shared/ui/Page.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import { Tabs } from "../../shared/ui/Tabs.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import { useWallet } from "../../shared/wallet/useWallet.js";
import { Claim } from "./Claim.js";
import { EarnedAnswers } from "./EarnedAnswers.js";
import { EarnedChart } from "./EarnedChart.js";
import { EarnedRows } from "./EarnedRows.js";
import { StatOpen } from "./StatOpen.js";
import { type Earner, useEarner } from "./useEarnings.js";

export default function ContributorPage() {
	const { account = "" } = useParams<{ account: string }>();
	if (!isAddress(account, { strict: false })) {
		return (
			<Page title="Earnings of an account">
				<Empty title="This is no address" action={<ButtonLink href="/earnings">All earnings</ButtonLink>}>
					An address is 0x and 40 hex digits.
				</Empty>
			</Page>
		);
	}
	return <Account key={account} account={account.toLowerCase() as Address} />;
}

function Account({ account }: { readonly account: Address }) {
	const query = useEarner(account);
	const { address } = useWallet();
	const { data } = query;
	const proposed = data?.epochs.find(({ status }) => status === "proposed");
	const isOwn = address?.toLowerCase() === account;
	const statement = `/api/rewards/${account}/statement.csv`;
	return (
		<Page
			title={data?.name ?? shortHash(account)}
			lead={
				<span className="inline-flex flex-wrap items-center gap-2">
					<Hash value={account} />
					{isOwn && <Badge tone="accent">your account</Badge>}
					{data?.isPool && "It gets what no row earned; nobody who has a hand in an answer does."}
				</span>
			}
			actions={
				<>
					<ButtonLink href={`/stake?of=${account}`}>Its stake</ButtonLink>
					<ButtonLink href={statement} download={`openledger-${account}.csv`}>
						Statement (CSV)
					</ButtonLink>
				</>
			}
		>
			<div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
				<StatOpen label="Earned" wei={data?.earnedWei} note="by epochs that pay" />
				<StatOpen label="Claimed" wei={data?.claimedWei} note="paid out" />
				<StatOpen
					label="Pending"
					wei={data?.challengedWei}
					note={
						proposed?.challengeEnds != null ? (
							<>
								epoch {proposed.epoch} pays <Countdown to={proposed.challengeEnds} over="soon" />
							</>
						) : (
							"no epoch waits"
						)
					}
				/>
				<StatOpen
					label="Not settled"
					wei={data && BigInt(data.unsettled.wei) + BigInt(data.settlingWei)}
					note={data && `${formatCount(data.unsettled.answers)} answers wait`}
				/>
			</div>
			<QueryView query={query} lines={10}>
				{(earner) => (
					<>
						<Claim earner={earner} />
						<Tabs
							label="What this account earned"
							tabs={[
								{ id: "rows", label: "Rows", content: <EarnedRows account={account} /> },
								{ id: "answers", label: "Answers", content: <EarnedAnswers account={account} /> },
								{ id: "epochs", label: "Over time", content: <EarnedChart epochs={earner.epochs} /> },
								{ id: "claims", label: "Claims", content: <Claims of={earner.claims} /> },
								{ id: "contributions", label: "Contributions", content: <Contributions of={earner} /> },
							]}
						/>
					</>
				)}
			</QueryView>
		</Page>
	);
}

function Claims({ of }: { readonly of: Earner["claims"] }) {
	const columns: readonly Column<Earner["claims"][number]>[] = [
		{ head: "Paid out", cell: ({ wei }) => <Amount wei={wei} places={18} /> },
		{
			head: "Block",
			align: "right",
			cell: ({ blockNumber }) => (
				<Link href={`/network/blocks/${blockNumber}`} className="text-accent hover:underline">
					{formatCount(blockNumber)}
				</Link>
			),
		},
		{
			head: "Transaction",
			cell: ({ transactionHash }) => <Hash value={transactionHash} href={`/network/transactions/${transactionHash}`} />,
		},
	];
	return (
		<Card title="Claims">
			{of.length === 0 ? (
				<Empty title="Nothing was paid out yet">What can be claimed stands above.</Empty>
			) : (
				<Table
					caption="What was paid out to this account"
					columns={columns}
					rows={of}
					keyOf={({ transactionHash }, index) => `${transactionHash} ${index}`}
				/>
			)}
		</Card>
	);
}

type Contribution = Earner["contributions"][number];

const TONES: Readonly<Record<Contribution["status"], Tone>> = {
	stored: "plain",
	offered: "warn",
	accepted: "good",
	rejected: "bad",
};

function Contributions({ of: { contributions, isPool } }: { readonly of: Earner }) {
	const columns: readonly Column<Contribution>[] = [
		{
			head: "Datanet",
			cell: ({ datanet, datanetId }) => (
				<Link href={`/datanets/${encodeURIComponent(datanetId)}`} className="text-accent hover:underline">
					<UntrustedText text={datanet} max={60} />
				</Link>
			),
		},
		{
			head: "State",
			cell: ({ status, final }) => (
				<Badge tone={TONES[status]}>{status === "accepted" && !final ? "accepted, appealable" : status}</Badge>
			),
		},
		{ head: "Rows taken", align: "right", cell: ({ acceptedRows }) => formatCount(acceptedRows) },
		{ head: "Rows offered", align: "right", cell: ({ offeredRows }) => formatCount(offeredRows) },
		{ head: "Id", wide: true, cell: ({ id }) => <Hash value={id} /> },
	];
	if (isPool) return <Notice>The pool contributes nothing; it gets what no row earned.</Notice>;
	return (
		<Card title="Contributions">
			{contributions.length === 0 ? (
				<Empty title="No contribution" action={<ButtonLink href="/datanets">Contribute rows</ButtonLink>}>
					This node has no contribution of this account.
				</Empty>
			) : (
				<Table caption="What this account contributed" columns={columns} rows={contributions} keyOf={({ id }) => id} />
			)}
		</Card>
	);
}
