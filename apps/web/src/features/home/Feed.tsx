// What happened last, each with the page that proves it.

import { Link } from "wouter";
import { Badge } from "../../shared/ui/Badge.js";
import { Button, ButtonLink } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Notice } from "../../shared/ui/Notice.js";
import { Skeleton } from "../../shared/ui/Skeleton.js";
import { TimeAgo } from "../../shared/ui/TimeAgo.js";
import { sayActivity } from "./sayActivity.js";
import { type Activity, useActivity } from "./useActivity.js";

export function Feed() {
	const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, refetch } = useActivity();
	const pages = data?.pages;
	const names = Object.assign({}, ...(pages?.map((one) => one.names) ?? []));
	const all = pages?.flatMap(({ activity }) => activity) ?? [];
	const isLong = (pages?.length ?? 0) > 1;
	return (
		<Card title="What happened last" aside={isLong ? <Button onClick={() => refetch()}>Look again</Button> : "live"}>
			{error !== null && (
				<Notice tone={pages ? "warn" : "bad"} title={pages ? "Not up to date" : "This could not be read"}>
					{error.message}
				</Notice>
			)}
			{pages === undefined && error === null && <Skeleton lines={15} />}
			{pages !== undefined && all.length === 0 && (
				<Empty
					title="Nothing has happened yet"
					action={
						<ButtonLink kind="primary" href="/datanets">
							Make the first datanet
						</ButtonLink>
					}
				>
					Contributions, models, answers and payouts appear here as they come.
				</Empty>
			)}
			<ol className="flex flex-col">
				{runsOf(all).map((run) => (
					<Run key={keyOf(run.at(-1)!)} of={run} names={names} />
				))}
			</ol>
			{hasNextPage && (
				<div className="mt-3">
					<Button onClick={() => fetchNextPage()} busy={isFetchingNextPage}>
						Show earlier
					</Button>
				</div>
			)}
		</Card>
	);
}

const keyOf = (one: Activity) => (one.kind === "answer" ? one.receiptId : `${one.block}.${one.logIndex}`);

/** What is alike and follows each other is shown as one from so many on. */
const LONG_RUN = 4;
const SHOWN_OF_RUN = 2;

const alike = (one: Activity) => (one.kind === "answer" ? one.kind : one.event);

function runsOf(all: readonly Activity[]): Activity[][] {
	const runs: Activity[][] = [];
	for (const one of all) {
		const run = runs.at(-1);
		if (run !== undefined && alike(run[0]!) === alike(one)) run.push(one);
		else runs.push([one]);
	}
	return runs;
}

type Names = Readonly<Record<string, string>>;

function Run({ of, names }: { readonly of: readonly Activity[]; readonly names: Names }) {
	const shown = of.length < LONG_RUN ? of : of.slice(0, SHOWN_OF_RUN);
	const rest = of.slice(shown.length);
	const { label } = sayActivity(of[0]!, names);
	return (
		<>
			{shown.map((one) => (
				<Line key={keyOf(one)} of={one} names={names} />
			))}
			{rest.length > 0 && (
				<li className="border-b border-line last:border-0">
					<details>
						<summary className="cursor-pointer py-2 text-sm text-soft hover:text-ink sm:pl-[7.25rem]">
							{rest.length} more like this: {label.toLowerCase()}s
						</summary>
						<ol>
							{rest.map((one) => (
								<Line key={keyOf(one)} of={one} names={names} />
							))}
						</ol>
					</details>
				</li>
			)}
		</>
	);
}

function Line({ of, names }: { readonly of: Activity; readonly names: Names }) {
	const { label, tone, text, href } = sayActivity(of, names);
	return (
		<li className="border-b border-line last:border-0">
			<Link
				href={href}
				className="-mx-2 grid grid-cols-[1fr_auto] items-baseline gap-x-3 gap-y-0.5 rounded-lg px-2 py-2 text-sm hover:bg-sunken sm:grid-cols-[7rem_1fr_auto]"
			>
				<span>
					<Badge tone={tone}>{label}</Badge>
				</span>
				<span className="order-last col-span-2 min-w-0 [overflow-wrap:anywhere] sm:order-none sm:col-span-1">
					{text}
				</span>
				<span className="text-xs text-soft">
					<TimeAgo at={of.at} />
				</span>
			</Link>
		</li>
	);
}
