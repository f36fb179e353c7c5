// Under an answer: whose rows moved the model, what stands word for word in them, what was paid. It must not know how it was asked.

import type { Api } from "../client/api.js";
import type { ShownReceipt } from "../client/records.js";
import { counted, open, percent } from "../output/amounts.js";
import { cut } from "../output/table.js";
import type { Terminal } from "../output/terminal.js";
import { visibleText } from "../output/visibleText.js";
import type { Answered } from "./askModel.js";

/** What is told of an answer besides itself; `receipt` is missing where the node cannot be asked for it. */
export type Told = { readonly answered: Answered; readonly receipt?: ShownReceipt | undefined };

const NAMES = 3;
const SPANS = 2;
const HEAD = 9;
const SPAN_COLUMNS = 40;

/** The receipt, if the server keeps any and it can be read by now; an answer stays an answer without it. */
export async function tell(api: Api | undefined, answered: Answered): Promise<Told> {
	if (api === undefined || answered.receiptId == null) return { answered };
	try {
		return { answered, receipt: await api.get<ShownReceipt>(`/receipts/${answered.receiptId}`) };
	} catch {
		return { answered };
	}
}

/** Lines of at most the terminal's width. */
export function attributionLines(terminal: Pick<Terminal, "style" | "width">, told: Told): string[] {
	const { style, width } = terminal;
	const { answered, receipt } = told;
	const { usage, feeWei, receiptId, pending } = answered;
	const tokens = usage && `${usage.prompt_tokens} + ${usage.completion_tokens} tokens`;
	const line = (head: string, text: string) =>
		style.dim(`${head.padEnd(HEAD)} ${cut(visibleText(text), width - HEAD - 1)}`);
	if (feeWei === undefined) {
		return [line("free", [answered.model, tokens, "no receipt"].filter(Boolean).join(", "))];
	}
	const words = receipt === undefined ? undefined : wordsOf(receipt);
	return [
		line("moved by", movedBy(told)),
		...(words === undefined ? [] : [line("copied", words)]),
		line("paid", [`${open(feeWei)} OPEN`, answered.model, tokens].filter(Boolean).join(", ")),
		receiptId == null
			? line("receipt", pending === undefined ? "not made yet" : `not made yet; it will be at ${pending}`)
			: style.dim(`${"receipt".padEnd(HEAD)} ${visibleText(receiptId)}`),
	];
}

function movedBy({ answered: { shares = [], receiptId }, receipt }: Told): string {
	if (receiptId == null) return "not known yet";
	const named = receipt?.shares ?? shares;
	const first = named.slice(0, NAMES).map(({ contributor, ppm }) => `${contributor} ${percent(ppm)}`);
	const rest = named.slice(NAMES);
	const restPpm = rest.reduce((sum, { ppm }) => sum + ppm, 0);
	const parts = [
		...first,
		...(rest.length > 0 ? [`${counted(rest.length, "other")} ${percent(restPpm)}`] : []),
		...(receipt !== undefined && receipt.pool.ppm > 0 ? [`no row clearly ${percent(receipt.pool.ppm)}`] : []),
	];
	return parts.length === 0 ? "no row stood out" : parts.join(" · ");
}

/** The rarest stretches that stand in the rows, and where the first of each is. */
function wordsOf({ response, spans }: ShownReceipt): string | undefined {
	const found = spans?.spans ?? [];
	if (found.length === 0) return undefined;
	const told = found.slice(0, SPANS).map(({ start, end, count, places }) => {
		const [place] = places;
		const where = place === undefined ? "" : ` row ${place.row} by ${place.contributor}`;
		const more = count > 1 ? ` and ${count - 1} more` : "";
		return `“${cut(response.slice(start, end), SPAN_COLUMNS)}”${where}${more}`;
	});
	const rest = found.length > SPANS ? ` · ${found.length - SPANS} more` : "";
	return `${told.join(" · ")}${rest}`;
}
