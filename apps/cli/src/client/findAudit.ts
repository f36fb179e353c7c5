// Full ids from as much of them as somebody typed: of what is audited, and of audits. It must not know what is done with them.

import { usage } from "../errors.js";
import type { Api } from "./api.js";
import type { Audit } from "./auditRecords.js";
import type { Model, ReceiptSummary } from "./records.js";

const FULL = /^0x[0-9a-f]{64}$/;
const START = /^0x[0-9a-f]{4,63}$/;

/** A receipt's or model's id from the start of it; a model's name stays as it is. */
export async function findSubject(api: Api, typed: string): Promise<string> {
	const id = typed.toLowerCase();
	if (!id.startsWith("0x") || FULL.test(id)) return id;
	if (!START.test(id)) {
		throw usage(
			`${JSON.stringify(typed)} is no id; it is 0x and 64 hex digits, or the first 4 or more of them, or a model's name`,
		);
	}
	const { receipts } = await api.get<{ receipts: readonly ReceiptSummary[] }>("/receipts");
	const { models } = await api.get<{ models: readonly Model[] }>("/models");
	const found = [...receipts, ...models].filter((one) => one.id.startsWith(id));
	if (found.length === 1) return found[0]!.id;
	throw usage(
		found.length === 0
			? `no receipt and no model begins with ${typed}; see openledger receipt list and openledger model list`
			: `${found.length} receipts and models begin with ${typed}; type more of it`,
	);
}

/** An audit's id from the start of it, or the latest audit of a receipt. */
export async function findAudit(api: Api, typed: string): Promise<string> {
	const { audits } = await api.get<{ audits: readonly Pick<Audit, "id" | "receiptId">[] }>("/audits");
	const id = typed.toLowerCase();
	const own = audits.filter((audit) => audit.id.startsWith(id) && id.length > "audit-".length);
	if (own.length === 1) return own[0]!.id;
	if (own.length > 1) throw usage(`${own.length} audits begin with ${typed}; type more of it`);
	const of = audits.find(({ receiptId }) => START.test(id.slice(0, 65)) && receiptId?.startsWith(id));
	if (of !== undefined) return of.id;
	throw usage(`there is no audit ${JSON.stringify(typed)}, nor of a receipt that begins so; see openledger audit list`);
}
