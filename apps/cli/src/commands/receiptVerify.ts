// `openledger receipt verify ID`: runs answer and attribution again from what the receipt commits to.

import { findReceipt } from "../client/findReceipt.js";
import type { Verification } from "../client/records.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { cut } from "../output/table.js";

const WHAT = 11;

export function receiptVerifyCommand(cli: Cli) {
	const spec = {
		name: "verify",
		describe: "run an answer and its attribution again; says identical (exit 0) or the first difference (exit 1)",
		args: [["<id>", "the receipt's id, or the start of it"]],
		examples: ["receipt verify 0x1f3a"],
	} as const;
	return nodeCommand(cli, spec, async ({ api, args, terminal }) => {
		const found = await api.post<Verification>(`/receipts/${await findReceipt(api, args[0]!)}/verify`);
		const { style, width } = terminal;
		const lines = found.checks.map(({ what, ok, detail }) => {
			// Why a check failed is told in full.
			const told = ok ? style.dim(cut(detail, width - WHAT - 4)) : detail;
			return `${ok ? style.green("✓") : style.red("✗")} ${what.padEnd(WHAT)} ${told}`;
		});
		const verdict = found.identical
			? style.green(style.bold("identical"))
			: style.red(style.bold(`different: ${found.firstDifference}`));
		return { json: found, text: [...lines, "", verdict].join("\n"), ok: found.identical };
	});
}
