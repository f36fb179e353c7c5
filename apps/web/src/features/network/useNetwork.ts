// Epochs, operators, disputes and constants, as the node lists them. Amounts and times of the chain are decimal strings.

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Address, Hex } from "viem";
import { getJson } from "../../shared/api/client.js";

export type EpochStatus = "collecting" | "ready" | "stored" | "proposed" | "active" | "fallen";
export type ListedEpoch = {
	readonly epoch: number;
	readonly status: EpochStatus;
	/** Unix seconds. */
	readonly closedAt: string;
	readonly challengeEnds: string | null;
	readonly receiptsRoot: Hex | null;
	readonly earningsRoot: Hex | null;
	readonly totalWei: string | null;
	readonly dataRoot: Hex | null;
	readonly dataChunks: number | null;
	readonly certificate: Hex | null;
	readonly erasedRows: number;
	readonly receipts: number;
	readonly feesWei: string;
};
export type ShownEpoch = ListedEpoch & {
	readonly listed: readonly {
		readonly id: Hex;
		readonly modelId: Hex;
		readonly model: string;
		readonly payer: Address;
		readonly feeWei: string;
	}[];
	readonly leaves: readonly {
		readonly account: Address;
		readonly name: string | null;
		readonly cumulativeWei: string;
		readonly earnedWei: string;
	}[];
	readonly root: {
		readonly status: "pending" | "active" | "fallen";
		readonly rootHash: Hex;
		readonly holds: string;
		readonly blockNumber: string;
		readonly proposal: {
			readonly proposer: Address;
			readonly challengeEnds: string;
			readonly claim: {
				readonly receiptsRoot: Hex;
				readonly earningsRoot: Hex;
				readonly dataRoot: Hex;
				readonly totalCumulativeWei: string;
				readonly accounts: number;
			};
		};
	} | null;
	/** Of the proposer, now. */
	readonly bond: { readonly allowed: boolean; readonly bondWei: string } | null;
	readonly transactions: readonly {
		readonly what: string;
		readonly transactionHash: Hex;
		readonly block: string;
		readonly at: number;
	}[];
};
export type EpochData = {
	readonly found: boolean;
	readonly bytes: number;
	readonly root?: Hex;
	readonly equal?: boolean;
	readonly problem?: string;
};
export type EpochCheck = {
	readonly bytes: number;
	readonly fields: readonly {
		readonly field: string;
		readonly onChain: string;
		readonly recomputed: string;
		readonly equal: boolean;
	}[];
	readonly receipts: number;
	readonly accounts: number;
	readonly earlier: number;
	readonly faults: readonly { readonly kind: string; readonly message: string }[];
	readonly seconds: number;
};
export type ListedNode = {
	readonly operator: Address;
	readonly name: string | null;
	readonly roles: readonly string[];
	readonly activeWei: string;
	readonly lockedWei: string;
	readonly freeWei: string;
	readonly unbondingWei: string;
	readonly rootBondWei: string;
	readonly isCovered: boolean;
};
export type Disputes = {
	readonly cases: readonly {
		readonly caseId: string;
		readonly courtName: string;
		readonly role: string;
		readonly subject: Hex;
		readonly phase: string;
		readonly commitEnds: number;
		readonly revealEnds: number;
		readonly size: number;
		readonly committed: number;
		readonly revealed: number;
		readonly verdict: number;
	}[];
	readonly runs: readonly {
		readonly id: Hex;
		readonly jobId: Hex;
		readonly trainer: Address;
		readonly challenger: Address;
		readonly phase: string;
		readonly outcome: string;
		readonly deadline: number;
		readonly bondWei: string;
	}[];
	readonly contributions: readonly {
		readonly contributionId: Hex;
		readonly round: number;
		readonly datanetId: Hex;
		readonly contributor: Address;
		readonly status: string;
		readonly stage: string;
		readonly deadline: number;
		readonly appellant: Address | null;
		readonly bondWei: string;
		readonly caseId: string | null;
	}[];
	readonly rootDemands: readonly {
		readonly demandId: Hex;
		readonly challenger: Address;
		readonly epoch: string;
		readonly deadline: string;
		readonly bondWei: string;
		readonly asked: { readonly kind: string; readonly index?: number; readonly row?: number };
	}[];
	readonly rootDisputes: readonly {
		readonly rootHash: Hex;
		readonly challenger: Address;
		readonly bondWei: string;
		readonly caseId: string;
	}[];
	readonly rootHistory: readonly {
		readonly what: string;
		readonly at: number;
		readonly transactionHash: Hex;
		readonly epoch: string | null;
	}[];
};
export type Parameter = { readonly key: string; readonly value: string; readonly min: string; readonly max: string };

const EVERY_MS = 4000;
const SLOW_MS = 15_000;
const EPOCHS_PER_PAGE = 25;

/** `before` is what the page before gave as `next`. */
export function useEpochs(before?: number) {
	const from = before === undefined ? "" : `&before=${before}`;
	return useQuery({
		queryKey: ["epochs", "list", before ?? null],
		queryFn: ({ signal }) =>
			getJson<{ readonly epochs: readonly ListedEpoch[]; readonly next: number | null }>(
				`/api/network/epochs?limit=${EPOCHS_PER_PAGE}${from}`,
				signal,
			),
		refetchInterval: EVERY_MS,
		placeholderData: keepPreviousData,
	});
}

export function useEpoch(epoch: number) {
	return useQuery({
		queryKey: ["epochs", epoch],
		queryFn: ({ signal }) => getJson<ShownEpoch>(`/api/network/epochs/${epoch}`, signal),
		refetchInterval: EVERY_MS,
	});
}

/** Whether its data is there, looked at once a while: it is read whole for that. */
export function useEpochData(epoch: number, isProposed: boolean) {
	return useQuery({
		queryKey: ["epochs", epoch, "data"],
		queryFn: ({ signal }) => getJson<EpochData>(`/api/network/epochs/${epoch}/data`, signal),
		enabled: isProposed,
		staleTime: 60_000,
	});
}

/** Only when somebody asks: every signature is recovered. */
export function useEpochCheck(epoch: number) {
	return useQuery({
		queryKey: ["epochs", epoch, "check"],
		queryFn: ({ signal }) => getJson<EpochCheck>(`/api/network/epochs/${epoch}/check`, signal),
		enabled: false,
		staleTime: Number.POSITIVE_INFINITY,
	});
}

export function useNodes(from: number) {
	return useQuery({
		queryKey: ["nodes", from],
		queryFn: ({ signal }) =>
			getJson<{ readonly nodes: readonly ListedNode[]; readonly total: number; readonly hasMore: boolean }>(
				`/api/network/nodes?limit=${NODES_AT_ONCE}&from=${from}`,
				signal,
			),
		refetchInterval: EVERY_MS,
		placeholderData: keepPreviousData,
	});
}
export const NODES_AT_ONCE = 50;

export function useDisputes() {
	return useQuery({
		queryKey: ["disputes"],
		queryFn: ({ signal }) => getJson<Disputes>("/api/network/disputes", signal),
		refetchInterval: EVERY_MS,
	});
}

export function useParameters() {
	return useQuery({
		queryKey: ["parameters"],
		queryFn: ({ signal }) => getJson<{ readonly parameters: readonly Parameter[] }>("/api/network/parameters", signal),
		refetchInterval: SLOW_MS,
	});
}
