// What the node's API says of training jobs; amounts are decimal strings, times seconds.

type Span = { readonly low: number; readonly high: number };

export type ListedJob = {
	readonly id: string;
	readonly status: "open" | "claimed" | "submitted" | "paid" | "cancelled";
	readonly poster: string;
	readonly trainer: string;
	readonly attempt: number;
	readonly openDisputes: number;
	readonly steps: number;
	readonly deadline: number;
	readonly payWei: string;
	readonly feesWei: string;
	readonly stakeWei: string;
	readonly runStart: string;
};

export type ShownJob = ListedJob & {
	readonly params?: { readonly snapshots: readonly { readonly datanetId: string; readonly version: number }[] };
	readonly run?: { readonly adapterDigest: string; readonly featuresRoot: string; readonly linksRoot: string };
	readonly disputes: readonly {
		readonly id: string;
		readonly challenger: string;
		readonly phase: string;
		readonly outcome: string;
		readonly links: Span;
		readonly ops: Span;
	}[];
};
