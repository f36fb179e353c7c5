// All models of this node, and the trainings that made or will make them.

import { useState } from "react";
import { Link } from "wouter";
import { formatCount } from "../../shared/format/open.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Badge } from "../../shared/ui/Badge.js";
import { ButtonLink } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Page } from "../../shared/ui/Page.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import { TimeAgo } from "../../shared/ui/TimeAgo.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import { ErasedBadge } from "./ErasedBadge.js";
import type { ModelSummary } from "./modelTypes.js";
import { RunsCard } from "./RunsCard.js";
import { modelPath, useModels } from "./useModels.js";

const MOST_COMPARED = 4;

export default function ModelsPage() {
	const models = useModels();
	const [chosen, setChosen] = useState<readonly string[]>([]);
	const choose = (name: string, isChosen: boolean) =>
		setChosen((before) => (isChosen ? [...before, name] : before.filter((one) => one !== name)));
	const compare = `/models/compare?models=${chosen.map(encodeURIComponent).join(",")}`;
	return (
		<Page
			title="Models"
			lead="Adapters that learnt from datanets. Each can be asked, checked against the chain, and trained again to the same bits."
			actions={
				<ButtonLink href="/models/new" kind="primary">
					New run
				</ButtonLink>
			}
		>
			<Card
				title="Models"
				aside={
					chosen.length >= 2 ? (
						<Link href={compare} className="font-medium text-accent hover:underline">
							Compare {chosen.length} models
						</Link>
					) : (
						"tick two to four to compare them"
					)
				}
			>
				<QueryView
					query={models}
					lines={6}
					isEmpty={(list) => list.length === 0}
					empty={
						<Empty
							title="No model yet"
							action={
								<ButtonLink href="/models/new" kind="primary">
									Train the first one
								</ButtonLink>
							}
						>
							A model is an adapter that learnt from a datanet's rows. It needs a datanet with accepted rows.
						</Empty>
					}
				>
					{(list) => (
						<Table caption="Models of this node" columns={columns(chosen, choose)} rows={list} keyOf={({ id }) => id} />
					)}
				</QueryView>
			</Card>
			<RunsCard />
		</Page>
	);
}

function columns(
	chosen: readonly string[],
	choose: (name: string, isChosen: boolean) => void,
): readonly Column<ModelSummary>[] {
	return [
		{
			head: "Compare",
			cell: ({ model }) => (
				<input
					type="checkbox"
					aria-label={`Compare ${model}`}
					checked={chosen.includes(model)}
					disabled={!chosen.includes(model) && chosen.length >= MOST_COMPARED}
					onChange={(event) => choose(model, event.target.checked)}
					className="size-5 accent-(--accent)"
				/>
			),
		},
		{
			head: "Model",
			cell: ({ model, version }) => (
				<Link href={modelPath(model)} className="font-medium text-accent hover:underline">
					{model} <span className="sr-only">version {version}</span>
				</Link>
			),
		},
		{
			head: "State",
			cell: ({ served, erasedRows }) => (
				<span className="flex flex-wrap gap-1">
					{served ? <Badge tone="good">answers</Badge> : <Badge tone="warn">not served</Badge>}
					<ErasedBadge rows={erasedRows} />
				</span>
			),
		},
		{
			head: "Learnt from",
			cell: ({ datanet, snapshots: [snapshot] }) => (
				<span className="whitespace-nowrap">
					<Link href={`/datanets/${encodeURIComponent(datanet.id)}`} className="text-accent hover:underline">
						<UntrustedText text={datanet.name} max={40} />
					</Link>{" "}
					<span className="text-soft">version {snapshot?.version}</span>
				</span>
			),
		},
		{ head: "Base", wide: true, cell: ({ base }) => <UntrustedText text={base} max={40} /> },
		{ head: "Answers", align: "right", cell: ({ answers }) => formatCount(answers) },
		{ head: "Fees", align: "right", cell: ({ feesWei }) => <Amount wei={feesWei} /> },
		{
			head: "Published",
			wide: true,
			cell: ({ publishedAt }) => (publishedAt === null ? "not yet" : <TimeAgo at={publishedAt} />),
		},
	];
}
