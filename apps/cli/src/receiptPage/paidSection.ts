// Who was paid for the answer and how much, and where the rest of the fee went. It must not know the rows.

import type { ShownReceipt } from "../client/records.js";
import { counted, open } from "../output/amounts.js";
import { hueDot, hueOf, type Part, partsChart } from "./charts.js";
import { html, type Inserted, type Markup, said } from "./html.js";
import { shareOf, whyUnattributed } from "./words.js";

/** More contributors than these are told together. */
const NAMED = 12;

type Line = {
	readonly name: Inserted;
	readonly label: string;
	readonly rows: string;
	readonly ppm: number;
	readonly wei: bigint;
	readonly hue: number | "rest";
};

export function paidSection(shown: ShownReceipt): Markup {
	const lines = contributorLines(shown);
	const parts: Part[] = lines.map(({ ppm, hue, label }) => ({ ppm, hue, label: `${label}: ${shareOf(ppm)}` }));
	const label = `Shares: ${parts.map((part) => part.label).join(", ")}`;
	const why = whyUnattributed(shown);
	return html`
<section>
<h2>Who was paid, and why</h2>
<p class="lead">${open(shown.fee.contributors)} OPEN of the fee is for the people whose rows the model learnt from. It is divided by how much each row moved the model towards this answer.</p>
${partsChart(parts, label)}
<table>
<thead><tr><th>Contributor</th><th class="right">Rows</th><th class="right">Share</th><th class="right">OPEN</th></tr></thead>
<tbody>
${lines.map(lineOf)}</tbody>
</table>
${why !== undefined && html`<p class="why small">${why}</p>`}
</section>`;
}

function lineOf({ name, rows, ppm, wei, hue }: Line): Markup {
	return html`<tr><td><span class="who">${hueDot(hue)}<span>${name}</span></span></td><td class="right figure soft">${rows}</td><td class="right figure">${shareOf(ppm)}</td><td class="right figure">${open(wei)}</td></tr>\n`;
}

function contributorLines({ shares, pool }: ShownReceipt): Line[] {
	const named = shares.length > NAMED + 1 ? shares.slice(0, NAMED) : shares;
	const others = shares.slice(named.length);
	const lines: Line[] = named.map(({ contributor, rows, ppm, wei }, n) => ({
		name: said(contributor),
		label: contributor,
		rows: rows.toLocaleString("en-US"),
		ppm,
		wei: BigInt(wei),
		hue: hueOf(n),
	}));
	if (others.length > 0) {
		lines.push({
			name: html`<span class="soft">${counted(others.length, "other")}</span>`,
			label: counted(others.length, "other"),
			rows: others.reduce((sum, { rows }) => sum + rows, 0).toLocaleString("en-US"),
			ppm: others.reduce((sum, { ppm }) => sum + ppm, 0),
			wei: others.reduce((sum, { wei }) => sum + BigInt(wei), 0n),
			hue: "rest",
		});
	}
	if (pool.ppm > 0) {
		const name = html`<span class="soft">nobody: to the treasury</span>`;
		lines.push({ name, label: "nobody", rows: "", ppm: pool.ppm, wei: BigInt(pool.wei), hue: "rest" });
	}
	return lines;
}

const FEE = [
	["contributors", "Contributors", "whose rows the model learnt from"],
	["owner", "The model's owner", "who had it trained"],
	["node", "The node", "that computed the answer"],
	["stakers", "Stakers", "who vouch for the node"],
	["treasury", "Treasury", "of the network"],
	["platform", "Platform", "a fixed part of every answer"],
] as const;

/** The whole fee, part by part. */
export function feeSection({ fee, receipt, pool }: ShownReceipt): Markup {
	const total = BigInt(String(receipt.feeWei));
	const ppmOf = (wei: bigint) => (total === 0n ? 0 : Number((wei * 1_000_000n) / total));
	const lines = FEE.map(([part, name, what], n) => ({ name, what, wei: BigInt(fee[part]), hue: hueOf(n) }));
	const parts = lines.map(({ name, wei, hue }) => ({ ppm: ppmOf(wei), hue, label: `${name}: ${shareOf(ppmOf(wei))}` }));
	const row = ({ name, what, wei, hue }: (typeof lines)[number]) =>
		html`<tr><td><span class="who">${hueDot(hue)}<span>${name} <span class="soft small">${what}</span></span></span></td><td class="right figure">${shareOf(ppmOf(wei))}</td><td class="right figure">${open(wei)}</td></tr>\n`;
	return html`
<section>
<h2>Where the fee went</h2>
<p class="lead">The price and its division are part of the model's public terms, and on chain.${pool.ppm > 0 && " What no row earned of the contributors' part goes to the treasury as well."}</p>
${partsChart(parts, `The fee: ${parts.map(({ label }) => label).join(", ")}`)}
<table>
<thead><tr><th>Part</th><th class="right">Of the fee</th><th class="right">OPEN</th></tr></thead>
<tbody>
${lines.map(row)}</tbody>
</table>
</section>`;
}
