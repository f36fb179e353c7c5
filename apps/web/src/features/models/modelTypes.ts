// What the node answers about models, their runs and replays.

import type { Address, Hex } from "viem";

export type Named = { readonly id: Hex; readonly name: string };

/** Wei, as decimals. */
export type Rates = { readonly platformWei: string; readonly inWeiPer1000: string; readonly outWeiPer1000: string };

export type Split = {
	readonly contributorsPpm: number;
	readonly ownerPpm: number;
	readonly nodePpm: number;
	readonly stakersPpm: number;
	readonly treasuryPpm: number;
};

export type ModelSummary = {
	readonly id: Hex;
	/** By which it is asked for: name and version. */
	readonly model: string;
	readonly name: string;
	readonly version: number;
	readonly status: "ready" | "published";
	readonly served: boolean;
	readonly publishedAt: number | null;
	readonly base: string;
	readonly till: Address | null;
	readonly baseDigest: Hex;
	readonly engineId: Hex;
	readonly adapterDigest: Hex;
	readonly featuresRoot: Hex;
	readonly runCommitment: Hex;
	readonly rates: Rates;
	readonly split: Split;
	readonly snapshots: readonly { readonly datanetId: Hex; readonly version: number; readonly root: Hex }[];
	readonly datanet: Named;
	readonly answers: number;
	readonly feesWei: string;
	readonly erasedRows: number;
};

/** Values of a recipe's fields by their names. */
export type Recipe = Readonly<Record<string, unknown>>;

export type Model = ModelSummary & {
	readonly recipe: Recipe;
	/** Time spent in training steps. */
	readonly seconds: number;
	readonly plannedSteps: number;
	readonly keptStep: number;
	readonly rowsUsed?: {
		readonly learnt: number;
		readonly heldOut: readonly number[];
		readonly leftOut: readonly { readonly row: number; readonly reason: string }[];
	};
	readonly validations: readonly { readonly step: number; readonly loss: number; readonly perplexity: number }[];
	readonly history: readonly { readonly step: number; readonly loss: number; readonly tokens?: number }[];
};

export type CurvePoint = { readonly step: number; readonly loss: number };

export type Curve = {
	readonly steps: readonly CurvePoint[];
	readonly validations: readonly CurvePoint[];
	readonly every: number;
	readonly taken: number;
	readonly seconds: number | null;
};

export type JobStatus = "queued" | "running" | "stopped" | "done" | "failed";

export type JobProgress = {
	readonly stage: "train" | "features";
	readonly done: number;
	readonly total: number;
	readonly loss: number;
	readonly secondsLeft: number;
	readonly epoch?: number;
	readonly epochs?: number;
	readonly tokensPerSecond?: number;
	readonly validation?: {
		readonly step: number;
		readonly loss: number;
		readonly perplexity: number;
		readonly best: number;
	};
	readonly leftOut?: number;
};

export type JobSummary = {
	readonly id: string;
	readonly sequence: number;
	readonly name: string;
	readonly status: JobStatus;
	readonly progress: JobProgress | null;
	readonly message: string | null;
	readonly modelId: Hex | null;
	readonly model: string | null;
	readonly error: string | null;
	readonly datanet: Named;
	readonly snapshotVersion: number;
	/** Milliseconds since 1970. */
	readonly queuedAt: number | null;
	readonly beganAt: number | null;
	readonly trainedAt: number | null;
	readonly endedAt: number | null;
};

export type Work = { readonly tokens: number; readonly positions: number; readonly flops: number };

export type Estimate = {
	readonly steps: number;
	readonly stepsPerEpoch: number;
	readonly links: number;
	readonly rows: number;
	readonly learnt: number;
	readonly heldOut: number;
	readonly leftOut: number;
	readonly training: Work;
	readonly validation: Work;
	readonly features: Work;
	readonly adapterParameters: number;
	readonly bytes: number;
	readonly seconds: { readonly training: number; readonly features: number; readonly total: number } | null;
	readonly from: {
		readonly kind: "runs" | "steps";
		readonly runs: number;
		readonly tokensPerSecond: number;
		readonly flopsPerSecond: number;
	} | null;
};

export type Job = JobSummary & {
	readonly recipe: Recipe;
	readonly start: Hex;
	readonly estimate: Estimate | null;
	/** Its times are those of its last part. */
	readonly wasResumed: boolean;
};

export type RecipeField = {
	readonly key: string;
	readonly kind: "whole" | "real" | "flag" | "choice" | "other";
	readonly low?: number;
	readonly high?: number;
	readonly choices?: readonly string[];
	readonly standard: unknown;
};

export type ModelReceipt = {
	readonly id: Hex;
	readonly payer: Address;
	readonly feeWei: string;
	readonly epoch: number | null;
	readonly unattributedPpm: number;
	readonly prompt: string;
	readonly response: string;
};

export type Lineage = {
	readonly rows: {
		readonly total: number;
		readonly contributors: number;
		readonly largest: readonly { readonly account: Address; readonly name: string; readonly rows: number }[];
	};
	readonly snapshot: { readonly datanet: Named; readonly version: number; readonly root: Hex };
	readonly run: {
		readonly steps: number;
		readonly plannedSteps: number;
		readonly links: number;
		readonly seconds: number;
		readonly runCommitment: Hex;
		readonly historyRoot: Hex;
		readonly baseDigest: Hex;
		readonly engineId: Hex;
		readonly rowsUsed?: { readonly learnt: number; readonly heldOut: number; readonly leftOut: number };
		readonly stretches: { readonly from: readonly number[]; readonly to: readonly number[] };
		readonly keptStep: number;
	};
	readonly adapter: {
		readonly digest: Hex;
		readonly bytes: number;
		readonly rank: number;
		readonly modules: number;
		readonly featuresRoot: Hex;
	};
	readonly answers: { readonly total: number; readonly feesWei: string; readonly latest: readonly ModelReceipt[] };
};

export type Commitments = {
	readonly checks: readonly {
		readonly what: string;
		readonly onChain: string | null;
		readonly here: string | null;
		readonly same: boolean;
		readonly how: string;
	}[];
	readonly owner: Address | null;
	readonly registry: Address;
	readonly base: { readonly registrant: Address; readonly name: string } | null;
	readonly milliseconds: number;
};

export type ReplayedLink = {
	readonly step: number;
	readonly committed: string;
	readonly found: string;
	readonly same: boolean;
	readonly seconds: number;
};

export type ReplayedThing = {
	readonly what: string;
	readonly committed: string;
	readonly found: string;
	readonly same: boolean;
};

export type ReplayResult = {
	readonly identical: boolean;
	readonly steps: number;
	readonly sameLosses: number;
	readonly links?: readonly ReplayedLink[];
	readonly linksCompared: number;
	readonly things?: readonly ReplayedThing[];
	readonly firstDifference: (ReplayedThing & { readonly step: number | null }) | null;
	readonly seconds: number;
};

export type Replay = {
	readonly id: string;
	readonly modelId: Hex;
	readonly fromStep: number;
	readonly toStep: number;
	readonly withOutput: boolean;
	readonly status: JobStatus;
	readonly progress: {
		readonly stage: "train" | "features";
		readonly done: number;
		readonly total: number;
		readonly secondsLeft: number | null;
		readonly sameLosses: number;
		readonly links?: readonly ReplayedLink[];
		readonly linksCompared: number;
	} | null;
	readonly result: ReplayResult | null;
	readonly error: string | null;
	readonly queuedAt: number;
	readonly endedAt: number | null;
};
