// A receipt as one page that needs nothing else: no script, no request, nothing of a stranger's but text. It must not know where it is kept.

import { createHash } from "node:crypto";
import type { ShownReceipt } from "../client/records.js";
import { cut } from "../output/table.js";
import { answerSection } from "./answerSection.js";
import { html } from "./html.js";
import { influenceSection } from "./influenceSection.js";
import { feeSection, paidSection } from "./paidSection.js";
import { recordSection } from "./recordSection.js";
import { spansSection } from "./spansSection.js";
import { styleSheet } from "./styleSheet.js";
import { dateOf, questionOf } from "./words.js";

const TITLE = 80;

/** HTML in UTF-8, the same bytes for the same receipt. */
export function receiptPage(shown: ShownReceipt): string {
	const style = createHash("sha256").update(styleSheet).digest("base64");
	// Only this style may work here, whatever else should ever get into the page.
	const policy = `default-src 'none'; style-src 'sha256-${style}'; base-uri 'none'; form-action 'none'`;
	const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${cut(questionOf(shown), TITLE)} – receipt of an answer</title>
<style>${{ markup: styleSheet }}</style>
</head>
<body>
<main>
<header class="top"><span><strong>OpenLedger</strong> · receipt of an answer</span><span>${dateOf(shown.receipt.timestamp!)}</span></header>
${answerSection(shown)}
${paidSection(shown)}
${influenceSection(shown)}
${spansSection(shown)}
${feeSection(shown)}
${recordSection(shown)}
<footer>Receipt ${shown.id.slice(0, 10)}. This page stands for itself: it holds no script and asks nothing of the network. What a share means: an estimate of influence, never proof of authorship.</footer>
</main>
</body>
</html>
`;
	return page.markup;
}
