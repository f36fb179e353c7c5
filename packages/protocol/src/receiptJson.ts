// A receipt as JSON: amounts and times as decimals. It must not know where it is kept.

import { checkReceipt, RECEIPT_FIELDS, type Receipt } from "./receipt.js";

export type ReceiptJson = {
	readonly [field in keyof Receipt]: Receipt[field] extends bigint ? string : Receipt[field];
};

export function receiptToJson(receipt: Receipt): ReceiptJson {
	const entries = Object.entries(receipt).map(([key, value]) => [key, typeof value === "bigint" ? `${value}` : value]);
	return Object.fromEntries(entries) as ReceiptJson;
}

/** Throws `protocol/bad-…` naming the field that is not what a receipt holds. */
export function receiptFromJson(json: unknown): Receipt {
	const given = json as Record<string, unknown>;
	const entries = RECEIPT_FIELDS.map(({ name, type }) => {
		const value = given[name];
		const amount = type === "uint256" || type === "uint64";
		return [name, amount && typeof value === "string" && /^\d+$/.test(value) ? BigInt(value) : value];
	});
	return checkReceipt(Object.fromEntries(entries) as Receipt);
}
