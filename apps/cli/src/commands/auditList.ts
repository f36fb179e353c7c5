// `openledger audit list`: audits, newest first.

import type { Audit } from "../client/auditRecords.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { cut, table } from "../output/table.js";

const COLUMNS = [{ head: "Audit" }, { head: "Model" }, { head: "Of" }, { head: "Method" }, { head: "Status" }] as const;
const PROMPT = 32;

export function auditListCommand(cli: Cli) {
	const spec = {
		name: "list",
		describe: "list audits, newest first",
		examples: ["audit list", "audit list --json"],
	};
	return nodeCommand(cli, spec, async ({ api, terminal }) => {
		const { audits } = await api.get<{ audits: readonly Audit[] }>("/audits");
		const rows = audits.map(({ id, model, queries, method, status, progress }) => [
			id,
			model,
			cut(queries.length === 1 ? queries[0]!.prompt : `${queries.length} questions`, PROMPT),
			method,
			progress === null || progress.total === 0
				? status
				: `${status}, ${Math.floor((100 * progress.done) / progress.total)}%`,
		]);
		const none = "There is no audit yet. Begin one: openledger audit run RECEIPT";
		return { json: audits, text: rows.length === 0 ? none : table(terminal, COLUMNS, rows) };
	});
}
