// How an audit is told: who helped how much by the truth, beside what they were paid. It must not know where audits come from.

import type { Audit, AuditRecord } from "../client/auditRecords.js";
import { counted, percent, short } from "./amounts.js";
import { cut, facts, table } from "./table.js";
import type { Terminal } from "./terminal.js";

const DIGITS = 3;
const PPM = 1_000_000;

/** Facts and, once it is done, a line a contributor, the most helpful first. */
export function auditText(terminal: Terminal, audit: Audit): string {
	const { record } = audit;
	const [first] = audit.queries;
	const asked =
		audit.queries.length === 1 ? (first?.prompt ?? "") : `${audit.queries.length} questions with their answers`;
	const head: [string, string][] = [
		["Audit", audit.id],
		["Model", audit.model],
		...(audit.receiptId === null ? [] : [["Receipt", audit.receiptId] as [string, string]]),
		["Question", cut(asked, terminal.width - 12)],
		...(audit.queries.length === 1 ? [["Answer", cut(first!.response, terminal.width - 12)] as [string, string]] : []),
		["Status", audit.status === "running" && audit.message !== null ? `running: ${audit.message}` : audit.status],
	];
	if (audit.error !== null) head.push(["Failed", `${audit.error}; the same command tries again`]);
	if (record === null) return facts(terminal, head);
	const all = [...head, ...recordFacts(audit, record)];
	return [
		facts(terminal, all),
		"",
		contributorTable(terminal, audit, record),
		"",
		terminal.style.dim(LEGEND(record)),
	].join("\n");
}

const METHODS: Readonly<Record<string, string>> = {
	"leave-one-contributor-out": "trained again without each contributor",
	magic: "derivative through the whole training",
};

const SIGNS: Readonly<Record<string, string>> = {
	learningRate: "learning rate",
	warmup: "warm-up share",
	batch: "rows a step",
};

function recordFacts(audit: Audit, record: AuditRecord): [string, string][] {
	const { comparison } = record;
	const { smoothness } = audit;
	const losses = record.queries.map(({ loss }) => Number(loss));
	const targets = record.queries.reduce((sum, query) => sum + query.targets, 0);
	const loss = losses.reduce((sum, one) => sum + one, 0) / losses.length;
	const out: [string, string][] = [
		["Method", `${METHODS[record.method] ?? record.method}, ${counted(record.steps, "step")}`],
		["Loss", `${loss.toFixed(4)} a token over ${counted(targets, "token")}`],
	];
	if (record.because !== null) out.push(["Not by", `${record.asked}: ${record.because}`]);
	if (smoothness !== null) out.push(["Recipe", `${smoothness.smooth ? "smooth" : "rough"}: ${smoothness.why}`]);
	for (const { sign, found, smoothRuns } of record.signs) {
		const bound = sign === "learningRate" ? "at most" : "at least";
		out.push([
			"Sign",
			`${SIGNS[sign] ?? sign} ${Number(Number(found).toPrecision(4))}; smooth recipes had ${bound} ${smoothRuns}`,
		]);
	}
	if (comparison !== null) {
		const rank = comparison.rankCorrelation === null ? "none" : Number(comparison.rankCorrelation).toFixed(DIGITS);
		const distance = (comparison.distancePpm / PPM).toFixed(DIGITS);
		out.push([
			"Agreement",
			`rank correlation ${rank}; L1 ${distance} of ${paidWord(record)} (0: the same, 2: nothing alike)`,
		]);
	}
	out.push(["Chain", `${record.chainId}, vault ${record.vault}`]);
	out.push(["Record", `${audit.digest}`]);
	out.push(["Signed by", audit.signer === null ? "nobody: the record is not what was signed" : short(audit.signer)]);
	return out;
}

function contributorTable(terminal: Terminal, { names }: Audit, record: AuditRecord): string {
	const isMagic = record.contributors.some(({ positive }) => positive !== null);
	const columns = [
		{ head: "Contributor" },
		{ head: "Rows", align: "right" },
		{ head: "Effect", align: "right" },
		...(isMagic ? [{ head: "Helpful rows", align: "right" } as const] : []),
		{ head: "Truth", align: "right" },
		{ head: record.paidBy === "receipt" ? "Paid" : "Would pay", align: "right" },
		{ head: "Difference", align: "right" },
	] as const;
	const told = record.contributors.map((one) => ({
		...one,
		effect: mean(one.effects),
		helpful: mean(one.positive ?? []),
	}));
	told.sort((a, b) => b.effect - a.effect);
	const rows = told.map(({ contributor, rows: count, effect, helpful, sharePpm, paidPpm }) => [
		names[contributor] ?? contributor,
		String(count),
		signed(effect),
		...(isMagic ? [signed(helpful)] : []),
		sharePpm === null ? "–" : percent(sharePpm),
		percent(paidPpm),
		sharePpm === null ? "–" : difference(paidPpm - sharePpm),
	]);
	return table(terminal, columns, rows);
}

const LEGEND = (record: AuditRecord) =>
	`Effect: by how much the rows lower the loss of a token of the answer${record.queries.length > 1 ? ", mean of the questions" : ""}. Truth: share of all helpful effects.`;

const paidWord = ({ paidBy }: AuditRecord) => (paidBy === "receipt" ? "what was paid" : "what would be paid");

function mean(decimals: readonly string[]): number {
	return decimals.reduce((sum, text) => sum + Number(text), 0) / Math.max(1, decimals.length);
}

function signed(effect: number): string {
	if (effect === 0) return "0";
	return `${effect > 0 ? "+" : "−"}${Math.abs(effect).toPrecision(DIGITS)}`;
}

function difference(ppm: number): string {
	const size = percent(Math.abs(ppm));
	return size === percent(0) ? size : `${ppm > 0 ? "+" : "−"}${size}`;
}
