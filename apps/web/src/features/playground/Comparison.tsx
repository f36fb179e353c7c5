// Two answers to one question, their difference at a glance.

import type { ShownReceipt } from "../../shared/attribution/shownReceipt.js";
import { formatCount, formatPpm } from "../../shared/format/open.js";
import { visibleText } from "../../shared/format/visibleText.js";
import { Amount } from "../../shared/ui/Amount.js";
import { Table } from "../../shared/ui/Table.js";
import { UntrustedText } from "../../shared/ui/UntrustedText.js";
import { type Answer, isUnderWay, speedOf } from "./chatState.js";

export type Compared = { readonly answer: Answer; readonly receipt: ShownReceipt | undefined };

type ComparisonProps = { readonly question: string; readonly of: readonly [Compared, Compared] };

export function Comparison({ question, of: [one, other] }: ComparisonProps) {
	const facts = [
		["Tokens written", (it: Compared) => formatCount(it.answer.answered?.tokensOut ?? it.answer.pieces)],
		["Tokens/s", (it: Compared) => speedOf(it.answer)?.toFixed(1) ?? "–"],
		[
			"Charged",
			({ answer: { answered } }: Compared) => (answered?.feeWei ? <Amount wei={answered.feeWei} places={7} /> : "–"),
		],
		["Rows paid", ({ receipt }: Compared) => (receipt ? formatCount(receipt.rowsPaid) : "–")],
		["Moved most by", ({ receipt }: Compared) => <First receipt={receipt} />],
		["Word for word", ({ receipt }: Compared) => (receipt ? <Copied receipt={receipt} /> : "–")],
	] as const;
	return (
		<div className="rounded-xl border border-line bg-card p-4">
			<h3 className="mb-2 text-sm font-semibold">Side by side</h3>
			<Table
				caption={`Two answers to ${visibleText(question, { max: 60 })}`}
				rows={facts}
				keyOf={([name]) => name}
				columns={[
					{ head: "Compared", cell: ([name]) => <span className="text-soft">{name}</span> },
					{ head: one.answer.model.slice(0, 40), cell: ([, shown]) => shown(one) },
					{ head: `${other.answer.model.slice(0, 40)}\u200a`, cell: ([, shown]) => shown(other) },
				]}
			/>
			<p className="mt-2 min-h-5 text-sm text-soft">
				{[one, other].some(({ answer }) => isUnderWay(answer)) ? "" : agreement(one.answer, other.answer)}
			</p>
		</div>
	);
}

function First({ receipt }: { readonly receipt: ShownReceipt | undefined }) {
	const [first] = receipt?.shares ?? [];
	if (receipt === undefined) return "–";
	if (first === undefined) return "no row clearly";
	return (
		<>
			<UntrustedText text={first.contributor} max={40} /> {formatPpm(first.ppm)}
		</>
	);
}

/** Characters of the answer that stand in rows, each counted once. */
function Copied({ receipt: { response, spans } }: { readonly receipt: ShownReceipt }) {
	const marked = new Uint8Array(response.length);
	for (const { start, end } of spans?.spans ?? []) marked.fill(1, start, end);
	const count = marked.reduce((sum, one) => sum + one, 0);
	const part = response.length === 0 ? 0 : Math.round((100 * count) / response.length);
	return `${part} % of its text`;
}

/** Where the two part, in words. */
export function agreement({ text: one }: Pick<Answer, "text">, { text: other }: Pick<Answer, "text">): string {
	if (one === "" || other === "") return "";
	if (one === other) return "Both say the same, letter for letter.";
	const [mine, theirs] = [one.split(/\s+/), other.split(/\s+/)];
	let same = 0;
	while (same < mine.length && mine[same] === theirs[same]) same++;
	if (same === 0) return "They differ from the first word on.";
	return same === 1 ? "They agree in the first word alone." : `They agree in the first ${same} words.`;
}
