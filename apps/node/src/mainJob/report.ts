// What the main job found, in the shape that programs read. Amounts are decimal strings.

import type { Hex } from "@openledger/protocol";

export type Asked = {
	readonly prompt: string;
	readonly expected?: string;
	readonly response: string;
	readonly topContributor: string;
	readonly shares: readonly { readonly contributor: string; readonly ppm: number }[];
	readonly receiptId: Hex;
};

export type Seconds = {
	readonly chain: number;
	readonly train: number;
	readonly serve: number;
	readonly settle: number;
	readonly total: number;
};

export type MainJobReport = {
	readonly engineId: Hex;
	readonly baseDigest: Hex;
	readonly snapshotRoot: Hex;
	readonly adapterDigest: Hex;
	readonly rows: number;
	readonly rejected: number;
	readonly contributors: number;
	readonly asked: readonly Asked[];
	readonly answeredExactly: number;
	readonly topContributorRight: number;
	readonly receiptRoot: Hex;
	readonly feesWei: string;
	readonly paidWei: string;
	readonly claimedWei: string;
	readonly seconds: Seconds;
};

export type Progress = {
	readonly stage: "chain" | "data" | "train" | "publish" | "serve" | "settle";
	readonly message: string;
	readonly done?: number;
	readonly total?: number;
};

export type OnProgress = (progress: Progress) => void;
