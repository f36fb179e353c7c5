// What our contracts said, as it is handed on: single events, and who keeps them ready. It must not know how they are read.
import type { Hex } from "viem";
import type { ContractName } from "../contractAbis.js";

/** One event; (blockNumber, logIndex) orders and identifies it. */
export type LedgerEvent = {
	readonly contract: ContractName;
	readonly name: string;
	readonly args: Readonly<Record<string, unknown>>;
	readonly blockNumber: bigint;
	readonly logIndex: number;
	readonly transactionHash: Hex;
};

/** `at`: its block's time, Unix seconds. */
export type FollowedEvent = LedgerEvent & { readonly at: number };
export type EventPlace = { readonly blockNumber: bigint; readonly logIndex: number };
export type EventKind = { readonly contract: ContractName; readonly name: string };

/** Newest first. Where not all are held, older ones are in the blocks below `from`. */
export type NewestHeld = {
	readonly events: readonly FollowedEvent[];
	/** There are no older ones. */
	readonly isAll: boolean;
	readonly from: bigint;
};

export type FollowedEvents = {
	/** All of one kind up to the chain's head now, oldest first. */
	all(kind: EventKind): Promise<readonly LedgerEvent[]>;
	/** At most `limit` of some kinds, strictly before a place where one is named. */
	newest(
		kinds: readonly EventKind[],
		page: { readonly limit: number; readonly before?: EventPlace | undefined },
	): Promise<NewestHeld>;
	/** How much is held and was read, for who measures. */
	held(): { readonly events: number; readonly marks: number; readonly from: bigint; readonly blocksRead: number };
};
