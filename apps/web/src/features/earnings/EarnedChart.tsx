// What an account earned over time: one step an epoch. The table below the picture says the same.

import { useEffect, useRef } from "react";
import uPlot from "uplot";
import { Link } from "wouter";
import "uplot/dist/uPlot.min.css";
import { formatDate } from "../../shared/format/time.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Card } from "../../shared/ui/Card.js";
import { Empty } from "../../shared/ui/Empty.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import { EpochBadge } from "./EpochBadge.js";
import type { EarnerEpoch } from "./useEarnings.js";

const HEIGHT = 240;

const COLUMNS: readonly Column<EarnerEpoch>[] = [
	{
		head: "Epoch",
		cell: ({ epoch }) => (
			<Link href={`/network/epochs/${epoch}`} className="text-accent hover:underline">
				{epoch}
			</Link>
		),
	},
	{ head: "Closed", wide: true, cell: ({ closedAt }) => formatDate(closedAt) },
	{ head: "Earned in it", align: "right", cell: ({ wei }) => <Amount wei={wei} places={9} /> },
	{ head: "In all", align: "right", wide: true, cell: ({ cumulativeWei }) => <Amount wei={cumulativeWei} /> },
	{ head: "State", cell: (epoch) => <EpochBadge {...epoch} /> },
];

export function EarnedChart({ epochs }: { readonly epochs: readonly EarnerEpoch[] }) {
	return (
		<Card title="Over time" aside="one step an epoch">
			{epochs.length === 0 ? (
				<Empty title="No epoch gave this account anything yet" />
			) : (
				<div className="flex flex-col gap-4">
					{epochs.length > 1 && <Steps epochs={epochs} />}
					<Table
						caption="What each epoch gave this account"
						columns={COLUMNS}
						rows={[...epochs].reverse()}
						keyOf={({ epoch }) => epoch}
					/>
				</div>
			)}
		</Card>
	);
}

function Steps({ epochs }: { readonly epochs: readonly EarnerEpoch[] }) {
	const ref = useRef<HTMLDivElement>(null);
	// Equal data, equal picture: a refresh that brought nothing new draws nothing.
	const key = JSON.stringify(
		epochs.map(({ closedAt, cumulativeWei }) => [Number(closedAt), forDrawing(cumulativeWei)]),
	);
	useEffect(() => {
		const box = ref.current;
		if (box === null) return;
		const points = JSON.parse(key) as [number, number][];
		let chart = draw(box, points);
		const resized = new ResizeObserver(() => chart.setSize({ width: box.clientWidth, height: HEIGHT }));
		resized.observe(box);
		// A canvas keeps the colours it was drawn in.
		const recoloured = new MutationObserver(() => {
			chart.destroy();
			chart = draw(box, points);
		});
		recoloured.observe(document.documentElement, { attributeFilter: ["data-theme"] });
		return () => {
			resized.disconnect();
			recoloured.disconnect();
			chart.destroy();
		};
	}, [key]);
	return (
		<div
			ref={ref}
			role="img"
			aria-label={`What this account earned in all, after each of ${epochs.length} epochs; the table below has the numbers`}
			className="w-full min-w-0 overflow-hidden"
			style={{ height: HEIGHT }}
		/>
	);
}

function draw(box: HTMLDivElement, points: readonly [number, number][]): uPlot {
	const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
	const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
	// It begins with nothing.
	const drawn: readonly [number, number][] = [[points[0]![0], 0], ...points];
	const options: uPlot.Options = {
		width: box.clientWidth,
		height: HEIGHT,
		legend: { show: false },
		cursor: { show: false },
		scales: { y: { range: (_chart, _min, max) => [0, max * 1.1 || 1] } },
		axes: [
			{ ...axis, space: 110, values: (_chart, ticks) => ticks.map((tick) => formatDate(tick).slice(0, 16)) },
			{ ...axis, size: 110, values: (_chart, ticks) => ticks.map((tick) => `${tick} OPEN`) },
		],
		series: [
			{},
			{
				label: "OPEN",
				stroke: colour("--accent"),
				width: 2,
				paths: uPlot.paths.stepped!({ align: 1 }),
				points: { show: true, size: 6, fill: colour("--accent") },
			},
		],
	};
	return new uPlot(options, [drawn.map(([x]) => x), drawn.map(([, y]) => y)], box);
}

/** For the picture alone. */
const forDrawing = (wei: string): number => Number(BigInt(wei) / 10n ** 9n) / 1e9;
