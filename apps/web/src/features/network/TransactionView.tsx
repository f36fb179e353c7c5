// One transaction: whether it worked, what it called, what contracts said, and the pages of what it concerns.

import type { Log, Transaction, TransactionReceipt } from "viem";
import { formatCount } from "../../shared/format/open.js";
import { Badge } from "../../shared/ui/Badge.js";
import { Card } from "../../shared/ui/Card.js";
import { Facts } from "../../shared/ui/Facts.js";
import { Hash } from "../../shared/ui/Hash.js";
import { Notice } from "../../shared/ui/Notice.js";
import { TimeAgo } from "../../shared/ui/TimeAgo.js";
import { Account } from "./Account.js";
import { Concerned } from "./Concerned.js";
import { inWords, titleOf } from "./contracts.js";
import { type Addresses, type DecodedCall, decodeCall, decodeEvent } from "./decode.js";
import { type Mined, useRefusal } from "./useChain.js";
import { Arguments } from "./Value.js";

export function Outcome({ receipt }: { readonly receipt: TransactionReceipt | undefined }) {
	if (receipt === undefined) return <Badge tone="warn">waits for a block</Badge>;
	return receipt.status === "success" ? <Badge tone="good">worked</Badge> : <Badge tone="bad">failed</Badge>;
}

export function TransactionView({ mined, addresses }: { readonly mined: Mined; readonly addresses: Addresses }) {
	const { transaction, receipt, at } = mined;
	const refusal = useRefusal(mined);
	const call = decodeCall(addresses, transaction.to, transaction.input);
	const events = receipt?.logs.map((log) => decodeEvent(addresses, log as Log)) ?? [];
	const all = [...(call.args ?? []), ...events.flatMap(({ args }) => args ?? [])];
	const block = transaction.blockNumber;
	return (
		<>
			{receipt?.status === "reverted" && (
				<Notice tone="bad" title="The contract refused; nothing changed but the gas that was paid">
					{refusal.data ?? "Why is not known any more: the state before its block is gone."}
				</Notice>
			)}
			<Card title="Transaction">
				<Facts
					of={[
						["Outcome", <Outcome key="outcome" receipt={receipt} />],
						["Hash", <Hash key="hash" value={transaction.hash} />],
						...(block === null
							? []
							: ([
									[
										"Block",
										<Hash
											key="block"
											value={String(block)}
											name={formatCount(block)}
											href={`/network/blocks/${block}`}
											copy={false}
										/>,
									],
								] as const)),
						...(at === undefined ? [] : ([["Time", <TimeAgo key="time" at={at} />]] as const)),
						["From", <Account key="from" address={transaction.from} />],
						["To", transaction.to === null ? "a new contract" : <Account key="to" address={transaction.to} />],
						["Gas", <Gas key="gas" transaction={transaction} receipt={receipt} />],
						["Nonce", formatCount(transaction.nonce)],
					]}
				/>
			</Card>
			<Concerned by={all} />
			<Call call={call} />
			<Events of={events} />
		</>
	);
}

function Gas({ transaction, receipt }: Pick<Mined, "receipt"> & { readonly transaction: Transaction }) {
	if (receipt === undefined) return `at most ${formatCount(transaction.gas)}`;
	return `${formatCount(receipt.gasUsed)} used of ${formatCount(transaction.gas)} allowed`;
}

export function Call({ call }: { readonly call: DecodedCall }) {
	return (
		<Card
			title={call.functionName === undefined ? call.title : `Called ${inWords(call.functionName)}`}
			aside={call.contract && titleOf(call.contract)}
		>
			{call.args === undefined && call.data === undefined && <p className="text-sm text-soft">No data was sent.</p>}
			{call.args?.length === 0 && <p className="text-sm text-soft">It takes no arguments.</p>}
			{call.args !== undefined && call.args.length > 0 && <Arguments of={call.args} contract={call.contract} />}
			{call.data !== undefined && (
				<HexText data={call.data} what={call.isCode ? "of code, with its arguments" : undefined} />
			)}
		</Card>
	);
}

type EventsProps = { readonly of: readonly ReturnType<typeof decodeEvent>[] };
const SHOWN_EVENTS = 12;

export function Events({ of }: EventsProps) {
	const [first, rest] = [of.slice(0, SHOWN_EVENTS), of.slice(SHOWN_EVENTS)];
	return (
		<Card title="What contracts said" aside={`${formatCount(of.length)} ${of.length === 1 ? "event" : "events"}`}>
			{of.length === 0 && <p className="text-sm text-soft">Nothing.</p>}
			<ol className="flex flex-col gap-4">{first.map(item)}</ol>
			{rest.length > 0 && (
				<details className="mt-3">
					<summary className="cursor-pointer text-sm text-soft">{formatCount(rest.length)} more</summary>
					<ol className="mt-3 flex flex-col gap-4">{rest.map(item)}</ol>
				</details>
			)}
		</Card>
	);
}

function item(event: EventsProps["of"][number]) {
	const { key, address, contract, eventName, args, topics, data } = event;
	return (
		<li key={key} className="min-w-0 border-b border-line pb-4 last:border-0 last:pb-0">
			<h3 className="mb-1.5 flex flex-wrap items-baseline gap-x-2 text-sm font-semibold">
				{eventName === undefined ? "Unknown event" : inWords(eventName)}
				<span className="font-normal text-soft">
					by <Account address={address} copy={false} />
				</span>
			</h3>
			{args !== undefined && <Arguments of={args} contract={contract} />}
			{topics !== undefined && <HexText data={`0x${[...topics, data ?? "0x"].map((one) => one.slice(2)).join("")}`} />}
		</li>
	);
}

const SHOWN_DIGITS = 2048;

/** What no interface of ours knows. */
export function HexText({ data, what }: { readonly data: string; readonly what?: string | undefined }) {
	const bytes = (data.length - 2) / 2;
	return (
		<div className="text-sm">
			<div className="mb-1 text-soft">
				{formatCount(bytes)} bytes {what ?? "that no interface here knows"}
			</div>
			<section
				// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
				tabIndex={0}
				aria-label="Data in hex"
				className="max-h-40 overflow-y-auto rounded-lg bg-sunken p-3 font-mono text-xs break-all"
			>
				{data.slice(0, SHOWN_DIGITS)}
				{data.length > SHOWN_DIGITS && "…"}
			</section>
		</div>
	);
}
