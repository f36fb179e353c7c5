// Audits in words, looked at line by line.

import { expect, test } from "vitest";
import type { Audit } from "../client/auditRecords.js";
import { auditText } from "./auditTable.js";
import { openTerminal } from "./terminal.js";

const terminal = { ...openTerminal({ color: false }), width: 100 };
const audit: Audit = {
	id: "audit-0123456789abcdef",
	model: "world-1",
	receiptId: `0x${"ab".repeat(32)}`,
	method: "leave-one-contributor-out",
	status: "done",
	error: null,
	queries: [{ prompt: "Who wrote Hamlet?", response: "William\nShakespeare." }],
	progress: null,
	message: null,
	digest: `0x${"cd".repeat(32)}`,
	signature: "0x12",
	signer: `0x${"ef".repeat(20)}`,
	smoothness: null,
	names: { "0x01": "ada", "0x02": "bob", "0x03": "cleo" },
	record: {
		chainId: "612055",
		vault: `0x${"c3".repeat(20)}`,
		method: "leave-one-contributor-out",
		asked: "leave-one-contributor-out",
		because: null,
		steps: 1,
		queries: [{ digest: "0x", targets: 4, loss: "0.125" }],
		contributors: [
			{ contributor: "0x01", rows: 4, effects: ["-0.0012345"], positive: null, sharePpm: 0, paidPpm: 20_000 },
			{ contributor: "0x02", rows: 4, effects: ["0"], positive: null, sharePpm: 0, paidPpm: 0 },
			{ contributor: "0x03", rows: 3, effects: ["1.5"], positive: null, sharePpm: 1_000_000, paidPpm: 980_000 },
		],
		paidBy: "receipt",
		comparison: { rankCorrelation: "0.5", distancePpm: 40_000 },
		signs: [],
	},
};

test("default: a receipt's audit, the most helpful first", () => {
	expect(auditText(terminal, audit).split("\n")).toEqual([
		"Audit      audit-0123456789abcdef",
		"Model      world-1",
		`Receipt    0x${"ab".repeat(32)}`,
		"Question   Who wrote Hamlet?",
		"Answer     William Shakespeare.",
		"Status     done",
		"Method     trained again without each contributor, 1 step",
		"Loss       0.1250 a token over 4 tokens",
		"Agreement  rank correlation 0.500; L1 0.040 of what was paid (0: the same, 2: nothing alike)",
		`Chain      612055, vault 0x${"c3".repeat(20)}`,
		`Record     0x${"cd".repeat(32)}`,
		"Signed by  0xefefefef…efefef",
		"",
		"Contributor  Rows    Effect   Truth   Paid  Difference",
		"cleo            3     +1.50  100.0%  98.0%       −2.0%",
		"bob             4         0    0.0%   0.0%        0.0%",
		"ada             4  −0.00123    0.0%   2.0%       +2.0%",
		"",
		"Effect: by how much the rows lower the loss of a token of the answer. Truth: share of all helpful effects.",
	]);
});

test("default: a rough recipe, one contributor, several questions, a record that was bent", () => {
	const [, , cleo] = audit.record!.contributors;
	const text = auditText(terminal, {
		...audit,
		receiptId: null,
		signer: null,
		smoothness: { smooth: false, why: "its norm grows", figures: { growth: "1200" } },
		queries: [...audit.queries, { prompt: "Who wrote Emma?", response: "Jane Austen." }],
		record: {
			...audit.record!,
			asked: "magic",
			because: "the recipe is too rough",
			queries: [...audit.record!.queries, { digest: "0x", targets: 3, loss: "0.375" }],
			signs: [{ sign: "learningRate", found: "0.004000000189989805", smoothRuns: "0.002" }],
			contributors: [{ ...cleo!, effects: ["1.5", "0.5"], sharePpm: null }],
			paidBy: "model",
			comparison: null,
		},
	});
	expect(text).not.toContain("Answer  ");
	for (const line of [
		"Question   2 questions with their answers",
		"Loss       0.2500 a token over 7 tokens",
		"Not by     magic: the recipe is too rough",
		"Recipe     rough: its norm grows",
		"Sign       learning rate 0.004; smooth recipes had at most 0.002",
		"Signed by  nobody: the record is not what was signed",
		"cleo            3   +1.00      –      98.0%           –",
		"mean of the questions",
	])
		expect(text).toContain(line);
});

test("behavior: one that is under way or failed says so, and has no table", () => {
	const none = { ...audit, record: null, digest: null, signer: null };
	const running = auditText(terminal, {
		...none,
		status: "running",
		progress: { doing: "x", done: 1, total: 4 },
		message: "without ada, 1 of 3, 3 s left",
	});
	expect(running.split("\n").at(-1)).toBe("Status    running: without ada, 1 of 3, 3 s left");
	const failed = auditText(terminal, { ...none, status: "failed", error: "no room" });
	expect(failed.split("\n").at(-1)).toBe("Failed    no room; the same command tries again");
});
