// A receipt's full id from as much of it as somebody typed. It must not know what is done with it.

import { usage } from "../errors.js";
import type { Api } from "./api.js";
import type { ReceiptSummary } from "./records.js";

const FULL = /^0x[0-9a-f]{64}$/;
const START = /^0x[0-9a-f]{4,63}$/;

/** A full id is returned as it is; the start of one is looked up. */
export async function findReceipt(api: Api, typed: string): Promise<string> {
	const id = typed.toLowerCase();
	if (FULL.test(id)) return id;
	if (!START.test(id)) {
		throw usage(
			`${JSON.stringify(typed)} is no receipt id; it is 0x and 64 hex digits, or the first 4 or more of them`,
		);
	}
	const { receipts } = await api.get<{ receipts: readonly ReceiptSummary[] }>("/receipts");
	const found = receipts.filter((receipt) => receipt.id.startsWith(id));
	if (found.length === 1) return found[0]!.id;
	throw usage(
		found.length === 0
			? `no receipt begins with ${typed}; see openledger receipt list`
			: `${found.length} receipts begin with ${typed}; type more of it`,
	);
}
