// One epoch: what is in it, what it gave to whom, what of it stands on chain; and a check of all of it from its data.

import { type ReactNode, useState } from "react";
import { useParams } from "wouter";
import { isMissing } from "../../shared/api/client.js";
import { formatCount } from "../../shared/format/open.js";
import { formatDate } from "../../shared/format/time.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Button, ButtonLink } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Facts } from "../../shared/ui/Facts.js";
import { Hash } from "../../shared/ui/Hash.js";
import { Page } from "../../shared/ui/Page.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { ShareBar } from "../../shared/ui/ShareBar.js";
import { Table } from "../../shared/ui/Table.js";
import { TimeAgo } from "../../shared/ui/TimeAgo.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import { Account } from "./Account.js";
import { inWords } from "./contracts.js";
import { DataState } from "./DataState.js";
import { EpochCheckCard } from "./EpochCheckCard.js";
import { Countdown, EpochState, whatOf } from "./EpochState.js";
import { type ShownEpoch, useEpoch } from "./useNetwork.js";

export default function EpochPage() {
	const { epoch = "" } = useParams<{ epoch: string }>();
	if (!/^\d{1,9}$/.test(epoch)) return <NoSuch />;
	return <Shown epoch={Number(epoch)} />;
}

function Shown({ epoch }: { readonly epoch: number }) {
	const query = useEpoch(epoch);
	if (isMissing(query.error) && query.data === undefined) return <NoSuch />;
	return (
		<Page
			title={`Epoch ${formatCount(epoch)}`}
			lead={query.data && whatOf(query.data.status)}
			actions={<ButtonLink href="/network?tab=epochs">All epochs</ButtonLink>}
		>
			<QueryView query={query} lines={16}>
				{(found) => (
					<>
						<About of={found} />
						<EpochCheckCard epoch={epoch} isOnChain={found.root !== null && found.root.status !== "fallen"} />
						<div className="grid items-start gap-5 lg:grid-cols-2">
							<Leaves of={found} />
							<Receipts of={found} />
						</div>
					</>
				)}
			</QueryView>
		</Page>
	);
}

function About({ of }: { readonly of: ShownEpoch }) {
	const { root, status, challengeEnds } = of;
	const isProposed = status === "proposed" || status === "active";
	const facts: (readonly [string, ReactNode])[] = [
		["State", <EpochState key="state" status={status} />],
		["Receipts", `${formatCount(of.receipts)}, fixed ${formatDate(of.closedAt)}`],
		["Fees", <Amount key="fees" wei={of.feesWei} places={18} />],
		[
			"Earned by all, ever",
			of.totalWei === null ? "not summed yet" : <Amount key="total" wei={of.totalWei} places={18} />,
		],
		["Root of receipts", <MaybeHash key="receipts" value={of.receiptsRoot} />],
		["Root of earnings", <MaybeHash key="earnings" value={of.earningsRoot} />],
		["Root of data", <MaybeHash key="data" value={of.dataRoot} />],
		["Certificate", <MaybeHash key="certificate" value={of.certificate} />],
		["Data layer", <DataState key="layer" epoch={of.epoch} isProposed={isProposed} />],
		[
			"Challenge window",
			challengeEnds === null ? (
				"not begun"
			) : (
				<span key="window">
					<Countdown until={challengeEnds} />, ends {formatDate(challengeEnds)}
				</span>
			),
		],
	];
	if (root !== null) {
		facts.push(["Proposed by", <Account key="by" address={root.proposal.proposer} />]);
		if (root.holds !== "0") facts.push(["Held up by", `${root.holds} demands or disputes`]);
	}
	if (of.bond !== null) facts.push(["Its proposer's bond, now", <Amount key="bond" wei={of.bond.bondWei} />]);
	if (of.erasedRows > 0) facts.push(["Rows that earn nothing any more", formatCount(of.erasedRows)]);
	for (const { what, transactionHash, at } of of.transactions)
		facts.push([
			inWords(what.replace(/^Root/, "")).trim(),
			<span key={transactionHash} className="inline-flex flex-wrap items-center gap-x-2">
				<Hash value={transactionHash} href={`/network/transactions/${transactionHash}`} />
				<TimeAgo at={at} />
			</span>,
		]);
	return (
		<Card title="On chain">
			<Facts of={facts} />
		</Card>
	);
}

function MaybeHash({ value }: { readonly value: string | null }) {
	return value === null ? <span className="text-soft">not yet</span> : <Hash value={value} />;
}

const PPM = 1_000_000n;

function Leaves({ of: { leaves } }: { readonly of: ShownEpoch }) {
	const sum = leaves.reduce((total, { earnedWei }) => total + BigInt(earnedWei), 0n);
	return (
		<Card title="Who earned what in it" aside={`${formatCount(leaves.length)} accounts`}>
			{leaves.length === 0 ? (
				<p className="text-sm text-soft">Nothing is summed yet.</p>
			) : (
				<Table
					caption="Earnings by account"
					rows={leaves}
					keyOf={({ account }) => account}
					columns={[
						{ head: "Account", cell: ({ account, name }) => <Earner account={account} name={name} /> },
						{ head: "In this epoch", align: "right", cell: ({ earnedWei }) => <Amount wei={earnedWei} /> },
						{
							head: "Share",
							wide: true,
							cell: ({ earnedWei }) => <ShareBar ppm={sum === 0n ? 0 : Number((BigInt(earnedWei) * PPM) / sum)} />,
						},
						{ head: "In all", align: "right", cell: ({ cumulativeWei }) => <Amount wei={cumulativeWei} /> },
					]}
				/>
			)}
		</Card>
	);
}

function Earner({ account, name }: { readonly account: string; readonly name: string | null }) {
	const href = `/earnings/${encodeURIComponent(account)}`;
	return <Hash value={account} href={href} copy={false} {...(name !== null && { name })} />;
}

const FIRST_RECEIPTS = 20;

function Receipts({ of: { listed, receipts } }: { readonly of: ShownEpoch }) {
	const [areAll, setAll] = useState(false);
	const shown = areAll ? listed : listed.slice(0, FIRST_RECEIPTS);
	return (
		<Card title="Receipts in it" aside={formatCount(receipts)}>
			<Table
				caption="Receipts of the epoch, in its order"
				rows={shown}
				keyOf={({ id }) => id}
				columns={[
					{ head: "Receipt", cell: ({ id }) => <Hash value={id} href={`/receipts/${id}`} /> },
					{ head: "Model", cell: ({ model }) => <UntrustedText text={model} max={60} /> },
					{ head: "Payer", wide: true, cell: ({ payer }) => <Account address={payer} copy={false} /> },
					{ head: "Fee", align: "right", cell: ({ feeWei }) => <Amount wei={feeWei} /> },
				]}
			/>
			{listed.length > shown.length && (
				<div className="mt-3">
					<Button onClick={() => setAll(true)}>Show {formatCount(listed.length - shown.length)} more</Button>
				</div>
			)}
			{areAll && receipts > listed.length && (
				<p className="mt-2 text-sm text-soft">The first {formatCount(listed.length)} are shown.</p>
			)}
		</Card>
	);
}

function NoSuch() {
	return (
		<Page title="Epoch">
			<Empty
				title="There is no such epoch"
				action={<ButtonLink href="/network?tab=epochs">Look at all epochs</ButtonLink>}
			/>
		</Page>
	);
}
