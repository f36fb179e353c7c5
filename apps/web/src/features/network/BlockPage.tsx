// A block and what was done in it.

import type { Hex, Log, Transaction } from "viem";
import { useParams } from "wouter";
import { isMissing } from "../../shared/api/client.js";
import { useStatus } from "../../shared/api/useStatus.js";
import { formatCount } from "../../shared/format/open.js";
import { formatDate } from "../../shared/format/time.js";
import { ButtonLink } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Facts } from "../../shared/ui/Facts.js";
import { Hash } from "../../shared/ui/Hash.js";
import { Page } from "../../shared/ui/Page.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { TimeAgo } from "../../shared/ui/TimeAgo.js";
import { Account } from "./Account.js";
import { type Addresses, decodeCall, decodeEvent } from "./decode.js";
import { Call, Events, Outcome } from "./TransactionView.js";
import { type FullBlock, useBlock, useHead, useReceipts } from "./useChain.js";

/** Transactions whose calls and events are shown here; of fuller blocks the others have their own pages. */
const SHOWN_WHOLE = 10;

export default function BlockPage() {
	const { number = "" } = useParams<{ number: string }>();
	if (!/^\d{1,15}$/.test(number)) return <NoSuch />;
	return <Shown number={Number(number)} />;
}

function Shown({ number }: { readonly number: number }) {
	const block = useBlock(number);
	const { data: head } = useHead();
	if (isMissing(block.error) && block.data === undefined) return <NoSuch />;
	return (
		<Page
			title={`Block ${formatCount(number)}`}
			actions={
				<>
					{number > 0 && <ButtonLink href={`/network/blocks/${number - 1}`}>Block before</ButtonLink>}
					{head !== undefined && number < head && (
						<ButtonLink href={`/network/blocks/${number + 1}`}>Block after</ButtonLink>
					)}
				</>
			}
		>
			<QueryView query={block} lines={14}>
				{(found) => <Whole block={found} />}
			</QueryView>
		</Page>
	);
}

function Whole({ block }: { readonly block: FullBlock }) {
	const { data: status } = useStatus();
	const { transactions, timestamp } = block;
	const time = Number(timestamp);
	return (
		<>
			<Card title="Block">
				<Facts
					of={[
						["Hash", <Hash key="hash" value={block.hash} />],
						[
							"Time",
							<span key="time">
								{formatDate(time)} (<TimeAgo at={time} />)
							</span>,
						],
						["Transactions", formatCount(transactions.length)],
						["Gas", `${formatCount(block.gasUsed)} used of ${formatCount(block.gasLimit)} that fit`],
						["Hash of the block before", <Hash key="parent" value={block.parentHash} />],
						["Root of the state", <Hash key="state" value={block.stateRoot} />],
					]}
				/>
			</Card>
			{transactions.length === 0 && (
				<Empty title="Nothing was done in this block">
					A local chain makes empty blocks only where its clock is moved on.
				</Empty>
			)}
			{transactions.slice(0, SHOWN_WHOLE).map((one, i) => (
				<InBlock key={one.hash} at={i} transaction={one} addresses={status?.addresses ?? {}} />
			))}
			{transactions.length > SHOWN_WHOLE && (
				<Card title="More transactions">
					<ul className="flex flex-col gap-1 text-sm">
						{transactions.slice(SHOWN_WHOLE).map((one) => (
							<li key={one.hash}>
								<Hash value={one.hash} href={`/network/transactions/${one.hash}`} />{" "}
								{decodeCall(status?.addresses ?? {}, one.to, one.input).title}
							</li>
						))}
					</ul>
				</Card>
			)}
		</>
	);
}

type InBlockProps = { readonly at: number; readonly transaction: Transaction; readonly addresses: Addresses };

function InBlock({ at, transaction, addresses }: InBlockProps) {
	const { hash, from, to, input } = transaction;
	const receipts = useReceipts([hash as Hex]);
	const receipt = receipts.data?.[0];
	const call = decodeCall(addresses, to, input);
	return (
		<section aria-labelledby={`transaction-${at}`} className="flex flex-col gap-3">
			<h2 id={`transaction-${at}`} className="flex flex-wrap items-center gap-2 text-lg font-semibold">
				{call.title}
				{receipt !== undefined && <Outcome receipt={receipt} />}
			</h2>
			<p className="flex flex-wrap items-center gap-x-3 text-sm text-soft">
				<span>
					Transaction <Hash value={hash} href={`/network/transactions/${hash}`} />
				</span>
				<span>
					from <Account address={from} />
				</span>
				{to !== null && (
					<span>
						to <Account address={to} />
					</span>
				)}
			</p>
			<Call call={call} />
			<QueryView query={receipts} lines={3}>
				{([found]) => <Events of={found?.logs.map((log) => decodeEvent(addresses, log as Log)) ?? []} />}
			</QueryView>
		</section>
	);
}

function NoSuch() {
	return (
		<Page title="Block">
			<Empty
				title="The chain has no block of this number"
				action={<ButtonLink href="/network">Look at the latest blocks</ButtonLink>}
			/>
		</Page>
	);
}
