// Blocks and transactions from the chain itself. What is mined stays as it is, so a block is asked for once.

import { keepPreviousData, type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import {
	BaseError,
	type Block,
	BlockNotFoundError,
	type Hex,
	type Transaction,
	TransactionNotFoundError,
	type TransactionReceipt,
} from "viem";
import { ApiError } from "../../shared/api/client.js";
import { chain } from "./chain.js";
import { decodeRefusal } from "./decode.js";

export type FullBlock = Block<bigint, true, "latest" | "safe" | "finalized" | "earliest">;

const HEAD_MS = 2000;
const KEPT_MS = 60_000;
const PER_PAGE = 20;

export function useHead() {
	return useQuery({
		queryKey: ["blocks", "head"],
		queryFn: async () => Number(await reached(chain.getBlockNumber())),
		refetchInterval: HEAD_MS,
	});
}

const blockOptions = (number: number) => ({
	queryKey: ["blocks", "one", number],
	queryFn: () =>
		reached(chain.getBlock({ blockNumber: BigInt(number), includeTransactions: true })) as Promise<FullBlock>,
	staleTime: KEPT_MS,
});

export function useBlock(number: number) {
	return useQuery(blockOptions(number));
}

/** Blocks from `top` downwards, the newest first. */
export function useBlocks(top: number | undefined) {
	const queries = useQueryClient();
	return useQuery({
		queryKey: ["blocks", "page", top],
		queryFn: () => readBlocks(queries, top!),
		enabled: top !== undefined,
		staleTime: KEPT_MS,
		placeholderData: keepPreviousData,
	});
}

export { PER_PAGE as BLOCKS_PER_PAGE };

async function readBlocks(queries: QueryClient, top: number): Promise<readonly FullBlock[]> {
	const numbers = Array.from({ length: Math.min(PER_PAGE, top + 1) }, (_, i) => top - i);
	return await Promise.all(numbers.map((number) => queries.fetchQuery(blockOptions(number))));
}

export type Mined = {
	readonly transaction: Transaction;
	/** Undefined while it waits for a block. */
	readonly receipt?: TransactionReceipt | undefined;
	/** Unix seconds. */
	readonly at?: number | undefined;
};

export function useMined(hash: Hex) {
	return useQuery({
		queryKey: ["transactions", hash],
		queryFn: () => readMined(hash),
		staleTime: KEPT_MS,
		refetchInterval: ({ state }) => (state.data?.receipt === undefined && state.error === null ? HEAD_MS : false),
	});
}

async function readMined(hash: Hex): Promise<Mined> {
	const transaction = await reached(chain.getTransaction({ hash }));
	if (transaction.blockNumber === null) return { transaction };
	const [receipt, block] = await Promise.all([
		reached(chain.getTransactionReceipt({ hash })),
		reached(chain.getBlock({ blockNumber: transaction.blockNumber })),
	]);
	return { transaction, receipt, at: Number(block.timestamp) };
}

export function useReceipts(hashes: readonly Hex[]) {
	return useQuery({
		queryKey: ["transactions", "receipts", hashes],
		queryFn: () => Promise.all(hashes.map((hash) => reached(chain.getTransactionReceipt({ hash })))),
		staleTime: KEPT_MS,
	});
}

/** Why a transaction failed, found by taking it again on the state before its block; null where that does not tell. */
export function useRefusal({ transaction, receipt }: Mined) {
	return useQuery({
		queryKey: ["transactions", transaction.hash, "refusal"],
		queryFn: () => readRefusal(transaction),
		enabled: receipt?.status === "reverted",
		staleTime: KEPT_MS,
	});
}

async function readRefusal({ from, to, input, value, gas, blockNumber }: Transaction): Promise<string | null> {
	try {
		const blockBefore = (blockNumber ?? 1n) - 1n;
		await chain.call({ account: from, to, data: input, value, gas, blockNumber: blockBefore });
		return null;
	} catch (error) {
		const found =
			error instanceof BaseError ? error.walk((e) => typeof (e as { data?: unknown }).data === "string") : null;
		const data = (found as { readonly data?: Hex } | null)?.data;
		return (data && decodeRefusal(data)) ?? (error instanceof BaseError ? error.shortMessage : null);
	}
}

/** The chain's refusals as this app words them: what is not there, and who does not answer. */
async function reached<value>(asked: Promise<value>): Promise<value> {
	try {
		return await asked;
	} catch (error) {
		if (error instanceof BlockNotFoundError || error instanceof TransactionNotFoundError) {
			const message = "the chain has nothing under this number or hash";
			throw new ApiError(message, { status: 404, code: "chain/not-found", cause: error });
		}
		const said = error instanceof BaseError ? error.shortMessage : String(error);
		throw new ApiError(`the chain could not be read: ${said}`, { status: 0, code: "chain/unreachable", cause: error });
	}
}
