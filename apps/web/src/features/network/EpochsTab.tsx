// Epochs: what was settled together, with the root on chain and the data behind it.

import { useState } from "react";
import { formatCount } from "../../shared/format/open.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Button, ButtonLink } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Hash } from "../../shared/ui/Hash.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { Table } from "../../shared/ui/Table.js";
import { TimeAgo } from "../../shared/ui/TimeAgo.js";
import { DataState } from "./DataState.js";
import { Countdown, EpochState } from "./EpochState.js";
import { type ListedEpoch, useEpochs } from "./useNetwork.js";

export function EpochsTab() {
	/** Where each page begins that was left behind; the last is where one is. */
	const [way, setWay] = useState<readonly (number | undefined)[]>([undefined]);
	const epochs = useEpochs(way.at(-1));
	const next = epochs.data?.next ?? undefined;
	return (
		<Card title="Epochs" aside="answers that are settled together">
			<QueryView
				query={epochs}
				lines={6}
				isEmpty={(found) => found.epochs.length === 0}
				empty={
					<Empty title="Nothing was settled yet" action={<ButtonLink href="/playground">Ask a model</ButtonLink>}>
						Answers are settled together: their receipts, what every row earned, one root on chain.
					</Empty>
				}
			>
				{(found) => (
					<Table
						caption="Epochs"
						rows={found.epochs}
						keyOf={({ epoch }) => epoch}
						columns={[
							{
								head: "Epoch",
								cell: ({ epoch }) => (
									<Hash value={String(epoch)} name={`Epoch ${epoch}`} href={`/network/epochs/${epoch}`} copy={false} />
								),
							},
							{
								head: "State",
								cell: (one) => (
									<span className="inline-flex flex-col gap-1">
										<EpochState status={one.status} />
										{one.status === "proposed" && one.challengeEnds !== null && <Countdown until={one.challengeEnds} />}
									</span>
								),
							},
							{ head: "Receipts", align: "right", cell: ({ receipts }) => formatCount(receipts) },
							{ head: "Fees", align: "right", cell: ({ feesWei }) => <Amount wei={feesWei} /> },
							{ head: "Closed", wide: true, cell: ({ closedAt }) => <TimeAgo at={closedAt} /> },
							{ head: "Root of earnings", wide: true, cell: (one) => <Root value={one.earningsRoot} /> },
							{ head: "Data", wide: true, cell: (one) => <Data of={one} /> },
						]}
					/>
				)}
			</QueryView>
			{(way.length > 1 || next !== undefined) && (
				<div className="mt-3 flex gap-2">
					<Button disabled={way.length === 1} onClick={() => setWay(way.slice(0, -1))}>
						Newer
					</Button>
					<Button disabled={next === undefined} onClick={() => setWay([...way, next])}>
						Older
					</Button>
				</div>
			)}
		</Card>
	);
}

function Root({ value }: { readonly value: string | null }) {
	return value === null ? <span className="text-soft">not yet</span> : <Hash value={value} />;
}

function Data({ of: { epoch, status } }: { readonly of: ListedEpoch }) {
	return <DataState epoch={epoch} isProposed={status === "proposed" || status === "active"} />;
}
