// `openledger receipt show ID`: the answer, who earns by it and why, and the signed record; with --html, as a page.

import { resolve } from "node:path";
import { Option } from "commander";
import { findReceipt } from "../client/findReceipt.js";
import type { ShownReceipt } from "../client/records.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { usage } from "../errors.js";
import { receiptPage } from "../receiptPage/receiptPage.js";
import { receiptText } from "../receiptPage/receiptText.js";
import { writePage } from "../receiptPage/writePage.js";

type Options = { readonly html?: string; readonly force?: boolean };

export function receiptShowCommand(cli: Cli) {
	const spec = {
		name: "show",
		describe: "show a receipt: the answer, whose rows it came from, what was signed",
		args: [["<id>", "the receipt's id, or the start of it"]],
		options: [
			new Option("--html <file>", "write it as one page that needs nothing else, to keep, print or send"),
			new Option("--force", "write over a file that exists"),
		],
		examples: ["receipt show 0x1f3a", "receipt show 0x1f3a --html receipt.html", "receipt show 0x1f3a --json"],
	} as const;
	return nodeCommand<Options>(cli, spec, async ({ api, args, options, terminal }) => {
		if (options.force && options.html === undefined) throw usage("--force needs --html");
		const found = await api.get<ShownReceipt>(`/receipts/${await findReceipt(api, args[0]!)}`);
		if (options.html === undefined) return { json: found, text: receiptText(terminal, found) };
		const file = resolve(options.html);
		const bytes = writePage({ file, content: receiptPage(found), force: options.force });
		const text = `Wrote ${file}, ${bytes.toLocaleString("en-US")} bytes. Open it in any browser.`;
		return { json: { ...found, html: { file, bytes } }, text };
	});
}
