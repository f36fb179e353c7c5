// `openledger receipt list`: the latest receipts, newest first.

import { InvalidArgumentError, Option } from "commander";
import type { ReceiptSummary } from "../client/records.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { open } from "../output/amounts.js";
import { cut, table } from "../output/table.js";

const COLUMNS = [
	{ head: "Receipt" },
	{ head: "Prompt" },
	{ head: "Answer" },
	{ head: "Fee, OPEN", align: "right" },
	{ head: "Epoch", align: "right" },
] as const;
const PROMPT = 32;
const ANSWER = 24;
const ID = 18;

export function receiptListCommand(cli: Cli) {
	const spec = {
		name: "list",
		describe: "list receipts, newest first; the start of an id is enough for the other commands",
		options: [new Option("--limit <n>", "how many").argParser(whole).default(20)],
		examples: ["receipt list --limit 5"],
	};
	return nodeCommand<{ limit: number }>(cli, spec, async ({ api, options, terminal }) => {
		const { receipts } = await api.get<{ receipts: readonly ReceiptSummary[] }>("/receipts");
		const shown = receipts.slice(0, options.limit);
		const rows = shown.map((r) => [
			r.id.slice(0, ID),
			cut(r.prompt, PROMPT),
			cut(r.response, ANSWER),
			open(r.feeWei),
			r.epoch === null ? "open" : String(r.epoch),
		]);
		const none = 'There is no receipt yet. Ask something: openledger chat "…"';
		return { json: shown, text: rows.length === 0 ? none : table(terminal, COLUMNS, rows) };
	});
}

function whole(value: string): number {
	if (/^[1-9]\d{0,3}$/.test(value)) return Number(value);
	throw new InvalidArgumentError("It must be a whole number from 1 to 9999.");
}
