// The shared parts of the scoreboard's SVG plots: colours, scales with round ticks, text, and the document. Light background, no script.

/** Okabe and Ito's colours, which the colour-blind can tell apart, darkest first; then grey. */
export const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a7a7a"] as const;
export const INK = "#1f2328";
export const FAINT = "#6b7280";
export const GRID = "#e5e7eb";
export const QUIET = "#b8c0cc";

export interface Scale {
	/** Pixels of a value. */
	(value: number): number;
	readonly ticks: readonly number[];
}

/** A coordinate with one decimal, so that files stay small and the same. */
export const at = (value: number): string => String(Math.round(value * 10) / 10);

export function escapeText(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** Multiples of 1, 2 or 5 times a power of ten that cover [min, max] in about `wanted` steps; the first is ≤ min, the last ≥ max. */
export function roundTicks(min: number, max: number, wanted = 5): number[] {
	const span = max - min || Math.abs(max) || 1;
	const rough = span / wanted;
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999) ?? 10 * power;
	const first = Math.floor(min / step + 1e-9);
	const last = Math.max(first + 1, Math.ceil(max / step - 1e-9));
	return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Powers of ten that cover [min, max]; both must be above zero. */
export function powerTicks(min: number, max: number): number[] {
	const first = Math.floor(Math.log10(min) + 1e-9);
	const last = Math.max(first + 1, Math.ceil(Math.log10(max) - 1e-9));
	const every = Math.ceil((last - first) / 8);
	const powers: number[] = [];
	for (let power = first; power < last + every; power += every) powers.push(Number((10 ** power).toPrecision(12)));
	return powers;
}

/** Maps the ticks' whole range onto [from, to] pixels. */
export function scaleOf(ticks: readonly number[], from: number, to: number, isLog = false): Scale {
	const place = isLog ? Math.log10 : (value: number) => value;
	const [low, high] = [place(ticks[0]!), place(ticks.at(-1)!)];
	const scale = (value: number) => from + ((place(value) - low) / (high - low)) * (to - from);
	return Object.assign(scale, { ticks });
}

/** A tick's or a bar's number in few characters: 0.47, 12, 20k, 3M, 1e-5. */
export function shortNumber(value: number): string {
	const size = Math.abs(value);
	if (value === 0) return "0";
	if (size >= 1e9 || size < 1e-3) return value.toExponential(1).replace(".0e", "e").replace("e+", "e");
	if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
	if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`;
	return String(Number(value.toPrecision(3)));
}

export interface TextStyle {
	readonly anchor?: "start" | "middle" | "end";
	readonly size?: number;
	readonly colour?: string;
	readonly bold?: boolean;
	/** Degrees, about its own point. */
	readonly turn?: number;
}

export function text(x: number, y: number, words: string, style: TextStyle = {}): string {
	const { anchor = "start", size = 12, colour = INK, bold = false, turn } = style;
	const turned = turn === undefined ? "" : ` transform="rotate(${turn} ${at(x)} ${at(y)})"`;
	const weight = bold ? ' font-weight="600"' : "";
	return `<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}" font-size="${size}" fill="${colour}"${weight}${turned}>${escapeText(words)}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, colour: string, more = ""): string {
	return `<line x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}" stroke="${colour}"${more}/>`;
}

/** About how wide a text is, in pixels. */
export const widthOf = (words: string, size = 12): number => [...words].length * size * 0.56;

/** Coloured squares with their labels from x on, wrapped at the right edge; gives the marks and the height they take. */
export function legend(
	labels: readonly string[],
	{ x, y, right, colours = COLOURS }: { x: number; y: number; right: number; colours?: readonly string[] },
): { readonly marks: string[]; readonly height: number } {
	const marks: string[] = [];
	let [left, top] = [x, y];
	labels.forEach((label, i) => {
		const width = 16 + widthOf(label) + 18;
		if (left > x && left + width > right) [left, top] = [x, top + 18];
		marks.push(
			`<rect x="${at(left)}" y="${at(top - 9)}" width="11" height="11" rx="2" fill="${colours[i % colours.length]}"/>`,
			text(left + 16, top, label),
		);
		left += width;
	});
	return { marks, height: labels.length === 0 ? 0 : top - y + 18 };
}

/** A whole SVG document. */
export function svgDocument(width: number, height: number, title: string, marks: readonly string[]): string {
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${at(width)}" height="${at(height)}" viewBox="0 0 ${at(width)} ${at(height)}" font-family="system-ui, 'Segoe UI', Helvetica, Arial, sans-serif" role="img" aria-label="${escapeText(title)}">`,
		`<rect width="100%" height="100%" fill="#ffffff"/>`,
		...marks,
		"</svg>",
		"",
	].join("\n");
}
