// Trainings of this node, the latest first.

import { Link } from "wouter";
import { formatSpan } from "../../shared/format/time.js";
import { Button } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Empty } from "../../shared/ui/Empty.js";
import { ProgressBar } from "../../shared/ui/ProgressBar.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import { TimeAgo } from "../../shared/ui/TimeAgo.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import { JobBadge } from "./JobBadge.js";
import type { JobSummary } from "./modelTypes.js";
import { runPath, useJobs } from "./useJobs.js";
import { modelPath } from "./useModels.js";

const COLUMNS: readonly Column<JobSummary>[] = [
	{
		head: "Run",
		cell: ({ id, name }) => (
			<Link href={runPath(id)} className="font-medium text-accent hover:underline">
				{name} <span className="font-mono text-xs font-normal text-soft">{id.slice(-6)}</span>
			</Link>
		),
	},
	{
		head: "State",
		cell: ({ status, progress, message, name }) => (
			<div className="flex min-w-32 flex-col gap-1">
				<span>
					<JobBadge status={status} />
				</span>
				{status === "running" && progress !== null && (
					<>
						<ProgressBar label={`Training of ${name}`} done={progress.done} total={progress.total} />
						<span className="text-xs text-soft">{message}</span>
					</>
				)}
			</div>
		),
	},
	{
		head: "Rows of",
		cell: ({ datanet, snapshotVersion }) => (
			<span className="whitespace-nowrap">
				<UntrustedText text={datanet.name} max={40} /> <span className="text-soft">version {snapshotVersion}</span>
			</span>
		),
	},
	{
		head: "Model",
		cell: ({ model }) =>
			model === null ? (
				"–"
			) : (
				<Link href={modelPath(model)} className="text-accent hover:underline">
					{model}
				</Link>
			),
	},
	{ head: "Took", wide: true, align: "right", cell: tookOf },
	{
		head: "Began",
		wide: true,
		cell: ({ beganAt }) => (beganAt === null ? "–" : <TimeAgo at={Math.floor(beganAt / 1000)} />),
	},
];

export function RunsCard() {
	const jobs = useJobs();
	const pages = { ...jobs, data: jobs.data?.pages.flatMap((page) => page.jobs) } as Parameters<
		typeof QueryView<readonly JobSummary[]>
	>[0]["query"];
	return (
		<Card title="Runs" aside="trainings of this node, one at a time">
			<QueryView
				query={pages}
				lines={4}
				isEmpty={(list) => list.length === 0}
				empty={<Empty title="Nothing was trained here yet">A run begins with “New run”.</Empty>}
			>
				{(list) => (
					<div className="flex flex-col gap-3">
						<Table caption="Trainings of this node" columns={COLUMNS} rows={list} keyOf={({ id }) => id} />
						{jobs.hasNextPage && (
							<div>
								<Button onClick={() => jobs.fetchNextPage()} busy={jobs.isFetchingNextPage}>
									Earlier runs
								</Button>
							</div>
						)}
					</div>
				)}
			</QueryView>
		</Card>
	);
}

function tookOf({ status, beganAt, endedAt }: JobSummary): string {
	if (status !== "done" || beganAt === null || endedAt === null) return "–";
	return formatSpan((endedAt - beganAt) / 1000);
}
