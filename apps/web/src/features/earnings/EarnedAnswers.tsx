// The answers that paid an account, the newest first, each with its receipt.

import type { Address, Hex } from "viem";
import { Link } from "wouter";
import { Amount } from "../../shared/ui/Amount.js";
import { Badge } from "../../shared/ui/Badge.js";
import { Button } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Hash } from "../../shared/ui/Hash.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { ShareBar } from "../../shared/ui/ShareBar.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import { TimeAgo } from "../../shared/ui/TimeAgo.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import { type EarnedAnswer, useEarnedAnswers } from "./useEarnings.js";

export function EarnedAnswers({ account }: { readonly account: Address }) {
	return (
		<Card title="Answers that paid it">
			<AnswerList account={account} />
		</Card>
	);
}

const COLUMNS: readonly Column<EarnedAnswer>[] = [
	{
		head: "Receipt",
		cell: ({ receiptId }) => <Hash value={receiptId} href={`/receipts/${receiptId}`} copy={false} />,
	},
	{ head: "Model", wide: true, cell: ({ model }) => <UntrustedText text={model} max={40} /> },
	{ head: "Answered", cell: ({ answeredAt }) => <TimeAgo at={answeredAt} /> },
	{ head: "Share", cell: ({ sharePpm }) => <ShareBar ppm={sharePpm} /> },
	{ head: "Earned", align: "right", cell: ({ wei }) => <Amount wei={wei} places={8} /> },
	{
		head: "Epoch",
		align: "right",
		cell: ({ epoch }) =>
			epoch === null ? (
				<Badge tone="warn">not settled</Badge>
			) : (
				<Link href={`/network/epochs/${epoch}`} className="text-accent hover:underline">
					{epoch}
				</Link>
			),
	},
];

/** In a dialog there is less room. */
const NARROW = COLUMNS.filter(({ head }) => head !== "Model" && head !== "Epoch");

/** Of all rows, or of one. */
export function AnswerList({ account, row }: { readonly account: Address; readonly row?: Hex | undefined }) {
	const query = useEarnedAnswers(account, row);
	return (
		<QueryView
			query={query}
			lines={5}
			isEmpty={({ pages }) => (pages[0]?.length ?? 0) === 0}
			empty={<Empty title="No answer has paid this account yet" />}
		>
			{({ pages }) => (
				<div className="flex flex-col items-start gap-3">
					<div className="w-full min-w-0">
						<Table
							caption="Answers and what each paid"
							columns={row === undefined ? COLUMNS : NARROW}
							rows={pages.flat()}
							keyOf={({ receiptId }) => receiptId}
						/>
					</div>
					{query.hasNextPage && (
						<Button busy={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
							Older answers
						</Button>
					)}
				</div>
			)}
		</QueryView>
	);
}
