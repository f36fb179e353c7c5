// Every paid answer, the newest first: who asked what of whom, for how much.

import { useState } from "react";
import { Link, useSearchParams } from "wouter";
import { formatCount } from "../../shared/format/open.js";
import { visibleText } from "../../shared/format/visibleText.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Badge } from "../../shared/ui/Badge.js";
import { Button, ButtonLink } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Empty } from "../../shared/ui/Empty.js";
import { SelectField, TextField } from "../../shared/ui/Field.js";
import { Hash } from "../../shared/ui/Hash.js";
import { Notice } from "../../shared/ui/Notice.js";
import { Page } from "../../shared/ui/Page.js";
import { Skeleton } from "../../shared/ui/Skeleton.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import { TimeAgo } from "../../shared/ui/TimeAgo.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import { type ListedReceipt, useModelNames, useReceipts } from "./useReceipts.js";
import { questionShown } from "./words.js";

const COLUMNS: readonly Column<ListedReceipt>[] = [
	{
		head: "Question and answer",
		cell: ({ id, prompt, response }) => (
			<Link href={`/receipts/${encodeURIComponent(id)}`} className="block min-w-48 hover:text-accent">
				<span className="text-soft">
					<UntrustedText text={questionShown(prompt)} max={90} />
				</span>
				<span className="block font-medium">
					{response === "" ? (
						<span className="text-soft">(an empty answer)</span>
					) : (
						<UntrustedText text={response} max={120} />
					)}
				</span>
			</Link>
		),
	},
	{
		head: "Model",
		wide: true,
		cell: ({ modelId, model }) => (
			<Hash
				value={modelId}
				name={visibleText(model, { max: 30 })}
				href={`/models/${encodeURIComponent(modelId)}`}
				copy={false}
			/>
		),
	},
	{
		head: "Tokens",
		align: "right",
		wide: true,
		cell: ({ tokensIn, tokensOut }) => `${formatCount(tokensIn)} + ${formatCount(tokensOut)}`,
	},
	{ head: "Fee", align: "right", cell: ({ feeWei }) => <Amount wei={feeWei} /> },
	{
		head: "Epoch",
		wide: true,
		cell: ({ epoch }) =>
			epoch === null ? (
				<Badge>open</Badge>
			) : (
				<Link href={`/network/epochs/${epoch}`} className="text-accent hover:underline">
					{epoch}
				</Link>
			),
	},
	{
		head: "Payer",
		wide: true,
		cell: ({ payer }) => <Hash value={payer} href={`/earnings/${encodeURIComponent(payer)}`} copy={false} />,
	},
	{ head: "Paid", align: "right", wide: true, cell: ({ timestamp }) => <TimeAgo at={timestamp} /> },
];

export default function ReceiptsPage() {
	const [search, setSearch] = useSearchParams();
	const modelId = search.get("model") ?? "";
	const payer = search.get("payer") ?? "";
	const filter = (name: "model" | "payer", value: string) =>
		setSearch(
			(before) => {
				if (value === "") before.delete(name);
				else before.set(name, value);
				return before;
			},
			{ replace: true },
		);
	return (
		<Page
			title="Receipts"
			lead="Every paid answer leaves a signed record: what was asked, what it was answered with, which rows moved the answer, and where the fee went. Each can be checked by running it again, also in this browser."
		>
			<Card>
				<Filters modelId={modelId} payer={payer} onFilter={filter} />
				<List modelId={modelId} payer={/^0x[0-9a-fA-F]{40}$/.test(payer) ? payer : ""} />
			</Card>
		</Page>
	);
}

type FiltersProps = {
	readonly modelId: string;
	readonly payer: string;
	readonly onFilter: (name: "model" | "payer", value: string) => void;
};

function Filters({ modelId, payer, onFilter }: FiltersProps) {
	const models = useModelNames();
	const [typed, setTyped] = useState(payer);
	const isAddress = typed === "" || /^0x[0-9a-fA-F]{40}$/.test(typed.trim());
	return (
		<div className="mb-2 grid gap-x-4 sm:grid-cols-2">
			<SelectField label="Model" value={modelId} onChange={(event) => onFilter("model", event.target.value)}>
				<option value="">All models</option>
				{models.data?.map(({ id, name }) => (
					<option key={id} value={id}>
						{visibleText(name, { max: 60 })}
					</option>
				))}
			</SelectField>
			<TextField
				label="Payer"
				placeholder="0x…"
				value={typed}
				maxLength={42}
				spellCheck={false}
				error={isAddress ? undefined : "an address is 0x and 40 digits"}
				onChange={(event) => {
					const value = event.target.value.trim();
					setTyped(value);
					if (value === "" || /^0x[0-9a-fA-F]{40}$/.test(value)) onFilter("payer", value);
				}}
			/>
		</div>
	);
}

function List({ modelId, payer }: { readonly modelId: string; readonly payer: string }) {
	const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, refetch, isFetching } = useReceipts({
		modelId,
		payer,
	});
	if (data === undefined) {
		if (error === null) return <Skeleton lines={12} />;
		const again = (
			<Button onClick={() => refetch()} busy={isFetching}>
				Try again
			</Button>
		);
		return (
			<Notice tone="bad" title="The receipts could not be read" action={again}>
				{error.message}
			</Notice>
		);
	}
	const rows = data.pages.flatMap((page) => page.receipts);
	if (rows.length === 0) {
		const isFiltered = modelId !== "" || payer !== "";
		return (
			<Empty
				title={isFiltered ? "No receipt is of this model and payer" : "No answer was paid for yet"}
				action={<ButtonLink href="/playground">Ask a model</ButtonLink>}
			>
				{isFiltered
					? "Choose another, or leave the fields empty."
					: "Ask a model something in the playground: its answer comes with the first receipt."}
			</Empty>
		);
	}
	return (
		<>
			{error !== null && (
				<div className="mb-3">
					<Notice tone="warn" title="Not up to date">
						{error.message}
					</Notice>
				</div>
			)}
			<Table caption="Receipts, the newest first" columns={COLUMNS} rows={rows} keyOf={({ id }) => id} />
			<div className="mt-3 flex flex-wrap items-center justify-between gap-2 text-sm text-soft">
				<span aria-live="polite">
					{formatCount(rows.length)} shown{hasNextPage ? "" : ", which are all"}
				</span>
				{hasNextPage && (
					<Button onClick={() => fetchNextPage()} busy={isFetchingNextPage}>
						Older receipts
					</Button>
				)}
			</div>
		</>
	);
}
