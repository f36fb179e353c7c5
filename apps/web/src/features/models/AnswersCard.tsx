// The receipts of a model's answers, newest first.

import { Link } from "wouter";
import { Amount } from "../../shared/ui/Amount.js";
import { Button, ButtonLink } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Hash } from "../../shared/ui/Hash.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import type { ModelReceipt } from "./modelTypes.js";
import { useModelReceipts } from "./useModels.js";

const COLUMNS: readonly Column<ModelReceipt>[] = [
	{
		head: "Asked",
		cell: ({ id, prompt }) => (
			<Link href={`/receipts/${encodeURIComponent(id)}`} className="text-accent hover:underline">
				<UntrustedText text={prompt === "" ? "(nothing)" : prompt} max={120} />
			</Link>
		),
	},
	{ head: "Answered", cell: ({ response }) => <UntrustedText text={response} max={120} /> },
	{ head: "Fee", align: "right", cell: ({ feeWei }) => <Amount wei={feeWei} /> },
	{
		head: "Payer",
		wide: true,
		cell: ({ payer }) => <Hash value={payer} copy={false} />,
	},
	{ head: "Epoch", wide: true, align: "right", cell: ({ epoch }) => epoch ?? "open" },
];

export function AnswersCard({ model }: { readonly model: string }) {
	const receipts = useModelReceipts(model);
	const flat = { ...receipts, data: receipts.data?.pages.flatMap((page) => page.receipts) } as Parameters<
		typeof QueryView<readonly ModelReceipt[]>
	>[0]["query"];
	return (
		<Card title="Answers" aside="each with a receipt that can be verified">
			<QueryView
				query={flat}
				lines={8}
				isEmpty={(list) => list.length === 0}
				empty={
					<Empty
						title="Nobody asked it yet"
						action={
							<ButtonLink href={`/playground?model=${encodeURIComponent(model)}`} kind="primary">
								Ask the first question
							</ButtonLink>
						}
					/>
				}
			>
				{(list) => (
					<div className="flex flex-col gap-3">
						<Table caption={`Answers of ${model}`} columns={COLUMNS} rows={list} keyOf={({ id }) => id} />
						{receipts.hasNextPage && (
							<div>
								<Button onClick={() => receipts.fetchNextPage()} busy={receipts.isFetchingNextPage}>
									Earlier answers
								</Button>
							</div>
						)}
					</div>
				)}
			</QueryView>
		</Card>
	);
}
