// The first receipt: the rows that moved the model most, each with its text, its contributor and its share.
// It must not know what is found word for word.

import type { ReceiptShare, ShownReceipt, ShownRow } from "../client/records.js";
import { open } from "../output/amounts.js";
import { hueDot, hueOf, shareBar } from "./charts.js";
import { html, type Markup, said } from "./html.js";
import { INFLUENCE, movers, NO_MOVERS, NO_TEXT, notShown, shareOf } from "./words.js";

/** Characters of a text that are shown at once; the rest of it is one tap away. */
const AT_ONCE = 900;

export function influenceSection(shown: ShownReceipt): Markup {
	const { shares } = shown;
	const rows = movers(shown);
	const none = html`<p class="empty">${NO_MOVERS}</p>`;
	const more = notShown(shown);
	return html`
<section>
<h2>Moved the model by <span class="tag pays">this is what pays</span></h2>
<p class="lead">${INFLUENCE}</p>
${rows.length === 0 ? none : html`<ol class="rows">\n${rows.map((row) => rowCard(row, shares))}</ol>`}
${more !== undefined && html`<p class="more small">… ${more}.</p>`}
</section>`;
}

function rowCard(row: ShownRow, shares: readonly ReceiptShare[]): Markup {
	const place = shares.findIndex(({ account }) => account === row.account);
	const hue = place < 0 ? "rest" : hueOf(place);
	return html`<li id="row-${row.row}">
<div class="by"><span class="who">${hueDot(hue)}<span>${said(row.contributor)} <span class="soft small">row ${row.row}</span></span></span><span><b class="figure">${shareOf(row.sharePpm)}</b> <span class="soft small figure">${open(row.wei)} OPEN</span></span></div>
${shareBar(row.sharePpm, hue)}
${row.response === undefined ? html`<p class="prompt">${NO_TEXT}</p>` : rowText(row)}
</li>
`;
}

function rowText({ before = [], prompt = "", response = "" }: ShownRow): Markup {
	return html`${before.map(({ role, content }) => html`<div class="turn"><b>${role}</b> ${foldedText(content)}</div>`)}${prompt !== "" && html`<div class="prompt">${foldedText(prompt)}</div>`}<div class="response">${foldedText(response)}</div>`;
}

function foldedText(text: string): Markup {
	if (text.length <= AT_ONCE) return html`<div class="text" dir="auto">${text}</div>`;
	const rest = text.length - AT_ONCE;
	const start = /[\ud800-\udbff]/.test(text[AT_ONCE - 1]!) ? AT_ONCE - 1 : AT_ONCE;
	return html`<div class="text" dir="auto">${text.slice(0, start)}…</div><details class="small"><summary>${rest.toLocaleString("en-US")} characters more</summary><div class="text" dir="auto">${text.slice(start)}</div></details>`;
}
