// Shares drawn as bars, in SVG without a style of its own. It must not know whose shares they are.

import { html, type Markup } from "./html.js";
import { HUES } from "./styleSheet.js";

const WHOLE = 1_000_000;

export type Part = { readonly ppm: number; readonly hue: number | "rest"; readonly label: string };

/** The hue of the n-th part, counted from 0; after the sixth all look alike. */
export function hueOf(n: number): number | "rest" {
	return n < HUES ? n : "rest";
}

/** One bar of all parts side by side, `label` for those who cannot see it. */
export function partsChart(parts: readonly Part[], label: string): Markup {
	let at = 0;
	const drawn = parts.map((part) => {
		const from = at;
		at += part.ppm;
		const x = `${percentOf(from)}%`;
		return html`<rect class="hue-${part.hue}" x="${x}" y="0" width="${percentOf(part.ppm)}%" height="100%"><title>${part.label}</title></rect>`;
	});
	return html`<svg class="chart" role="img" aria-label="${label}">${drawn}</svg>`;
}

/** A thin bar for one share of the whole. */
export function shareBar(ppm: number, hue: number | "rest"): Markup {
	return html`<svg class="bar" aria-hidden="true"><rect class="hue-${hue}" width="${percentOf(ppm)}%" height="100%"/></svg>`;
}

/** The little square that says which colour is whose. */
export function hueDot(hue: number | "rest"): Markup {
	return html`<svg class="dot" aria-hidden="true"><rect class="hue-${hue}" width="100%" height="100%"/></svg>`;
}

/** Exact, as a share has six digits and a percentage of it four behind the point. */
function percentOf(ppm: number): string {
	return String((ppm * 100) / WHOLE);
}
