// The second receipt: what the answer repeats word for word, and where it stands. It must not know of shares or money.

import type { FoundSpan, ShownReceipt } from "../client/records.js";
import { counted } from "../output/amounts.js";
import { html, type Markup, said } from "./html.js";
import { bitsOf, movers, NO_SPAN_RECEIPT, NO_SPANS, NO_TEXT, SPANS } from "./words.js";

export function spansSection(shown: ShownReceipt): Markup {
	const { spans, response } = shown;
	const known = new Set(movers(shown).map(({ row }) => row));
	const empty = (text: string) => html`<p class="empty">${text}</p>`;
	const list = () =>
		html`<ol class="spans">\n${spans!.spans.map((span, n) => spanCard(span, n, response.slice(span.start, span.end), known))}</ol>`;
	return html`
<section>
<h2>Found word for word in <span class="tag none">this moves no money</span></h2>
<p class="lead">${SPANS}</p>
${spans === null ? empty(NO_SPAN_RECEIPT) : spans.spans.length === 0 ? empty(NO_SPANS) : list()}
</section>`;
}

function spanCard({ count, rarity, places }: FoundSpan, n: number, text: string, known: ReadonlySet<number>): Markup {
	const more = count - places.length;
	const where = ({ row, contributor, before, after }: FoundSpan["places"][number]) => {
		const name = html`row ${row}`;
		const around =
			before === undefined || after === undefined
				? html`<span class="soft small">${NO_TEXT}</span>`
				: html`<bdi>${before}<mark>${text}</mark>${after}</bdi>`;
		return html`<li><span class="around serif">${around}</span><span class="soft small">${said(contributor)}, ${known.has(row) ? html`<a href="#row-${row}">${name}</a>` : name}</span></li>\n`;
	};
	return html`<li id="span-${n + 1}">
<blockquote class="text" dir="auto"><mark>${text}</mark><span class="number">${n + 1}</span></blockquote>
<p class="soft small">stands ${count === 1 ? "once" : `${count.toLocaleString("en-US")} times`} in the rows; rarity ${bitsOf(rarity)}</p>
<ul class="places">
${places.map(where)}</ul>
${more > 0 && html`<p class="further soft small">… and ${counted(more, "place")} more.</p>`}</li>
`;
}
