// The page's head: what was asked, what was answered, what it cost and when. It must not know who was paid.

import type { ShownReceipt } from "../client/records.js";
import { open } from "../output/amounts.js";
import { html, type Markup, said } from "./html.js";
import { markedText } from "./markedText.js";
import { dateOf, questionOf, shareOf } from "./words.js";

/** Characters beyond which an answer is set smaller. */
const LONG = 160;
const LONGEST = 700;

export function answerSection(shown: ShownReceipt): Markup {
	const { fee, receipt, response, spans } = shown;
	const total = BigInt(String(receipt.feeWei));
	const part = total === 0n ? 0 : Number((BigInt(fee.contributors) * 1_000_000n) / total);
	const size = response.length > LONGEST ? "reply longest" : response.length > LONG ? "reply long" : "reply";
	const marks = spans?.spans ?? [];
	const settled =
		shown.epoch === null ? "to be claimed after the next settlement" : `to be claimed since settlement ${shown.epoch}`;
	return html`
<div class="asked">
${earlierTurns(shown)}<h1 class="text">${said(questionOf(shown))}</h1>
<p class="${size} text">${response === "" ? html`<span class="soft">(an empty answer)</span>` : html`<bdi>${markedText(response, marks, (n) => `#span-${n + 1}`)}</bdi>`}</p>
${marks.length > 0 && html`<p class="note small soft">Marked words stand word for word in the rows; the small numbers lead to where.</p>`}${shown.finishReason === "length" && html`<p class="note small soft">The answer ends here because it had reached the length that was asked for.</p>`}
</div>
<dl class="facts">
<div><dt>Paid for this answer</dt><dd class="figure">${open(total)} OPEN <small>for ${receipt.tokensIn} tokens read, ${receipt.tokensOut} written</small></dd></div>
<div><dt>Went to contributors</dt><dd class="figure">${open(BigInt(fee.contributors) - BigInt(shown.pool.wei))} OPEN <small>${shown.pool.wei === "0" ? `${shareOf(part)} of the fee` : `of ${open(fee.contributors)} set aside for them`}, ${settled}</small></dd></div>
<div><dt>Answered by</dt><dd>${said(shown.model)} <small>on ${dateOf(receipt.timestamp!)}</small></dd></div>
</dl>`;
}

function earlierTurns({ order }: ShownReceipt): Markup | false {
	const earlier = order.messages.slice(0, -1);
	const line = ({ role, content }: { readonly role: string; readonly content: string }) =>
		html`<p class="text"><b>${role}</b> ${said(content)}</p>`;
	return earlier.length > 0 && html`<div class="earlier small soft">${earlier.map(line)}</div>\n`;
}
