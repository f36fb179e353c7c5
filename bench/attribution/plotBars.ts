// A chart of horizontal bars with intervals: one line a method, one bar a group.

import {
	at,
	COLOURS,
	FAINT,
	GRID,
	INK,
	legend,
	line,
	QUIET,
	roundTicks,
	scaleOf,
	shortNumber,
	svgDocument,
	text,
	widthOf,
} from "./plotFrame.js";

export interface Bar {
	readonly label: string;
	readonly value: number;
	/** Ends of the interval. */
	readonly low?: number;
	readonly high?: number;
	/** Bars of one label stand under each other, a colour for each group. */
	readonly group?: string;
	/** Drawn in colour where there are no groups; the others are grey. */
	readonly isOurs?: boolean;
}

export interface BarChartOptions {
	readonly title: string;
	/** Second line, smaller: what the intervals are. */
	readonly subtitle?: string;
	/** Under the axis. */
	readonly unit?: string;
	readonly bars: readonly Bar[];
	/** A dashed line. */
	readonly target?: { readonly value: number; readonly label: string };
	/** At least this range is shown. */
	readonly range?: readonly [min: number, max: number];
}

const WIDTH = 760;

/** SVG document. Labels and groups stand in the order of their first bar. */
export function barChart({ title, subtitle, unit, bars, target, range = [0, 0] }: BarChartOptions): string {
	const labels = [...new Set(bars.map(({ label }) => label))];
	const groups = [...new Set(bars.flatMap(({ group }) => (group === undefined ? [] : [group])))];
	const values = bars.flatMap(({ value, low = value, high = value }) => [value, low, high]);
	const ticks = roundTicks(
		Math.min(...range, ...values, target?.value ?? range[0]),
		Math.max(...range, ...values, target?.value ?? range[1]),
	);
	const left = 24 + Math.max(60, ...labels.map((label) => widthOf(label)));
	const right = WIDTH - 64;
	const marks = [text(20, 28, title, { size: 16, bold: true })];
	let top = 40;
	if (subtitle !== undefined) {
		marks.push(text(20, 47, subtitle, { colour: FAINT }));
		top = 62;
	}
	const key = legend(groups, { x: left, y: top + 8, right });
	marks.push(...key.marks);
	top += key.height + (target === undefined ? 6 : 22);

	const thickness = groups.length > 1 ? 11 : 16;
	const rowHeight = Math.max(1, groups.length) * thickness + (groups.length > 1 ? 12 : 9);
	const bottom = top + labels.length * rowHeight;
	const scale = scaleOf(ticks, left, right);
	for (const tick of ticks) {
		marks.push(line(scale(tick), top, scale(tick), bottom, tick === 0 ? FAINT : GRID));
		marks.push(text(scale(tick), bottom + 17, shortNumber(tick), { anchor: "middle", colour: FAINT }));
	}
	if (unit !== undefined) marks.push(text((left + right) / 2, bottom + 36, unit, { anchor: "middle", colour: FAINT }));
	labels.forEach((label, row) => {
		const own = bars.filter((bar) => bar.label === label);
		const middle = top + (row + 0.5) * rowHeight;
		marks.push(text(left - 8, middle + 4, label, { anchor: "end", bold: own.some(({ isOurs }) => isOurs === true) }));
		own.forEach((bar, i) => {
			const place = bar.group === undefined ? i : groups.indexOf(bar.group);
			const count = Math.max(1, groups.length);
			const y = middle + (place - (count - 1) / 2) * thickness;
			const colour = groups.length > 0 ? COLOURS[place % COLOURS.length]! : bar.isOurs === true ? COLOURS[0] : QUIET;
			marks.push(...barMarks(bar, y, thickness - 3, colour, scale));
		});
	});
	if (target !== undefined) {
		const x = scale(target.value);
		marks.push(line(x, top - 4, x, bottom, INK, ' stroke-dasharray="5 4"'));
		marks.push(text(x, top - 9, target.label, { anchor: x > right - 90 ? "end" : "middle", size: 11 }));
	}
	return svgDocument(WIDTH, bottom + (unit === undefined ? 32 : 50), title, marks);
}

function barMarks(
	{ value, low, high }: Bar,
	y: number,
	height: number,
	colour: string,
	scale: ReturnType<typeof scaleOf>,
): string[] {
	const zero = scale(Math.max(scale.ticks[0]!, Math.min(0, scale.ticks.at(-1)!)));
	const end = scale(value);
	const [x, width] = [Math.min(zero, end), Math.abs(end - zero)];
	const marks = [
		`<rect x="${at(x)}" y="${at(y - height / 2)}" width="${at(Math.max(0.5, width))}" height="${at(height)}" fill="${colour}"/>`,
	];
	let outer = Math.max(zero, end);
	if (low !== undefined && high !== undefined) {
		const [a, b] = [scale(low), scale(high)];
		marks.push(line(a, y, b, y, INK, ' stroke-width="1.2"'));
		for (const cap of [a, b]) marks.push(line(cap, y - 3, cap, y + 3, INK, ' stroke-width="1.2"'));
		outer = Math.max(outer, b);
	}
	marks.push(text(outer + 6, y + 4, shortNumber(value), { size: 11, colour: FAINT }));
	return marks;
}
