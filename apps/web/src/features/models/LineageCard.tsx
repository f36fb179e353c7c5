// Rows → snapshot → run → adapter → answers, each with its digest and its page: read from left to right, or down on a phone.

import type { ReactNode } from "react";
import { Link } from "wouter";
import { formatCount } from "../../shared/format/open.js";
import { formatSpan } from "../../shared/format/time.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Card } from "../../shared/ui/Card.js";
import { Hash } from "../../shared/ui/Hash.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { MARKS } from "../../shared/ui/ShareBar.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import type { Lineage } from "./modelTypes.js";
import { sayBytes } from "./saySpeed.js";
import { useLineage } from "./useModels.js";

export function LineageCard({ model }: { readonly model: string }) {
	const lineage = useLineage(model);
	return (
		<Card title="From rows to answers" aside="each with its digest, the chain has the same ones">
			<QueryView query={lineage} lines={14}>
				{(data) => (
					<ol className="flex min-w-0 flex-col gap-2 lg:flex-row lg:items-stretch lg:gap-0">
						<Stage title="Rows" number={formatCount(data.rows.total)}>
							<Contributors rows={data.rows} />
						</Stage>
						<Stage title="Snapshot" number={`version ${data.snapshot.version}`}>
							<Told name="of">
								<Link
									href={`/datanets/${encodeURIComponent(data.snapshot.datanet.id)}`}
									className="text-accent hover:underline"
								>
									<UntrustedText text={data.snapshot.datanet.name} max={40} />
								</Link>
							</Told>
							<Told name="root">
								<Hash value={data.snapshot.root} />
							</Told>
							<p className="text-xs text-soft">binds each row's commitment, owner and cluster</p>
						</Stage>
						<Stage title="Run" number={`${formatCount(data.run.steps)} steps`}>
							<Told name="base">
								<Hash value={data.run.baseDigest} />
							</Told>
							<Told name="engine">
								<Hash value={data.run.engineId} />
							</Told>
							<Told name="commitment">
								<Hash value={data.run.runCommitment} />
							</Told>
							<p className="text-xs text-soft">
								{formatCount(data.run.links)} commitments, {formatSpan(data.run.seconds)}
								{data.run.rowsUsed && `, ${formatCount(data.run.rowsUsed.learnt)} rows learnt`}
							</p>
						</Stage>
						<Stage title="Adapter" number={`rank ${data.adapter.rank}`}>
							<Told name="digest">
								<Hash value={data.adapter.digest} />
							</Told>
							<Told name="features">
								<Hash value={data.adapter.featuresRoot} />
							</Told>
							<p className="text-xs text-soft">
								{formatCount(data.adapter.modules)} layers, {sayBytes(data.adapter.bytes)}
							</p>
						</Stage>
						<Stage title="Answers" number={formatCount(data.answers.total)} isLast>
							<Answers answers={data.answers} />
						</Stage>
					</ol>
				)}
			</QueryView>
		</Card>
	);
}

type StageProps = {
	readonly title: string;
	readonly number: string;
	readonly isLast?: boolean;
	readonly children: ReactNode;
};

function Stage({ title, number, isLast = false, children }: StageProps) {
	return (
		<li className="flex min-w-0 flex-1 flex-col items-center lg:flex-row">
			<section className="flex h-full w-full min-w-0 flex-1 flex-col gap-1.5 rounded-lg border border-line bg-ground p-3 text-sm">
				<h3 className="font-semibold">{title}</h3>
				<div className="text-lg font-semibold text-accent">{number}</div>
				{children}
			</section>
			{!isLast && (
				<span aria-hidden="true" className="shrink-0 px-1.5 text-lg text-accent">
					<span className="lg:hidden">↓</span>
					<span className="hidden lg:inline">→</span>
				</span>
			)}
		</li>
	);
}

function Told({ name, children }: { readonly name: string; readonly children: ReactNode }) {
	return (
		<div className="flex min-w-0 flex-wrap items-baseline justify-between gap-x-2">
			<span className="text-xs text-soft">{name}</span>
			{children}
		</div>
	);
}

function Contributors({ rows }: { readonly rows: Lineage["rows"] }) {
	const others = rows.contributors - rows.largest.length;
	return (
		<ul className="flex flex-col gap-1">
			{rows.largest.map(({ account, name, rows: own }, i) => (
				<li key={account} className="text-xs">
					<div className="flex justify-between gap-2">
						<Link
							href={`/earnings/${encodeURIComponent(account)}`}
							className="min-w-0 truncate text-accent hover:underline"
						>
							<UntrustedText text={name} max={24} />
						</Link>
						<span>{formatCount(own)}</span>
					</div>
					<div className="h-1 overflow-hidden rounded-full bg-sunken" aria-hidden="true">
						<div
							className={`h-full ${MARKS[i % MARKS.length]}`}
							style={{ width: `${(100 * own) / Math.max(1, rows.largest[0]?.rows ?? 1)}%` }}
						/>
					</div>
				</li>
			))}
			{others > 0 && <li className="text-xs text-soft">and {formatCount(others)} more</li>}
		</ul>
	);
}

function Answers({ answers: { total, feesWei, latest } }: { readonly answers: Lineage["answers"] }) {
	if (total === 0) return <p className="text-xs text-soft">Nobody asked it yet.</p>;
	return (
		<>
			<Told name="fees">
				<Amount wei={feesWei} places={4} />
			</Told>
			<ul className="flex flex-col gap-1">
				{latest.map(({ id, prompt }) => (
					<li key={id} className="truncate text-xs">
						<Link href={`/receipts/${encodeURIComponent(id)}`} className="text-accent hover:underline">
							<UntrustedText text={prompt} max={60} />
						</Link>
					</li>
				))}
			</ul>
		</>
	);
}
