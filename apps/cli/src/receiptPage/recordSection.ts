// The signed record, and how somebody who trusts nobody checks it. It must not know what the fields decide.

import type { ShownReceipt } from "../client/records.js";
import { html, type Markup } from "./html.js";

const FIELDS = [
	["id", "Receipt"],
	["modelId", "Model"],
	["adapterDigest", "What it has learnt"],
	["baseDigest", "Its base model"],
	["snapshotRoot", "The rows"],
	["featuresRoot", "The rows' influence"],
	["engineId", "The engine"],
	["method", "How shares are found"],
	["sharesRoot", "The shares"],
	["promptHash", "The question, sealed"],
	["responseHash", "The answer, sealed"],
	["payer", "Paid by"],
	["paymentNonce", "Payment"],
	["vault", "Paid into"],
	["signature", "The node's signature"],
] as const;

/** As much of an id as no other receipt of a node will ever share. */
const SHORT = 18;

export function recordSection(shown: ShownReceipt): Markup {
	const { id, receipt, signature, salt, spans } = shown;
	const short = id.slice(0, SHORT);
	const values: Readonly<Record<string, string | number>> = { ...receipt, id, signature };
	const fields: (readonly [string, string])[] = FIELDS.map(([field, name]) => [name, String(values[field] ?? "")]);
	if (spans !== null) {
		fields.push(["Word for word: record", spans.digest], ["Word for word: signature", spans.signature]);
	}
	const whole = {
		id,
		receipt,
		signature,
		salt,
		...(spans && { spans: { digest: spans.digest, signature: spans.signature } }),
	};
	return html`
<section>
<h2>The signed record, and how to check it</h2>
<p class="lead">The node that answered has signed all of this. Its engine computes the same bits on every machine, so nobody need take its word: whoever holds the node's files can compute answer and shares once more.</p>
<ol class="steps">
<li>Compute the answer and every share again, and compare with what was signed: <pre>npx openledger receipt verify ${short}</pre></li>
<li>Read the same facts as a program would: <pre>npx openledger receipt show ${short} --json</pre></li>
</ol>
<p class="lead apart">With this page alone one can check that the fields hash to the receipt's name, and that the signature is the node's; that the shares are right takes the first step.</p>
<table class="record">
<tbody>
${fields.map(([name, value]) => html`<tr><th scope="row">${name}</th><td><code>${value}</code></td></tr>\n`)}</tbody>
</table>
<details><summary>The record for programs</summary><pre>${JSON.stringify(whole, null, 2)}</pre></details>
</section>`;
}
