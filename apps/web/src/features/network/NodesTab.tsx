// Who stands behind the network with stake, and what of it is promised.

import { useState } from "react";
import { Amount } from "../../shared/ui/Amount.js";
import { Badge } from "../../shared/ui/Badge.js";
import { ButtonLink } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Pager } from "../../shared/ui/Pager.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { Table } from "../../shared/ui/Table.js";
import { Account } from "./Account.js";
import { NODES_AT_ONCE, useNodes } from "./useNetwork.js";

export function NodesTab() {
	const [from, setFrom] = useState(0);
	const nodes = useNodes(from);
	return (
		<Card title="Nodes and their stakes" aside="locked stake can be lost for what went wrong">
			<QueryView
				query={nodes}
				lines={5}
				isEmpty={(found) => found.nodes.length === 0 && from === 0}
				empty={
					<Empty title="Nobody has staked yet" action={<ButtonLink href="/stake">Stake OPEN</ButtonLink>}>
						Who proposes roots, serves, trains or judges stands behind it with stake.
					</Empty>
				}
			>
				{({ nodes: found, total, hasMore }) => (
					<>
						<Table
							caption="Operators with their stakes"
							rows={found}
							keyOf={({ operator }) => operator}
							columns={[
								{ head: "Operator", cell: ({ operator }) => <Account address={operator} /> },
								{ head: "Does", cell: ({ roles }) => (roles.length === 0 ? "nothing now" : roles.join(", ")) },
								{ head: "Stake", align: "right", cell: ({ activeWei }) => <Amount wei={activeWei} /> },
								{ head: "Free", align: "right", cell: ({ freeWei }) => <Amount wei={freeWei} /> },
								{ head: "Locked", align: "right", cell: ({ lockedWei }) => <Amount wei={lockedWei} /> },
								{
									head: "Behind roots",
									align: "right",
									wide: true,
									cell: ({ rootBondWei }) => <Amount wei={rootBondWei} />,
								},
								{
									head: "Leaving",
									align: "right",
									wide: true,
									cell: ({ unbondingWei }) => <Amount wei={unbondingWei} />,
								},
								{
									head: "Covered",
									wide: true,
									cell: ({ isCovered }) =>
										isCovered ? <Badge tone="good">yes</Badge> : <Badge tone="bad">less than locked</Badge>,
								},
							]}
						/>
						{total > found.length && (
							<p className="mt-2 text-sm text-soft">
								{found.length} of {total} are shown, those with the most stake first.
							</p>
						)}
						<Pager of="nodes" from={from} size={NODES_AT_ONCE} hasMore={hasMore} onMove={setFrom} />
					</>
				)}
			</QueryView>
		</Card>
	);
}
