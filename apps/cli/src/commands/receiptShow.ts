// `openledger receipt show ID`: the answer, who earns by it, and the signed record.

import { findReceipt } from "../client/findReceipt.js";
import type { ShownReceipt } from "../client/records.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { open, percent } from "../output/amounts.js";
import { cut, facts, table } from "../output/table.js";

const ROWS = [
	{ head: "Share", align: "right" },
	{ head: "Contributor" },
	{ head: "Row", align: "right" },
	{ head: "Prompt" },
	{ head: "Response" },
] as const;
const RECORD = ["modelId", "adapterDigest", "baseDigest", "snapshotRoot", "featuresRoot", "engineId", "sharesRoot"];

export function receiptShowCommand(cli: Cli) {
	const spec = {
		name: "show",
		describe: "show a receipt: the answer, whose rows it came from, what was signed",
		args: [["<id>", "the receipt's id, or the start of it"]],
		examples: ["receipt show 0x1f3a", "receipt show 0x1f3a --json"],
	} as const;
	return nodeCommand(cli, spec, async ({ api, args, terminal }) => {
		const found = await api.get<ShownReceipt>(`/receipts/${await findReceipt(api, args[0]!)}`);
		const { receipt } = found;
		const time = new Date(Number(receipt.timestamp) * 1000).toISOString().replace(".000Z", "Z");
		const head = facts(terminal, [
			["Receipt", found.id],
			["Question", cut(found.order.messages.at(-1)?.content ?? "", terminal.width)],
			["Answer", terminal.style.bold(cut(found.response, terminal.width))],
			["Model", found.model],
			["Fee", `${open(String(receipt.feeWei))} OPEN for ${receipt.tokensIn} + ${receipt.tokensOut} tokens, at ${time}`],
			["Settled", found.epoch === null ? "not yet" : `in epoch ${found.epoch}`],
			[
				"Shares",
				cut(
					found.shares.map(({ contributor, ppm }) => `${contributor} ${percent(ppm)}`).join(", "),
					terminal.width - 10,
				),
			],
		]);
		const rows = found.rows.map((r) => [percent(r.sharePpm), r.contributor, String(r.row), r.prompt, r.response]);
		const record = facts(terminal, [
			...RECORD.map((field) => [field, String(receipt[field] ?? "")] as const),
			["signature", cut(found.signature, 68)],
		]);
		return { json: found, text: [head, table(terminal, ROWS, rows), record].join("\n\n") };
	});
}
