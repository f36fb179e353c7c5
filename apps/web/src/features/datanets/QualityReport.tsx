// How good a datanet is: what the checks said of all that was offered, which rows are copies, how its answers are spread.

import { formatCount } from "../../shared/format/open.js";
import { Badge } from "../../shared/ui/Badge.js";
import { Card } from "../../shared/ui/Card.js";
import { Empty } from "../../shared/ui/Empty.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { ShareBar } from "../../shared/ui/ShareBar.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import { CheckTable } from "./CheckTable.js";
import type { LabelBalance, Quality } from "./types.js";
import { useQuality } from "./useDatanets.js";

const PPM = 1_000_000;

export function QualityReport({ id }: { readonly id: string }) {
	const query = useQuality(id);
	return (
		<QueryView
			query={query}
			lines={14}
			isEmpty={({ offered }) => offered === 0}
			empty={<Empty title="Nothing to report yet">The report tells what the checks said of contributed rows.</Empty>}
		>
			{(quality) => (
				<div className="grid items-start gap-5 lg:grid-cols-2">
					<Checks quality={quality} />
					<Balance balance={quality.balance} />
					<Copies copies={quality.copies} />
				</div>
			)}
		</QueryView>
	);
}

function Checks({ quality: { offered, accepted, checks, codes } }: { readonly quality: Quality }) {
	return (
		<Card title="Verdicts by check" aside={`${formatCount(accepted)} of ${formatCount(offered)} rows taken`}>
			<CheckTable checks={checks} />
			{codes.length > 0 && (
				<>
					<h3 className="mt-4 mb-1 text-sm font-semibold">Why lines were refused</h3>
					<ul className="flex flex-wrap gap-2">
						{codes.map(({ code, rows }) => (
							<li key={code}>
								<Badge tone="bad">
									{code} × {formatCount(rows)}
								</Badge>
							</li>
						))}
					</ul>
				</>
			)}
		</Card>
	);
}

function Balance({ balance: { labels, rows, top, isSkewed } }: { readonly balance: LabelBalance }) {
	return (
		<Card
			title="Balance of short answers"
			aside={`${formatCount(rows)} rows, ${formatCount(labels)} different answers`}
		>
			{rows === 0 ? (
				<p className="text-sm text-soft">No answer is of 40 characters or fewer, so there are no labels to balance.</p>
			) : (
				<div className="flex flex-col gap-3">
					{isSkewed && (
						<p className="text-sm text-warn">Almost all short answers are one: a model will learn to say that.</p>
					)}
					<ul className="flex flex-col gap-2 text-sm">
						{top.map(({ label, rows: n }, place) => (
							<li key={label} className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-center gap-3">
								<span className="truncate">
									<UntrustedText text={label} max={40} /> <span className="text-soft">× {formatCount(n)}</span>
								</span>
								<ShareBar ppm={Math.floor((n * PPM) / rows)} colour={place} />
							</li>
						))}
					</ul>
				</div>
			)}
		</Card>
	);
}

type Refused = Quality["copies"]["refused"][number];
type Cluster = Quality["copies"]["clusters"][number];

const REFUSED: readonly Column<Refused>[] = [
	{ head: "Contributor", cell: ({ contributor }) => <UntrustedText text={contributor} max={42} /> },
	{ head: "Line", align: "right", cell: ({ line }) => formatCount(line) },
	{ head: "What", cell: ({ code }) => code },
	{ head: "Why", wide: true, cell: ({ reason }) => <UntrustedText text={reason} max={200} /> },
];
const CLUSTERS: readonly Column<Cluster>[] = [
	{ head: "Rows", align: "right", cell: ({ rows }) => formatCount(rows) },
	{
		head: "They say",
		cell: ({ example }) =>
			example === undefined ? "—" : <UntrustedText text={`${example.prompt} ${example.response}`} max={160} />,
	},
];

function Copies({ copies: { exact, near, refused, clusters } }: { readonly copies: Quality["copies"] }) {
	return (
		<Card
			title="Duplicates"
			aside={`${formatCount(exact)} exact and ${formatCount(near)} near copies refused`}
			className="lg:col-span-2"
		>
			<div className="grid items-start gap-6 lg:grid-cols-2">
				<div className="min-w-0">
					<h3 className="mb-1 text-sm font-semibold">Latest copies refused</h3>
					{refused.length === 0 ? (
						<p className="text-sm text-soft">None so far.</p>
					) : (
						<Table
							caption="Copies that were refused"
							columns={REFUSED}
							rows={refused}
							keyOf={({ line }, index) => `${line} ${index}`}
						/>
					)}
				</div>
				<div className="min-w-0">
					<h3 className="mb-1 text-sm font-semibold">Rows that say the same, paid once among them</h3>
					{clusters.length === 0 ? (
						<p className="text-sm text-soft">None: every row says something of its own.</p>
					) : (
						<Table caption="Clusters of rows" columns={CLUSTERS} rows={clusters} keyOf={({ cluster }) => cluster} />
					)}
				</div>
			</div>
		</Card>
	);
}
