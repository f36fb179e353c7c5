// The rows of a model's snapshot by who gave them. An account is a contributor; names are for people.

import type { Address } from "@openledger/protocol";
import type { ShelvedModel } from "../model/openModelShelf.js";
import type { AuditInput } from "./auditInput.js";

export type ContributorGroup = { readonly account: Address; readonly name: string; readonly rows: ReadonlySet<number> };

/** Accounts in ascending order, all or those that the audit names; row ids are places in the snapshot. */
export function contributorGroups(
	{ rows }: Pick<ShelvedModel, "rows">,
	{ contributors }: AuditInput,
): ContributorGroup[] {
	const groups = new Map<Address, { name: string; rows: Set<number> }>();
	rows.forEach(({ contributor, contributorName }, row) => {
		const known = groups.get(contributor);
		if (known === undefined) groups.set(contributor, { name: contributorName, rows: new Set([row]) });
		else known.rows.add(row);
	});
	return [...groups]
		.filter(([account]) => contributors === null || contributors.includes(account))
		.map(([account, group]) => ({ account, ...group }))
		.sort((a, b) => (a.account < b.account ? -1 : 1));
}
