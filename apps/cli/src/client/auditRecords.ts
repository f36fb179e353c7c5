// What the node answers about audits, as far as the command line reads it. Numbers that are not whole are decimal strings.

export type QueuedAudit = {
	readonly auditId: string;
	readonly status: string | null;
	readonly estimate: {
		readonly trainings: number;
		readonly kept: number;
		readonly seconds: number;
		readonly bytes: number;
		readonly message: string;
	};
};

export type Audit = {
	readonly id: string;
	readonly model: string;
	readonly receiptId: string | null;
	readonly method: string;
	readonly status: "queued" | "running" | "stopped" | "done" | "failed";
	readonly error: string | null;
	readonly queries: readonly { readonly prompt: string; readonly response: string }[];
	readonly progress: { readonly doing: string; readonly done: number; readonly total: number } | null;
	/** The progress in words. */
	readonly message: string | null;
	readonly record: AuditRecord | null;
	readonly digest: string | null;
	readonly signature: string | null;
	/** Null where the record is not the one that was signed. */
	readonly signer: string | null;
	/** How smooth the recipe was found, by this audit or another of the same run. */
	readonly smoothness: Smoothness | null;
	readonly names: Readonly<Record<string, string>>;
};

export type AuditRecord = {
	readonly chainId: string;
	readonly vault: string;
	readonly method: string;
	readonly asked: string;
	readonly because: string | null;
	readonly steps: number;
	readonly queries: readonly { readonly digest: string; readonly targets: number; readonly loss: string }[];
	readonly contributors: readonly {
		readonly contributor: string;
		readonly rows: number;
		readonly effects: readonly string[];
		readonly positive: readonly string[] | null;
		readonly sharePpm: number | null;
		readonly paidPpm: number;
	}[];
	readonly paidBy: "receipt" | "model";
	readonly comparison: { readonly rankCorrelation: string | null; readonly distancePpm: number } | null;
	/** What the recipe alone says against a derivative. */
	readonly signs: readonly { readonly sign: string; readonly found: string; readonly smoothRuns: string }[];
};

export type Smoothness = {
	readonly smooth: boolean;
	readonly why: string;
	readonly figures: Readonly<Record<string, string>>;
};
