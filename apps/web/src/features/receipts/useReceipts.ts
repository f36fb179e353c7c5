// Receipts as the node lists and shows them.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { Address, Hex } from "viem";
import { ApiError, getJson } from "../../shared/api/client.js";
import type { ShownReceipt } from "../../shared/attribution/shownReceipt.js";

export type ListedReceipt = {
	readonly id: Hex;
	readonly sequence: number;
	readonly modelId: Hex;
	readonly model: string;
	readonly payer: Address;
	/** Decimal. */
	readonly feeWei: string;
	readonly epoch: number | null;
	readonly prompt?: string;
	readonly response: string;
	/** Unix seconds. */
	readonly timestamp: string;
	readonly tokensIn: number;
	readonly tokensOut: number;
};

export type FullReceipt = ShownReceipt;

export type Settlement = {
	readonly payment: {
		readonly method: string;
		readonly account: Hex | null;
		readonly till: Address | null;
		readonly transaction: Hex | null;
	};
	readonly epoch: {
		readonly epoch: number;
		readonly status: "collecting" | "ready" | "stored" | "proposed" | "active" | "fallen";
		readonly receiptsRoot?: Hex | null;
		readonly earningsRoot?: Hex | null;
		readonly dataRoot?: Hex | null;
		/** Unix seconds, decimal. */
		readonly challengeEnds?: string | null;
		readonly proposal?: Hex | null;
		readonly cumulative: readonly { readonly account: Address; readonly cumulativeWei: string }[];
		readonly claims: readonly { readonly account: Address; readonly transaction: Hex; readonly block: string }[];
	} | null;
	readonly payouts: readonly {
		readonly account: Address;
		readonly contributor: string;
		/** Of all answers, so far. */
		readonly claimedWei: string;
	}[];
	/** Who gets what no row earned. */
	readonly pool: Address;
};

const PAGE = 30;
const LIST_MS = 4000;
const SETTLEMENT_MS = 5000;

type Page = { readonly receipts: readonly ListedReceipt[]; readonly next?: number };

/** The newest first, a page at a time; what is shown already is asked again as long as it is the first page alone. */
export function useReceipts({ modelId, payer }: { readonly modelId: string; readonly payer: string }) {
	return useInfiniteQuery({
		queryKey: ["receipts", "list", modelId, payer],
		initialPageParam: undefined as number | undefined,
		queryFn: ({ pageParam, signal }) => {
			const asked = new URLSearchParams({ limit: String(PAGE) });
			if (pageParam !== undefined) asked.set("before", String(pageParam));
			if (modelId !== "") asked.set("modelId", modelId);
			if (payer !== "") asked.set("payer", payer);
			return getJson<Page>(`/api/receipts?${asked}`, signal);
		},
		getNextPageParam: ({ next }) => next,
		refetchInterval: ({ state }) => ((state.data?.pages.length ?? 1) === 1 ? LIST_MS : false),
	});
}

/** A receipt never changes, but for the epoch that it falls into. */
export function useReceipt(id: string) {
	return useQuery({
		queryKey: ["receipts", id],
		queryFn: async ({ signal }) => {
			const found = await getJson<FullReceipt>(`/api/receipts/${encodeURIComponent(id)}`, signal);
			// Else the title would name one receipt, and a verification be of another.
			if (found.id === id) return found;
			throw new ApiError("the node answered with another receipt", { status: 200, code: "web/bad-answer" });
		},
		refetchInterval: ({ state }) => (state.data !== undefined && state.data.epoch === null ? SETTLEMENT_MS : false),
	});
}

/** What became of its money. */
export function useSettlement(id: string) {
	return useQuery({
		queryKey: ["receipts", id, "settlement"],
		queryFn: ({ signal }) => getJson<Settlement>(`/api/receipts/${encodeURIComponent(id)}/settlement`, signal),
		refetchInterval: SETTLEMENT_MS,
	});
}

export type NamedModel = { readonly id: Hex; readonly name: string };

/** For the choice by which the list is filtered. */
export function useModelNames() {
	return useQuery({
		queryKey: ["models", "names"],
		queryFn: async ({ signal }) => {
			type Shown = { readonly id: Hex; readonly servedName?: string; readonly name: string; readonly version: number };
			const { models } = await getJson<{ readonly models: readonly Shown[] }>("/api/models", signal);
			return models.map(
				({ id, servedName, name, version }): NamedModel => ({ id, name: servedName ?? `${name}-${version}` }),
			);
		},
	});
}
