// The governed constants: what each is for, its value, and its bounds.

import { formatParameter, meaningOf } from "../../shared/format/parameter.js";
import { ButtonLink } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import { type Constant, useConstants } from "./useGovernance.js";

const COLUMNS: readonly Column<Constant>[] = [
	{
		head: "Constant",
		cell: ({ key }) => (
			<div className="min-w-28">
				{meaningOf(key) || key}
				<div className="font-mono text-xs text-soft">{key}</div>
			</div>
		),
	},
	{ head: "Now", align: "right", cell: ({ key, value }) => <strong>{formatParameter(key, value)}</strong> },
	{ head: "Least", align: "right", wide: true, cell: ({ key, min }) => formatParameter(key, min) },
	{ head: "Most", align: "right", wide: true, cell: ({ key, max }) => formatParameter(key, max) },
	{
		head: "Change",
		align: "right",
		cell: ({ key }) => (
			<ButtonLink href={`/governance?tab=propose&constant=${encodeURIComponent(key)}`}>Propose</ButtonLink>
		),
	},
];

export function Constants() {
	const query = useConstants();
	return (
		<Card title="Constants" aside="the bounds are fixed in the contracts">
			<QueryView query={query} lines={12}>
				{(constants) => (
					<Table caption="Governed constants" columns={COLUMNS} rows={constants} keyOf={({ key }) => key} />
				)}
			</QueryView>
		</Card>
	);
}
