// Two plain charts as SVG, without a library: lines over epochs, and bars. It must not know what is plotted.

export type Line = { readonly name: string; readonly points: readonly number[] };
export type Bar = { readonly name: string; readonly value: number };

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [940, 460, 90, 230, 48, 44];
/** Room for a bar's value beyond its end, in parts of the longest. */
const ROOM = 1.08;
const COLOURS = ["#0b7285", "#e8590c", "#5f3dc4", "#2b8a3e", "#c2255c", "#1864ab", "#866118", "#495057"];

export function lineChart(title: string, lines: readonly Line[]): string {
	const all = lines.flatMap(({ points }) => points);
	const { y, ticks } = scale(Math.min(0, ...all), Math.max(0, ...all));
	const count = Math.max(1, ...lines.map(({ points }) => points.length - 1));
	const x = (i: number) => LEFT + (i / count) * (WIDTH - LEFT - RIGHT);
	const drawn = lines.map(({ points }, n) => {
		const path = points.map((value, i) => `${i === 0 ? "M" : "L"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`).join("");
		return `<path d="${path}" fill="none" stroke="${COLOURS[n % COLOURS.length]}" stroke-width="2"/>`;
	});
	const legend = lines.map(({ name, points }, n) => {
		const at = TOP + 20 * n;
		const colour = COLOURS[n % COLOURS.length];
		const last = points.at(-1) ?? 0;
		return `<rect x="${WIDTH - RIGHT + 16}" y="${at - 9}" width="12" height="12" fill="${colour}"/>${text(WIDTH - RIGHT + 34, at + 1, `${name} ${short(last)}`)}`;
	});
	const epochs = [1, Math.round((count + 1) / 2), count + 1].map((epoch) =>
		text(x(epoch - 1), HEIGHT - BOTTOM + 18, `epoch ${epoch}`, "middle"),
	);
	return frame(title, [...axis(ticks, y), ...drawn, ...legend, ...epochs]);
}

export function barChart(title: string, bars: readonly Bar[]): string {
	const values = bars.map(({ value }) => value);
	const { y, ticks } = scale(ROOM * Math.min(0, ...values), ROOM * Math.max(0, ...values));
	const step = (WIDTH - LEFT - 30) / bars.length;
	const drawn = bars.flatMap(({ name, value }, i) => {
		const [from, to] = [y(Math.max(0, value)), y(Math.min(0, value))];
		const at = LEFT + i * step + step * 0.2;
		const rect = `<rect x="${at.toFixed(1)}" y="${from.toFixed(1)}" width="${(step * 0.6).toFixed(1)}" height="${Math.max(1, to - from).toFixed(1)}" fill="${value > 0 ? COLOURS[1] : COLOURS[0]}"/>`;
		const words = name.split(" ");
		const label = words.map((word, n) => text(at + step * 0.3, HEIGHT - BOTTOM + 14 + 12 * n, word, "middle", 11));
		return [
			rect,
			...label,
			text(at + step * 0.3, (value > 0 ? from : to) + (value > 0 ? -6 : 14), short(value), "middle", 11),
		];
	});
	return frame(title, [...axis(ticks, y, WIDTH - 30), ...drawn]);
}

function scale(low: number, high: number) {
	const span = high - low || 1;
	const y = (value: number) => HEIGHT - BOTTOM - ((value - low) / span) * (HEIGHT - TOP - BOTTOM);
	const rough = span / 6;
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough)!;
	const ticks: number[] = [];
	for (let at = Math.ceil(low / step) * step; at <= high; at += step) ticks.push(at);
	return { y, ticks };
}

function axis(ticks: readonly number[], y: (value: number) => number, end = WIDTH - RIGHT): string[] {
	return ticks.map((tick) => {
		const colour = Math.abs(tick) < 1e-9 ? "#212529" : "#dee2e6";
		const line = `<line x1="${LEFT}" x2="${end}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}" stroke="${colour}"/>`;
		return line + text(LEFT - 8, y(tick) + 4, short(tick), "end");
	});
}

function frame(title: string, parts: readonly string[]): string {
	const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img">`;
	return [
		head,
		`<title>${escaped(title)}</title>`,
		`<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
		text(LEFT, 24, title, "start", 14),
		...parts,
		"</svg>\n",
	].join("\n");
}

function text(x: number, y: number, said: string, anchor = "start", size = 12): string {
	return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" font-size="${size}" fill="#212529">${escaped(said)}</text>`;
}

function escaped(said: string): string {
	return said.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}

function short(value: number): string {
	return Math.round(value).toLocaleString("en-US");
}
