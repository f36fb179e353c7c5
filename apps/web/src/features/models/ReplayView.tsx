// A replay while it goes on and at its end: each commitment as a square, green where the same came, and in the end one word.

import type { ReactNode } from "react";
import { formatCount } from "../../shared/format/open.js";
import { formatSpan } from "../../shared/format/time.js";
import { Badge } from "../../shared/ui/Badge.js";
import { Hash } from "../../shared/ui/Hash.js";
import { Notice } from "../../shared/ui/Notice.js";
import { ProgressBar } from "../../shared/ui/ProgressBar.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import { JobBadge } from "./JobBadge.js";
import type { Replay, ReplayedLink, ReplayedThing } from "./modelTypes.js";

type ReplayViewProps = { readonly replay: Replay; readonly action?: ReactNode };

const MOST_SQUARES = 200;

export function ReplayView({ replay, action }: ReplayViewProps) {
	const { status, progress, result, fromStep, toStep, error } = replay;
	const told = result ?? progress;
	return (
		<div className="flex flex-col gap-3 rounded-lg border border-line bg-ground p-4">
			<div className="flex flex-wrap items-center justify-between gap-2">
				<h3 className="flex flex-wrap items-center gap-2 font-semibold">
					From {fromStep === 0 ? "the start" : `step ${fromStep}`} to step {toStep} <JobBadge status={status} />
				</h3>
				{action}
			</div>
			{status === "failed" && (
				<Notice tone="bad" title="It could not be taken again">
					<UntrustedText text={error ?? ""} />
				</Notice>
			)}
			{progress !== null && status === "running" && (
				<>
					<ProgressBar label="Replay" done={progress.done} total={progress.total} />
					<p className="text-sm text-soft">
						{progress.stage === "train"
							? `step ${fromStep + progress.done} of ${toStep}, ${formatCount(progress.sameLosses)} losses the same to the bit`
							: `influence features, ${formatCount(progress.done)} of ${formatCount(progress.total)}`}
						{progress.secondsLeft !== null && `, ${formatSpan(progress.secondsLeft)} left`}
					</p>
				</>
			)}
			{result !== null && <Verdict replay={replay} />}
			{told?.links !== undefined && told.links.length > 0 && <Links links={told.links} compared={told.linksCompared} />}
			{result?.things !== undefined && <Things things={result.things} />}
		</div>
	);
}

function Verdict({ replay: { result } }: { readonly replay: Replay }) {
	if (result === null) return null;
	const { identical, steps, sameLosses, linksCompared, firstDifference, seconds } = result;
	if (identical) {
		return (
			<Notice tone="good" title="identical">
				{formatCount(steps)} steps and {formatCount(linksCompared)} commitments came out with the same bits (
				{formatCount(sameLosses)} losses too), in {formatSpan(seconds)}.
			</Notice>
		);
	}
	return (
		<Notice tone="bad" title="A difference">
			{firstDifference !== null && (
				<>
					First at the {firstDifference.what}: the run says <UntrustedText text={firstDifference.committed} max={80} />,
					it comes to <UntrustedText text={firstDifference.found} max={80} />.
				</>
			)}
		</Notice>
	);
}

type LinksProps = { readonly links: readonly ReplayedLink[]; readonly compared: number };

function Links({ links, compared }: LinksProps) {
	const shown = links.slice(-MOST_SQUARES);
	const same = links.filter((link) => link.same).length;
	const rest = compared - links.length;
	return (
		<div className="flex flex-col gap-2">
			<p className="text-sm">
				{formatCount(same + rest)} of {formatCount(compared)} commitments the same
			</p>
			<div className="flex flex-wrap gap-1" aria-hidden="true">
				{shown.map(({ step, same: isSame }) => (
					<span
						key={step}
						title={`step ${step}: ${isSame ? "same" : "different"}`}
						className={`grid size-6 place-items-center rounded text-[0.65rem] ${isSame ? "bg-good-wash text-good" : "bg-bad-wash text-bad"}`}
					>
						{isSame ? "✓" : "✗"}
					</span>
				))}
			</div>
			<details className="text-sm">
				<summary className="cursor-pointer text-soft">Step by step</summary>
				<Table caption="Commitments compared" columns={LINKS} rows={shown} keyOf={({ step }) => step} />
			</details>
		</div>
	);
}

const verdictOf = ({ same }: { readonly same: boolean }) =>
	same ? <Badge tone="good">same</Badge> : <Badge tone="bad">different</Badge>;

const LINKS: readonly Column<ReplayedLink>[] = [
	{ head: "Step", align: "right", cell: ({ step }) => formatCount(step) },
	{ head: "Check", cell: verdictOf },
	{ head: "Committed", cell: ({ committed }) => <Hash value={committed} copy={false} /> },
	{ head: "Came out", cell: ({ found }) => <Hash value={found} copy={false} /> },
	{ head: "Took", wide: true, align: "right", cell: ({ seconds }) => `${seconds.toFixed(2)} s` },
];

const THINGS: readonly Column<ReplayedThing>[] = [
	{ head: "Also compared", cell: ({ what }) => <UntrustedText text={what} max={100} /> },
	{ head: "Check", cell: verdictOf },
	{ head: "Committed", cell: ({ committed }) => <Hash value={committed} copy={false} /> },
	{ head: "Came out", cell: ({ found }) => <Hash value={found} copy={false} /> },
];

function Things({ things }: { readonly things: readonly ReplayedThing[] }) {
	return <Table caption="What else was compared" columns={THINGS} rows={things} keyOf={({ what }) => what} />;
}
