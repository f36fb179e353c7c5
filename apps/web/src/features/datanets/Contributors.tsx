// Who contributed to a datanet: what was offered, what was taken, what was erased since.

import { useState } from "react";
import { formatCount } from "../../shared/format/open.js";
import { Card } from "../../shared/ui/Card.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Pager } from "../../shared/ui/Pager.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import { TimeAgo } from "../../shared/ui/TimeAgo.js";
import { ContributorName } from "./ContributorName.js";
import type { Contributor } from "./types.js";
import { CONTRIBUTORS_AT_ONCE, useContributors } from "./useDatanets.js";

const COLUMNS: readonly Column<Contributor>[] = [
	{ head: "Contributor", cell: (one) => <ContributorName name={one.contributor} account={one.account} /> },
	{ head: "Rows taken", align: "right", cell: ({ accepted }) => formatCount(accepted) },
	{ head: "Rows offered", align: "right", cell: ({ offered }) => formatCount(offered) },
	{ head: "Erased since", align: "right", wide: true, cell: ({ erased }) => formatCount(erased) },
	{ head: "Contributions", align: "right", wide: true, cell: ({ contributions }) => formatCount(contributions) },
	{ head: "Last", align: "right", cell: ({ lastAt }) => (lastAt === null ? "—" : <TimeAgo at={lastAt} />) },
];

export function Contributors({ id }: { readonly id: string }) {
	const [from, setFrom] = useState(0);
	const query = useContributors(id, from);
	return (
		<Card title="Contributors">
			<QueryView
				query={query}
				lines={8}
				isEmpty={({ contributors }) => contributors.length === 0 && from === 0}
				empty={<Empty title="Nobody has contributed yet">The first rows make the first contributor.</Empty>}
			>
				{({ contributors, hasMore }) => (
					<>
						<Table caption="Contributors" columns={COLUMNS} rows={contributors} keyOf={({ account }) => account} />
						<Pager of="contributors" from={from} size={CONTRIBUTORS_AT_ONCE} hasMore={hasMore} onMove={setFrom} />
					</>
				)}
			</QueryView>
		</Card>
	);
}
