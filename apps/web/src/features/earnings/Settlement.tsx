// What waits to be settled, the epochs on their way, and the two things this node's operator can do: settle, and claim for everybody.

import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "wouter";
import { hasToken } from "../../shared/api/token.js";
import { formatCount, formatOpen } from "../../shared/format/open.js";
import { Button } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Notice } from "../../shared/ui/Notice.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import { EpochBadge } from "./EpochBadge.js";
import { type Rewards, useNodeClaim, useSettle } from "./useEarnings.js";

type OpenEpoch = Rewards["openEpochs"][number];

export function Settlement({ query }: { readonly query: UseQueryResult<Rewards> }) {
	const settle = useSettle();
	const claim = useNodeClaim();
	const canAct = hasToken();
	const isBusy = settle.isPending || claim.isPending;
	const claimable = BigInt(query.data?.sums.claimableWei ?? "0");
	return (
		<Card title="Settlement">
			<QueryView query={query} lines={2}>
				{({ unsettledAnswers, openEpochs }) => (
					<div className="flex flex-col gap-3">
						<div className="flex flex-wrap items-center justify-between gap-3">
							<p>
								{unsettledAnswers === 0
									? "Every answer is in an epoch."
									: `${formatCount(unsettledAnswers)} ${unsettledAnswers === 1 ? "answer waits" : "answers wait"} for the next epoch.`}
							</p>
							<div className="flex flex-wrap gap-2">
								<Button
									kind="primary"
									disabled={!canAct || isBusy || (unsettledAnswers === 0 && openEpochs.length === 0)}
									busy={settle.isPending}
									onClick={() => settle.mutate()}
								>
									Settle now
								</Button>
								<Button
									disabled={!canAct || isBusy || claimable === 0n}
									busy={claim.isPending}
									onClick={() => claim.mutate(undefined)}
								>
									Claim for everybody
								</Button>
							</div>
						</div>
						{!canAct && (
							<p className="text-sm text-soft">
								Only the node's operator settles: open the link that the node printed when it started. Claiming needs no
								operator: open an account and claim with your wallet.
							</p>
						)}
						{openEpochs.length > 0 && <OpenEpochs of={openEpochs} />}
					</div>
				)}
			</QueryView>
			<div aria-live="polite" className="mt-3 flex flex-col gap-2 empty:hidden">
				{settle.isPending && (
					<Notice>
						Claiming channels, collecting fees, keeping the data, proposing the root. This can take 15 seconds.
					</Notice>
				)}
				{settle.error !== null && (
					<Notice tone="bad" title="Not settled">
						{settle.error.message}
					</Notice>
				)}
				{settle.data !== undefined && !settle.isPending && <Settled closed={settle.data.closed} />}
				{claim.error !== null && (
					<Notice tone="bad" title="Not claimed">
						{claim.error.message}
					</Notice>
				)}
				{claim.data !== undefined && !claim.isPending && (
					<Notice tone="good">
						{formatOpen(claim.data.claimed.reduce((sum, { paidWei }) => sum + BigInt(paidWei), 0n))} OPEN went to{" "}
						{claim.data.claimed.filter(({ paidWei }) => paidWei !== "0").length} accounts. The node sent the claims; the
						money went to the accounts that earned it.
					</Notice>
				)}
			</div>
		</Card>
	);
}

function Settled({ closed }: { readonly closed: { epoch: number; status: string; receipts: number } | null }) {
	if (closed === null) return <Notice>Nothing waited to be settled.</Notice>;
	return (
		<Notice tone="good">
			<Link href={`/network/epochs/${closed.epoch}`} className="underline">
				Epoch {closed.epoch}
			</Link>{" "}
			took in {formatCount(closed.receipts)} answers and{" "}
			{closed.status === "active" ? "pays now." : "can be challenged; it pays once that time is over."}
		</Notice>
	);
}

function OpenEpochs({ of }: { readonly of: readonly OpenEpoch[] }) {
	const columns: readonly Column<OpenEpoch>[] = [
		{
			head: "Epoch",
			cell: ({ epoch }) => (
				<Link href={`/network/epochs/${epoch}`} className="text-accent hover:underline">
					{epoch}
				</Link>
			),
		},
		{ head: "Answers", align: "right", cell: ({ receipts }) => formatCount(receipts) },
		{ head: "State", cell: (epoch) => <EpochBadge {...epoch} /> },
	];
	return <Table caption="Epochs that do not pay yet" columns={columns} rows={of} keyOf={({ epoch }) => epoch} />;
}
