// A text whose stretches are marked and numbered, each number a link. It must not know what the stretches mean.

import type { Stretch } from "../client/records.js";
import { html, type Markup } from "./html.js";
import { piecesOf } from "./piecesOf.js";

export function markedText(text: string, stretches: readonly Stretch[], linkOf: (stretch: number) => string): Markup {
	const pieces = piecesOf(text, stretches).map((piece) => {
		const body = piece.inside.length > 0 ? html`<mark>${piece.text}</mark>` : html`${piece.text}`;
		const link = (n: number) => html`<a class="number" href="${linkOf(n)}">${n + 1}</a>`;
		return html`${body}${piece.ends.map(link)}`;
	});
	return html`${pieces}`;
}
