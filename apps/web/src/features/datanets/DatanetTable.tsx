// The list of datanets: found by name or licence, in the order one likes.

import { type ReactNode, useDeferredValue, useState } from "react";
import { Link } from "wouter";
import { formatCount } from "../../shared/format/open.js";
import { Empty } from "../../shared/ui/Empty.js";
import { SelectField, TextField } from "../../shared/ui/Field.js";
import { Pager } from "../../shared/ui/Pager.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import { TimeAgo } from "../../shared/ui/TimeAgo.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import type { DatanetOrder, ListedDatanet } from "./types.js";
import { DATANETS_AT_ONCE, useDatanets } from "./useDatanets.js";
import { RULE_NAMES } from "./words.js";

const COLUMNS: readonly Column<ListedDatanet>[] = [
	{
		head: "Name",
		cell: ({ name }) => (
			<Link href={`/datanets/${encodeURIComponent(name)}`} className="font-medium text-accent hover:underline">
				<UntrustedText text={name} max={60} />
			</Link>
		),
	},
	{ head: "Rows", align: "right", cell: ({ rows }) => formatCount(rows) },
	{ head: "Contributors", align: "right", cell: ({ contributors }) => formatCount(contributors) },
	{ head: "Versions", align: "right", wide: true, cell: ({ versions }) => formatCount(versions) },
	{ head: "Who decides", wide: true, cell: ({ rule }) => RULE_NAMES[rule] },
	{ head: "Licence", wide: true, cell: ({ licence }) => <UntrustedText text={licence} max={40} /> },
	{
		head: "Last activity",
		align: "right",
		cell: ({ lastActivity }) => (lastActivity === null ? "—" : <TimeAgo at={lastActivity} />),
	},
];

/** `empty`: what stands there before there is any datanet. */
export function DatanetTable({ empty }: { readonly empty: ReactNode }) {
	const [search, setSearch] = useState("");
	const [order, setOrder] = useState<DatanetOrder>("activity");
	const [from, setFrom] = useState(0);
	const wanted = useDeferredValue(search.trim());
	const query = useDatanets({ search: wanted, order, from });
	// What a search found before it was emptied says nothing of all.
	const isNone = query.data?.count === 0 && !query.isPlaceholderData && wanted === "" && search === "";
	return (
		<div className="flex flex-col gap-2">
			{!isNone && (
				<div className="grid gap-3 sm:grid-cols-[1fr_14rem]">
					<TextField
						label="Find a datanet"
						type="search"
						maxLength={80}
						placeholder="Name, licence or id"
						value={search}
						onChange={(event) => {
							setSearch(event.target.value);
							setFrom(0);
						}}
					/>
					<SelectField
						label="Sort by"
						value={order}
						onChange={(event) => {
							setOrder(event.target.value as DatanetOrder);
							setFrom(0);
						}}
					>
						<option value="activity">Last activity</option>
						<option value="rows">Most rows</option>
						<option value="contributors">Most contributors</option>
						<option value="name">Name</option>
					</SelectField>
				</div>
			)}
			<QueryView
				query={query}
				lines={8}
				isEmpty={({ datanets }) => datanets.length === 0 && from === 0}
				empty={
					isNone ? empty : <Empty title="No datanet has that in its name, licence or id">Try fewer letters.</Empty>
				}
			>
				{({ datanets, hasMore }) => (
					<>
						<Table caption="Datanets" columns={COLUMNS} rows={datanets} keyOf={({ id }) => id} />
						<Pager of="datanets" from={from} size={DATANETS_AT_ONCE} hasMore={hasMore} onMove={setFrom} />
					</>
				)}
			</QueryView>
		</div>
	);
}
