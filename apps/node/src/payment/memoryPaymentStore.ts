// Payments remembered in memory: for tests and for the conformance of other stores. It must not be used where a crash
// may lose money.
import type { PaymentKey, PaymentRecord, PaymentStore } from "./types.js";

export function memoryPaymentStore(): PaymentStore {
	const records = new Map<string, PaymentRecord>();
	const nameOf = ({ payer, nonce }: PaymentKey) => `${payer}:${nonce}`.toLowerCase();
	const change = (key: PaymentKey, changes: Partial<PaymentRecord>) => {
		const record = records.get(nameOf(key));
		if (record?.state === "claimed") records.set(nameOf(key), { ...record, ...changes });
	};
	return {
		get: async (key) => records.get(nameOf(key)),
		claim: async (record) => {
			const existing = records.get(nameOf(record));
			if (existing === undefined) records.set(nameOf(record), record);
			return existing;
		},
		markBroadcast: async (key, txHash) => change(key, { txHash }),
		markSettled: async (key, txHash) => change(key, { txHash, state: "settled" }),
		release: async (key) => {
			if (records.get(nameOf(key))?.state === "claimed") records.delete(nameOf(key));
		},
		unsettled: async () => [...records.values()].filter((record) => record.state === "claimed"),
	};
}
