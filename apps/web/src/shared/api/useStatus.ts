// What the node is: chain, addresses, base. Asked again often, because it also shows whether the node is there at all.

import { useQuery } from "@tanstack/react-query";
import type { Address, Hex } from "viem";
import { noteChainTime } from "./chainClock.js";
import { getJson } from "./client.js";

export type Status = {
	readonly chainId: number;
	readonly chainUrl: string;
	readonly rpcUrl: string;
	/** Decimal. */
	readonly block: string;
	/** The chain's clock, in Unix seconds. */
	readonly chainTime: number;
	/** Another one is another chain. */
	readonly genesisHash?: Hex;
	/** Whether a page with the node's token may act as people whose keys the node keeps: on local chains. */
	readonly hasDevelopmentAccounts: boolean;
	readonly addresses: Readonly<Record<string, Address>>;
	readonly engineId: Hex;
	readonly base: { readonly name: string; readonly digest: Hex };
	readonly datanets: number;
	readonly contributions: number;
	readonly models: number;
	readonly receipts: number;
	readonly money: Readonly<Record<string, string>>;
};

const EVERY_MS = 3000;
/** While the node is away. */
const AWAY_MS = 1000;

export function useStatus() {
	return useQuery({
		queryKey: ["status"],
		queryFn: async ({ signal }) => {
			const status = await getJson<Status>("/api/status", signal);
			noteChainTime(status.chainTime);
			return status;
		},
		// It is asked again soon anyway: that nobody answers is told at once.
		retry: false,
		refetchInterval: ({ state }) => (state.error === null ? EVERY_MS : AWAY_MS),
	});
}
