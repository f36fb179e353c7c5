// One receipt: the answer and who moved it, the path of its money, the signed record, and its verification in this browser.

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useParams } from "wouter";
import { getJson } from "../../shared/api/client.js";
import { coloursOf } from "../../shared/attribution/colours.js";
import { FeeSplit } from "../../shared/attribution/FeeSplit.js";
import { FoundWords } from "../../shared/attribution/FoundWords.js";
import { MarkedText } from "../../shared/attribution/MarkedText.js";
import { ShareList } from "../../shared/attribution/ShareList.js";
import { formatCount } from "../../shared/format/open.js";
import { visibleText } from "../../shared/format/visibleText.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Badge } from "../../shared/ui/Badge.js";
import { Button, ButtonLink } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Facts } from "../../shared/ui/Facts.js";
import { Hash, shortHash } from "../../shared/ui/Hash.js";
import { Page } from "../../shared/ui/Page.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { TimeAgo } from "../../shared/ui/TimeAgo.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import { CompareElsewhere } from "./CompareElsewhere.js";
import { receiptCsv, saveText } from "./downloads.js";
import { PathOfMoney } from "./PathOfMoney.js";
import { SignedRecord } from "./SignedRecord.js";
import { type FullReceipt, useReceipt, useSettlement } from "./useReceipts.js";
import { VerifyPanel } from "./VerifyPanel.js";
import { METHODS, questionShown } from "./words.js";

export default function ReceiptPage() {
	const { id = "" } = useParams<{ id: string }>();
	const receipt = useReceipt(id);
	return (
		<Page
			title={`Receipt ${shortHash(id)}`}
			lead="A paid answer as one signed record: everything that is needed to run it and its attribution again."
			actions={receipt.data && <Downloads receipt={receipt.data} />}
		>
			<QueryView query={receipt} lines={20}>
				{(data) => <Shown key={data.id} receipt={data} />}
			</QueryView>
		</Page>
	);
}

function Shown({ receipt }: { readonly receipt: FullReceipt }) {
	const [selected, setSelected] = useState<number>();
	const settlement = useSettlement(receipt.id);
	const colours = coloursOf(receipt);
	const spans = receipt.spans?.spans ?? null;
	const words = { text: receipt.response, colourOf: colours.ofSpan, selected, onSelect: setSelected };
	return (
		<>
			<div className="grid items-start gap-5 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
				<Card title="Question and answer" aside={<EpochOf receipt={receipt} />}>
					<Asked receipt={receipt} />
					<div className="mt-3 rounded-lg bg-sunken p-3 text-base">
						{receipt.response === "" ? (
							<span className="text-soft">(an empty answer)</span>
						) : (
							<MarkedText {...words} spans={spans ?? []} />
						)}
					</div>
					<div className="mt-3">
						<FoundWords {...words} spans={spans} />
					</div>
				</Card>
				<Card title="Paid" aside={<TimeAgo at={String(receipt.receipt.timestamp)} />}>
					<PaidFacts receipt={receipt} />
				</Card>
			</div>
			<Card title="The path of the money" aside="answer → rows → contributors → payouts → transaction">
				<PathOfMoney receipt={receipt} settlement={settlement.data} colours={colours} />
			</Card>
			<Card title="Verify in this browser">
				<VerifyPanel receipt={receipt} />
			</Card>
			<div className="grid items-start gap-5 lg:grid-cols-2">
				<Card title="Who moved the answer">
					<ShareList receipt={receipt} colours={colours} />
				</Card>
				<Card title="Where the fee went">
					<FeeSplit receipt={receipt} />
				</Card>
			</div>
			<Card title="The signed record">
				<SignedRecord receipt={receipt} />
			</Card>
			<Card title="Another witness of the chain">
				<CompareElsewhere receipt={receipt} />
			</Card>
		</>
	);
}

function EpochOf({ receipt: { epoch } }: { readonly receipt: FullReceipt }) {
	if (epoch === null) return <Badge>epoch still open</Badge>;
	return <ButtonLink href={`/network/epochs/${epoch}`}>Epoch {epoch}</ButtonLink>;
}

function Asked({ receipt: { order } }: { readonly receipt: FullReceipt }) {
	const turns = order.messages ?? [{ role: "text", content: order.prompt ?? "" }];
	return (
		<ul className="flex flex-col gap-1.5">
			{turns.map(({ role, content }, turn) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: turns have no other name
				<li key={turn}>
					<span className="mr-2 text-xs text-soft">{visibleText(role, { max: 20 })}</span>
					<UntrustedText text={questionShown(content)} max={2000} block />
				</li>
			))}
		</ul>
	);
}

function PaidFacts({ receipt }: { readonly receipt: FullReceipt }) {
	const { receipt: record, paidBy, order, model } = receipt;
	const { temperaturePpm = 0, seed = 0, maxTokens } = order;
	const sampled =
		temperaturePpm === 0 ? "the likeliest token, always" : `temperature ${temperaturePpm / 1e6}, seed ${seed}`;
	return (
		<Facts
			of={[
				["Fee", <Amount key="fee" wei={String(record.feeWei)} places={9} />],
				["By", METHODS[paidBy.method] ?? visibleText(paidBy.method, { max: 30 })],
				[
					"Payer",
					<Hash
						key="payer"
						value={String(record.payer)}
						href={`/earnings/${encodeURIComponent(String(record.payer))}`}
					/>,
				],
				[
					"Model",
					<Hash
						key="model"
						value={String(record.modelId)}
						name={visibleText(model, { max: 40 })}
						href={`/models/${encodeURIComponent(String(record.modelId))}`}
					/>,
				],
				["Tokens", `${formatCount(record.tokensIn ?? 0)} read, ${formatCount(record.tokensOut ?? 0)} written`],
				["Asked for", `at most ${formatCount(maxTokens ?? 0)} tokens; ${sampled}`],
				["It ended", receipt.finishReason === "length" ? "at the most that was asked for" : "by itself"],
			]}
		/>
	);
}

type Leaf = { readonly row: number; readonly contributor: string; readonly sharePpm: number };

function Downloads({ receipt }: { readonly receipt: FullReceipt }) {
	const [failed, setFailed] = useState<string>();
	const name = `receipt-${receipt.id.slice(2, 10)}`;
	const queries = useQueryClient();
	// What a receipt commits to does not change: both files are of one fetch.
	const evidence = () =>
		queries.fetchQuery({
			queryKey: ["receipts", receipt.id, "evidence"],
			queryFn: ({ signal }) =>
				getJson<{ readonly leaves: readonly Leaf[] }>(`/api/receipts/${receipt.id}/evidence`, signal),
			staleTime: Number.POSITIVE_INFINITY,
		});
	const save = (work: () => Promise<void>) => {
		setFailed(undefined);
		work().catch((error: Error) => setFailed(error.message));
	};
	return (
		<>
			<Button
				onClick={() =>
					save(async () =>
						saveText(
							`${name}.json`,
							"application/json",
							JSON.stringify({ ...receipt, ...(await evidence()) }, null, 2),
						),
					)
				}
			>
				JSON
			</Button>
			<Button
				onClick={() =>
					save(async () => saveText(`${name}.csv`, "text/csv", receiptCsv(receipt, (await evidence()).leaves)))
				}
			>
				CSV of rows
			</Button>
			{failed !== undefined && (
				<p role="alert" className="text-sm text-bad">
					{failed}
				</p>
			)}
		</>
	);
}
