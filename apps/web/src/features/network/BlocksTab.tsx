// The latest blocks, live; older ones by page.

import { useState } from "react";
import { useStatus } from "../../shared/api/useStatus.js";
import { formatCount } from "../../shared/format/open.js";
import { Button } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Hash } from "../../shared/ui/Hash.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { Table } from "../../shared/ui/Table.js";
import { TimeAgo } from "../../shared/ui/TimeAgo.js";
import { type Addresses, decodeCall } from "./decode.js";
import { BLOCKS_PER_PAGE, type FullBlock, useBlocks, useHead } from "./useChain.js";

export function BlocksTab() {
	const head = useHead();
	const { data: status } = useStatus();
	/** Undefined: the newest. */
	const [from, setFrom] = useState<number>();
	const top = from ?? head.data;
	const blocks = useBlocks(top);
	const addresses = status?.addresses ?? {};
	const older = top === undefined ? undefined : top - BLOCKS_PER_PAGE;
	const newer = top === undefined ? undefined : top + BLOCKS_PER_PAGE;
	return (
		<Card title="Blocks" aside={from === undefined ? "live" : "older ones stand still"}>
			<QueryView query={head.error !== null && head.data === undefined ? (head as never) : blocks} lines={20}>
				{(found: readonly FullBlock[]) => (
					<Table
						caption="Blocks"
						rows={found}
						keyOf={({ number }) => String(number)}
						columns={[
							{
								head: "Block",
								cell: ({ number }) => (
									<Hash
										value={String(number)}
										name={formatCount(number)}
										href={`/network/blocks/${number}`}
										copy={false}
									/>
								),
							},
							{ head: "Time", cell: ({ timestamp }) => <TimeAgo at={Number(timestamp)} /> },
							{ head: "What was done", cell: ({ transactions }) => <Done {...{ transactions, addresses }} /> },
							{ head: "Gas", align: "right", wide: true, cell: ({ gasUsed }) => formatCount(gasUsed) },
							{ head: "Hash", wide: true, cell: ({ hash }) => <Hash value={hash} /> },
						]}
					/>
				)}
			</QueryView>
			<div className="mt-3 flex flex-wrap gap-2">
				<Button disabled={from === undefined} onClick={() => setFrom(undefined)}>
					Newest
				</Button>
				<Button
					disabled={from === undefined}
					onClick={() => setFrom(newer !== undefined && newer < (head.data ?? 0) ? newer : undefined)}
				>
					Newer
				</Button>
				<Button disabled={older === undefined || older < 0} onClick={() => setFrom(older)}>
					Older
				</Button>
			</div>
		</Card>
	);
}

function Done({ transactions, addresses }: { readonly addresses: Addresses } & Pick<FullBlock, "transactions">) {
	const [first] = transactions;
	if (first === undefined) return <span className="text-soft">nothing</span>;
	const more = transactions.length - 1;
	return (
		<span>
			{decodeCall(addresses, first.to, first.input).title}
			{more > 0 && <span className="text-soft"> and {formatCount(more)} more</span>}
		</span>
	);
}
