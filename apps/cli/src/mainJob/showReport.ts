// The main job's result for people: every question with its answer and who earned by it, then the sums. Exact values are in the JSON.

import type { MainJobReport } from "@openledger/node";
import type { Reward } from "../client/records.js";
import { counted, open, percent, seconds } from "../output/amounts.js";
import { rewardTable } from "../output/rewardTable.js";
import { facts, table } from "../output/table.js";
import type { Terminal } from "../output/terminal.js";

const ASKED = [
	{ head: "Question" },
	{ head: "" },
	{ head: "Answer" },
	{ head: "Top contributor" },
	{ head: "Share", align: "right" },
	{ head: "Receipt" },
] as const;
const RECEIPT = 10;

export function showReport(terminal: Terminal, report: MainJobReport, rewards: readonly Reward[]): string {
	const { green, yellow, bold } = terminal.style;
	const asked = report.asked.map(({ prompt, expected, response, topContributor, shares, receiptId }) => {
		const right = expected === undefined ? "" : response.trim() === expected.trim() ? green("✓") : yellow("≠");
		const share = shares[0] === undefined ? "" : percent(shares[0].ppm);
		return [prompt, right, response, topContributor, share, receiptId.slice(0, RECEIPT)];
	});
	const { seconds: took } = report;
	const judged = report.asked.filter(({ expected }) => expected !== undefined).length;
	const isPaid = report.paidWei === report.claimedWei;
	const sums = facts(terminal, [
		["Rows", `${report.rows} by ${counted(report.contributors, "contributor")}, ${report.rejected} rejected`],
		[
			"Exact",
			judged === 0
				? "no answer was expected"
				: `${bold(`${report.answeredExactly} of ${judged}`)} answers as the row says`,
		],
		[
			"Top",
			judged === 0
				? "no contributor was expected"
				: `${bold(`${report.topContributorRight} of ${judged}`)} with the fact's contributor first`,
		],
		["Fees", `${open(report.feesWei)} OPEN for answers, in all`],
		[
			"Paid",
			`${open(report.paidWei)} OPEN to contributors, ${open(report.claimedWei)} claimed ${isPaid ? green("✓ to the wei") : yellow("≠")}`,
		],
		[
			"Time",
			`chain ${seconds(took.chain)}, training ${seconds(took.train)}, serving ${seconds(took.serve)}, settling ${seconds(took.settle)}, in all ${seconds(took.total)}`,
		],
		["Engine", report.engineId],
		["Base", report.baseDigest],
		["Snapshot", report.snapshotRoot],
		["Adapter", report.adapterDigest],
		["Receipts", report.receiptRoot],
	]);
	return [table(terminal, ASKED, asked), rewardTable(terminal, rewards), sums].join("\n\n");
}
