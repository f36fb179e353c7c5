// What the node's management API answers, as far as the command line reads it. Amounts are decimal strings of wei.

export type Datanet = {
	readonly id: string;
	readonly name: string;
	readonly licence: string;
	readonly termsHash: string;
	readonly rows: number;
	readonly contributors: number;
	readonly contributions: number;
	readonly versions: number;
	/** The latest. */
	readonly snapshots: readonly {
		readonly version: number;
		readonly root: string;
		readonly rowCount: number;
		readonly status: string;
	}[];
};

/** A page of what was offered to a datanet, newest first. */
export type Contributions = {
	readonly contributions: readonly {
		readonly id: string;
		readonly contributor: string;
		readonly account: string;
		readonly offeredRows: number;
		readonly acceptedRows: number;
		readonly status: string;
	}[];
	readonly hasMore: boolean;
};

export type Contributed = {
	readonly id: string;
	readonly contributor: string;
	readonly offeredRows: number;
	readonly acceptedRows: number;
	readonly status: "accepted" | "rejected";
	readonly rejected: readonly { readonly line: number; readonly code: string; readonly reason: string }[];
	readonly intake?: {
		readonly pipeline: string;
		readonly flagged: readonly { readonly line: number; readonly code: string; readonly reason: string }[];
	};
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
	readonly status: "queued" | "running" | "stopped" | "done" | "failed";
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

/** A part of a text, in UTF-16 units; `end` is the first behind it. */
export type Stretch = { readonly start: number; readonly end: number };

/** A stretch of the answer that stands word for word in rows, and where. */
export type FoundSpan = Stretch & {
	/** How often it stands in the rows. */
	readonly count: number;
	/** How rare its words are, in 256ths of a bit: the more, the less likely by chance. */
	readonly rarity: number;
	/** The first of them. */
	readonly places: readonly {
		readonly row: number;
		readonly contributor: string;
		readonly field: string;
		/** The text around it; missing where the row's text is no longer kept. */
		readonly before?: string;
		readonly after?: string;
	}[];
};

/** The second receipt of an answer: what it repeats word for word. It moves no money. */
export type ShownSpans = {
	readonly digest: string;
	readonly signature: string;
	readonly indexRoot: string;
	/** Rarest first. */
	readonly spans: readonly FoundSpan[];
};

export type ReceiptShare = Share & { readonly account: string; readonly wei: string; readonly rows: number };

export type ShownRow = {
	readonly row: number;
	readonly sharePpm: number;
	readonly wei: string;
	readonly contributor: string;
	readonly account: string;
	/** Missing where the row's text is no longer kept. */
	readonly prompt?: string;
	readonly response?: string;
	readonly before?: readonly Turn[];
};

export type Turn = { readonly role: string; readonly content: string };

export type ShownReceipt = {
	readonly id: string;
	readonly model: string;
	readonly receipt: Readonly<Record<string, string | number>>;
	readonly signature: string;
	readonly salt: string;
	readonly order: { readonly messages: readonly Turn[] };
	readonly response: string;
	readonly finishReason: string;
	readonly epoch: number | null;
	readonly unattributedPpm: number;
	/** The parts of the fee, in wei; they sum to it. */
	readonly fee: Readonly<Record<"platform" | "contributors" | "owner" | "node" | "stakers" | "treasury", string>>;
	/** What of the contributors' part no row earned. */
	readonly pool: { readonly ppm: number; readonly wei: string };
	readonly rowsLearnt: number;
	readonly rowsPaid: number;
	readonly shares: readonly ReceiptShare[];
	readonly rows: readonly ShownRow[];
	/** Null for answers given before such receipts were kept. */
	readonly spans: ShownSpans | null;
};

export type Verification = {
	readonly receiptId: string;
	readonly mode: "full" | "spot";
	/** Draws the rows that were drawn. */
	readonly nonce: string;
	readonly identical: boolean;
	readonly checks: readonly { readonly what: string; readonly ok: boolean; readonly detail: string }[];
	readonly firstDifference?: string;
	/** Where nothing differs: what that shows. */
	readonly assurance?: {
		readonly checked: readonly string[];
		readonly notChecked: readonly string[];
		readonly chances: readonly { readonly fraction: number; readonly bad: number; readonly caught: number }[];
	};
	readonly cost: {
		readonly bytes: number;
		/** Once for all receipts of the run. */
		readonly runBytes: number;
		readonly milliseconds: number;
		readonly rowsMadeAgain: number;
		readonly retrainings: number;
	};
};

export type Reward = {
	readonly contributor: string;
	readonly account: string;
	readonly earnedWei: string;
	readonly claimedWei: string;
	readonly claimableWei: string;
	/** By roots that can still be challenged. */
	readonly challengedWei: string;
};

export type Claimed = {
	readonly contributor: string;
	readonly account: string;
	readonly paidWei: string;
	readonly cumulativeWei: string;
};

export type EpochStatus = "collecting" | "ready" | "stored" | "proposed" | "active" | "fallen";

export type OpenEpoch = {
	readonly epoch: number;
	readonly status: EpochStatus;
	readonly receipts: number;
	/** Unix seconds. */
	readonly challengeEnds: string | null;
};

export type ClosedEpoch = {
	readonly epoch: number;
	readonly status: EpochStatus;
	readonly challengeEnds: string;
	readonly certificate: string;
	readonly receipts: number;
	readonly receiptsRoot: string;
	readonly earningsRoot: string;
	readonly totalWei: string;
};

export type Status = {
	readonly chainId: number;
	readonly chainUrl: string;
	readonly rpcUrl: string;
	readonly addresses: Readonly<Record<string, `0x${string}`>>;
	readonly engineId: string;
	readonly base: { readonly name: string; readonly digest: string };
};

/** What an account holds, in wei. */
export type Holdings = { readonly address: string; readonly openWei: string; readonly coinWei: string };
