// `openledger audit show ID`: what an audit found, or how far it is.

import type { Audit } from "../client/auditRecords.js";
import { findAudit } from "../client/findAudit.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { auditText } from "../output/auditTable.js";

export function auditShowCommand(cli: Cli) {
	const spec = {
		name: "show",
		describe: "show an audit: each contributor's true effect beside what was paid, and how smooth the recipe was found",
		args: [["<id>", "the audit's id or the start of it, or a receipt's for its latest audit"]],
		examples: ["audit show audit-3fc2", "audit show 0x1f3a --json"],
	} as const;
	return nodeCommand(cli, spec, async ({ api, args, terminal }) => {
		const audit = await api.get<Audit>(`/audits/${await findAudit(api, args[0]!)}`);
		return { json: audit, text: auditText(terminal, audit) };
	});
}
