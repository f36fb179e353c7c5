// The list of datanets: found by name or licence, in the order one likes.

import { useState } from "react";
import { Link } from "wouter";
import { formatCount } from "../../shared/format/open.js";
import { Empty } from "../../shared/ui/Empty.js";
import { SelectField, TextField } from "../../shared/ui/Field.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import { TimeAgo } from "../../shared/ui/TimeAgo.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import type { Datanet } from "./types.js";
import { RULE_NAMES } from "./words.js";

const ORDERS = {
	activity: (a: Datanet, b: Datanet) => (b.lastActivity ?? 0) - (a.lastActivity ?? 0),
	rows: (a: Datanet, b: Datanet) => b.rows - a.rows,
	contributors: (a: Datanet, b: Datanet) => b.contributors - a.contributors,
	name: (a: Datanet, b: Datanet) => (a.name < b.name ? -1 : 1),
} as const;
type Order = keyof typeof ORDERS;

const COLUMNS: readonly Column<Datanet>[] = [
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
	{ head: "Versions", align: "right", wide: true, cell: ({ snapshots }) => formatCount(snapshots.length) },
	{ head: "Who decides", wide: true, cell: ({ rule }) => RULE_NAMES[rule] },
	{ head: "Licence", wide: true, cell: ({ licence }) => <UntrustedText text={licence} max={40} /> },
	{
		head: "Last activity",
		align: "right",
		cell: ({ lastActivity }) => (lastActivity === null ? "—" : <TimeAgo at={lastActivity} />),
	},
];

export function DatanetTable({ datanets }: { readonly datanets: readonly Datanet[] }) {
	const [search, setSearch] = useState("");
	const [order, setOrder] = useState<Order>("activity");
	const wanted = search.trim().toLowerCase();
	const shown = datanets
		.filter(({ name, licence, id }) => [name, licence, id].some((text) => text.toLowerCase().includes(wanted)))
		.sort((a, b) => ORDERS[order](a, b) || ORDERS.name(a, b));
	return (
		<div className="flex flex-col gap-2">
			<div className="grid gap-3 sm:grid-cols-[1fr_14rem]">
				<TextField
					label="Find a datanet"
					type="search"
					maxLength={80}
					placeholder="Name, licence or id"
					value={search}
					onChange={(event) => setSearch(event.target.value)}
				/>
				<SelectField label="Sort by" value={order} onChange={(event) => setOrder(event.target.value as Order)}>
					<option value="activity">Last activity</option>
					<option value="rows">Most rows</option>
					<option value="contributors">Most contributors</option>
					<option value="name">Name</option>
				</SelectField>
			</div>
			{shown.length === 0 ? (
				<Empty title="No datanet has that in its name, licence or id">Try fewer letters.</Empty>
			) : (
				<Table caption="Datanets" columns={COLUMNS} rows={shown} keyOf={({ id }) => id} />
			)}
		</div>
	);
}
