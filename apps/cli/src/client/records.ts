// What the node's management API answers, as far as the command line reads it. Amounts are decimal strings of wei.

export type Datanet = {
	readonly id: string;
	readonly name: string;
	readonly licence: string;
	readonly termsHash: string;
	readonly rows: number;
	readonly contributors: number;
	readonly contributions: readonly {
		readonly id: string;
		readonly contributor: string;
		readonly account: string;
		readonly offeredRows: number;
		readonly acceptedRows: number;
		readonly status: string;
	}[];
	readonly snapshots: readonly {
		readonly version: number;
		readonly root: string;
		readonly rowCount: number;
		readonly status: string;
	}[];
};

export type Contributed = {
	readonly id: string;
	readonly contributor: string;
	readonly offeredRows: number;
	readonly acceptedRows: number;
	readonly status: "accepted" | "rejected";
	readonly rejected: readonly { readonly line: number; readonly code: string; readonly reason: string }[];
};

export type Model = {
	readonly id: string;
	/** The name it is served under. */
	readonly model: string;
	readonly name: string;
	readonly version: number;
	readonly status: string;
	readonly served: boolean;
	readonly base: string;
	readonly baseDigest: string;
	readonly engineId: string;
	readonly adapterDigest: string;
	readonly featuresRoot: string;
	readonly runCommitment: string;
	readonly rates: { readonly platformWei: string; readonly inWeiPer1000: string; readonly outWeiPer1000: string };
	readonly split: Readonly<Record<"contributorsPpm" | "ownerPpm" | "nodePpm" | "stakersPpm" | "treasuryPpm", number>>;
};

export type TrainedModel = Model & {
	readonly seconds: number;
	readonly plannedSteps: number;
	/** The step whose adapter this is. */
	readonly keptStep: number;
	readonly rowsUsed?: {
		readonly learnt: number;
		readonly heldOut: readonly number[];
		readonly leftOut: readonly { readonly row: number; readonly reason: string }[];
	};
	readonly validations: readonly { readonly step: number; readonly loss: number; readonly perplexity: number }[];
	readonly history: readonly {
		readonly step: number;
		readonly epoch: number;
		readonly loss: number;
		readonly seconds: number;
	}[];
};

export type Job = {
	readonly id: string;
	readonly status: "queued" | "running" | "done" | "failed";
	readonly progress: {
		readonly stage: string;
		readonly done: number;
		readonly total: number;
		readonly loss: number;
		readonly secondsLeft: number;
		readonly epoch: number;
		readonly epochs: number;
		readonly tokensPerSecond: number;
		readonly leftOut: number;
		readonly validation?: { readonly step: number; readonly loss: number; readonly perplexity: number };
	} | null;
	/** The progress in words. */
	readonly message: string | null;
	readonly modelId: string | null;
	readonly error: string | null;
};

export type Share = { readonly contributor: string; readonly ppm: number };

export type ReceiptSummary = {
	readonly id: string;
	readonly payer: string;
	readonly feeWei: string;
	readonly epoch: number | null;
	readonly prompt: string;
	readonly response: string;
};

export type ShownReceipt = {
	readonly id: string;
	readonly model: string;
	readonly receipt: Readonly<Record<string, string | number>>;
	readonly signature: string;
	readonly order: { readonly messages: readonly { readonly role: string; readonly content: string }[] };
	readonly response: string;
	readonly epoch: number | null;
	readonly unattributedPpm: number;
	readonly shares: readonly Share[];
	readonly rows: readonly {
		readonly row: number;
		readonly sharePpm: number;
		readonly contributor: string;
		readonly prompt: string;
		readonly response: string;
	}[];
};

export type Verification = {
	readonly receiptId: string;
	readonly identical: boolean;
	readonly checks: readonly { readonly what: string; readonly ok: boolean; readonly detail: string }[];
	readonly firstDifference?: string;
};

export type Reward = {
	readonly contributor: string;
	readonly account: string;
	readonly earnedWei: string;
	readonly claimedWei: string;
};

export type Claimed = {
	readonly contributor: string;
	readonly account: string;
	readonly paidWei: string;
	readonly cumulativeWei: string;
};

export type ClosedEpoch = {
	readonly epoch: number;
	readonly receipts: number;
	readonly receiptsRoot: string;
	readonly earningsRoot: string;
	readonly totalWei: string;
};

export type Status = {
	readonly chainId: number;
	readonly chainUrl: string;
	readonly addresses: Readonly<Record<string, `0x${string}`>>;
	readonly engineId: string;
	readonly base: { readonly name: string; readonly digest: string };
};
