// Losses over steps as lines, drawn by uPlot. The same facts stand in words in its label and in a table that opens below it.

import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { formatCount } from "../../shared/format/open.js";
import { type Column, Table } from "../../shared/ui/Table.js";
import type { CurvePoint } from "./modelTypes.js";

export type Line = {
	readonly name: string;
	readonly points: readonly CurvePoint[];
	/** 0 to 5: which of the six colours. */
	readonly colour: number;
	/** A look at the rows held out: points with a broken line between them. */
	readonly isValidation?: boolean;
};

const HEIGHT = 280;
const TABLE_ROWS = 12;

export function LossChart({ lines, label }: { readonly lines: readonly Line[]; readonly label: string }) {
	const ref = useRef<HTMLDivElement>(null);
	// Equal data, equal picture: a refresh that brought nothing new draws nothing.
	const key = JSON.stringify(lines);
	useEffect(() => {
		const box = ref.current;
		if (box === null) return;
		const shown = JSON.parse(key) as readonly Line[];
		let chart = draw(box, shown);
		const again = () => {
			chart.destroy();
			chart = draw(box, shown);
		};
		const size = new ResizeObserver(() => chart.setSize({ width: box.clientWidth, height: HEIGHT }));
		size.observe(box);
		// Colours are read when it is drawn.
		const theme = new MutationObserver(again);
		theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
		const system = matchMedia("(prefers-color-scheme: dark)");
		system.addEventListener("change", again);
		return () => {
			size.disconnect();
			theme.disconnect();
			system.removeEventListener("change", again);
			chart.destroy();
		};
	}, [key]);
	const drawn = lines.filter(({ points }) => points.length > 0);
	return (
		<div className="flex min-w-0 flex-col gap-2">
			<ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
				{drawn.map(({ name, points, colour, isValidation }) => (
					<li key={name} className="flex items-center gap-2">
						<span
							aria-hidden="true"
							className={`w-5 border-t-2 ${isValidation ? "border-dashed" : ""}`}
							style={{ borderColor: `var(--mark-${colour + 1})` }}
						/>
						{name} <span className="text-soft">{points.at(-1)!.loss.toFixed(3)}</span>
					</li>
				))}
			</ul>
			<div
				ref={ref}
				role="img"
				aria-label={`${label}. ${drawn.map(inWords).join(" ")}`}
				className="w-full min-w-0 overflow-hidden"
				style={{ height: HEIGHT }}
			/>
			<details className="text-sm">
				<summary className="cursor-pointer text-soft">The same in numbers</summary>
				<Numbers lines={drawn} label={label} />
			</details>
		</div>
	);
}

function inWords({ name, points }: Line): string {
	const [first, last] = [points[0]!, points.at(-1)!];
	return `${name}: ${first.loss.toFixed(3)} at step ${first.step}, ${last.loss.toFixed(3)} at step ${last.step}.`;
}

function Numbers({ lines, label }: { readonly lines: readonly Line[]; readonly label: string }) {
	const steps = [...new Set(lines.flatMap(({ points }) => points.map(({ step }) => step)))].sort((a, b) => a - b);
	const every = Math.max(1, Math.ceil(steps.length / TABLE_ROWS));
	const shown = steps.filter((_, i) => i % every === 0 || i === steps.length - 1);
	const lossAt = (line: Line, step: number) =>
		line.points.findLast((point) => point.step <= step && step - point.step < every)?.loss;
	const columns: readonly Column<number>[] = [
		{ head: "Step", align: "right", cell: (step) => formatCount(step) },
		...lines.map(
			(line): Column<number> => ({
				head: line.name,
				align: "right",
				cell: (step) => lossAt(line, step)?.toFixed(4) ?? "–",
			}),
		),
	];
	return <Table caption={label} columns={columns} rows={shown} keyOf={(step) => step} />;
}

function draw(box: HTMLDivElement, lines: readonly Line[]): uPlot {
	const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
	const steps = [...new Set(lines.flatMap(({ points }) => points.map(({ step }) => step)))].sort((a, b) => a - b);
	const at = new Map(steps.map((step, i) => [step, i]));
	const data = lines.map(({ points }) => {
		const values: (number | null)[] = new Array(steps.length).fill(null);
		for (const { step, loss } of points) values[at.get(step)!] = loss;
		return values;
	});
	const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
	const options: uPlot.Options = {
		width: box.clientWidth,
		height: HEIGHT,
		legend: { show: false },
		cursor: { drag: { x: false, y: false }, points: { show: false } },
		scales: { x: { time: false }, y: { range: (_chart, min, max) => around(min, max) } },
		axes: [
			{
				...axis,
				size: 28,
				label: "step",
				labelSize: 18,
				labelGap: 0,
				values: (_chart, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? formatCount(tick) : "")),
			},
			{ ...axis, size: 48 },
		],
		series: [
			{ label: "step" },
			...lines.map(({ name, colour: mark, isValidation = false }) => ({
				label: name,
				stroke: colour(`--mark-${mark + 1}`),
				width: isValidation ? 2 : 1.5,
				spanGaps: true,
				...(isValidation && { dash: [5, 4] }),
				points: isValidation ? { show: true, size: 7, fill: colour(`--mark-${mark + 1}`) } : { show: steps.length < 3 },
			})),
		],
	};
	return new uPlot(options, [steps, ...data], box);
}

function around(min: number | null, max: number | null): [number, number] {
	if (min === null || max === null) return [0, 1];
	const room = Math.max(0.05, (max - min) * 0.08);
	return [Math.max(0, min - room), max + room];
}
