// A chart of lines over numbers, with intervals and axes that may be logarithmic.

import {
	at,
	COLOURS,
	FAINT,
	GRID,
	legend,
	line,
	powerTicks,
	roundTicks,
	scaleOf,
	shortNumber,
	svgDocument,
	text,
} from "./plotFrame.js";

export interface LinePoint {
	readonly x: number;
	readonly y: number;
	/** Ends of the interval of y. */
	readonly low?: number;
	readonly high?: number;
}

export interface LineChartOptions {
	readonly title: string;
	readonly subtitle?: string;
	readonly xLabel: string;
	readonly yLabel: string;
	readonly logX?: boolean;
	readonly logY?: boolean;
	readonly series: readonly { readonly label: string; readonly points: readonly LinePoint[] }[];
	/** A dashed line at a height. */
	readonly target?: { readonly value: number; readonly label: string };
	/** Heights that are shown at least. */
	readonly range?: readonly number[];
}

const WIDTH = 760;
const PLOT_HEIGHT = 320;
const LEFT = 72;
const RIGHT = WIDTH - 28;

/** SVG document. Throws RangeError where a logarithmic axis meets a number that is not above zero. */
export function lineChart(options: LineChartOptions): string {
	const { title, subtitle, xLabel, yLabel, logX = false, logY = false, series, target, range = [] } = options;
	const points = series.flatMap((one) => one.points);
	const xs = points.map(({ x }) => x);
	const ys = [
		...points.flatMap(({ y, low = y, high = y }) => [y, low, high]),
		...range,
		...(target === undefined ? [] : [target.value]),
	];
	for (const [isLog, values, axis] of [
		[logX, xs, "x"],
		[logY, ys, "y"],
	] as const) {
		if (isLog && !values.every((value) => value > 0))
			throw new RangeError(`a logarithmic ${axis} axis takes numbers above zero`);
	}
	const ticksOf = (isLog: boolean, values: readonly number[]) =>
		(isLog ? powerTicks : roundTicks)(Math.min(...values), Math.max(...values));

	const marks = [text(20, 28, title, { size: 16, bold: true })];
	let top = 40;
	if (subtitle !== undefined) {
		marks.push(text(20, 47, subtitle, { colour: FAINT }));
		top = 62;
	}
	const key = legend(
		series.map(({ label }) => label),
		{ x: LEFT, y: top + 8, right: RIGHT },
	);
	marks.push(...key.marks);
	top += key.height + 10;
	const bottom = top + PLOT_HEIGHT;
	const x = scaleOf(ticksOf(logX, xs), LEFT, RIGHT, logX);
	const y = scaleOf(ticksOf(logY, ys), bottom, top, logY);
	for (const tick of x.ticks) {
		marks.push(line(x(tick), top, x(tick), bottom, GRID));
		marks.push(text(x(tick), bottom + 17, shortNumber(tick), { anchor: "middle", colour: FAINT }));
	}
	for (const tick of y.ticks) {
		marks.push(line(LEFT, y(tick), RIGHT, y(tick), tick === 0 && !logY ? FAINT : GRID));
		marks.push(text(LEFT - 8, y(tick) + 4, shortNumber(tick), { anchor: "end", colour: FAINT }));
	}
	marks.push(text((LEFT + RIGHT) / 2, bottom + 38, xLabel, { anchor: "middle", colour: FAINT }));
	marks.push(text(20, (top + bottom) / 2, yLabel, { anchor: "middle", colour: FAINT, turn: -90 }));
	if (target !== undefined) {
		marks.push(line(LEFT, y(target.value), RIGHT, y(target.value), FAINT, ' stroke-dasharray="5 4"'));
		marks.push(text(LEFT + 6, y(target.value) - 5, target.label, { size: 11 }));
	}
	series.forEach((one, i) => {
		const colour = COLOURS[i % COLOURS.length]!;
		const sorted = [...one.points].sort((a, b) => a.x - b.x);
		const path = sorted.map((p, n) => `${n === 0 ? "M" : "L"}${at(x(p.x))} ${at(y(p.y))}`).join("");
		marks.push(`<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`);
		for (const p of sorted) {
			if (p.low !== undefined && p.high !== undefined) marks.push(line(x(p.x), y(p.low), x(p.x), y(p.high), colour));
			marks.push(`<circle cx="${at(x(p.x))}" cy="${at(y(p.y))}" r="3.2" fill="${colour}"/>`);
		}
	});
	return svgDocument(WIDTH, bottom + 54, title, marks);
}
