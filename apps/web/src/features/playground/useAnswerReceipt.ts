// The receipt of an answer, as soon as the node has made it: with the end of the stream, or a moment later where receipts are deferred.

import { useQuery } from "@tanstack/react-query";
import { getJson } from "../../shared/api/client.js";
import type { ShownReceipt } from "../../shared/attribution/shownReceipt.js";
import type { Answered } from "./askModel.js";

const EVERY_MS = 1000;
const PENDING = /^\/v1\/openledger\/receipts\/0x[0-9a-f]{40}\/0x[0-9a-f]{64}$/i;

export function useAnswerReceipt(answered: Answered | undefined) {
	const pending = answered?.pending ?? "";
	const known = answered?.receiptId;
	const named = useQuery<{ readonly receiptId: string | null }>({
		queryKey: ["receipts", "pending", pending],
		enabled: known == null && PENDING.test(pending),
		refetchInterval: ({ state }) => (state.data?.receiptId == null ? EVERY_MS : false),
		queryFn: ({ signal }) => getJson(pending, signal),
	});
	const id = known ?? named.data?.receiptId ?? undefined;
	const shown = useQuery({
		queryKey: ["receipts", id, "shown"],
		enabled: id !== undefined,
		staleTime: Number.POSITIVE_INFINITY,
		queryFn: ({ signal }) => getJson<ShownReceipt>(`/api/receipts/${encodeURIComponent(id!)}`, signal),
	});
	return { id, receipt: shown.data, query: shown };
}
