// What the API says of datanets. Wei are decimal strings, times Unix seconds.

import type { Address, Hex } from "viem";

export type Rule = "owner" | "committee" | "open";
export type ContributionStatus = "stored" | "offered" | "accepted" | "rejected";

export type Snapshot = {
	readonly version: number;
	readonly root: Hex;
	readonly rowCount: number;
	readonly status: "stored" | "published";
	readonly takenAt: number | null;
	/** Served names of models that learnt from it. */
	readonly models: readonly string[];
};

/** As a list has it. */
export type ListedDatanet = {
	readonly id: Hex;
	readonly name: string;
	readonly licence: string;
	readonly termsHash: Hex;
	readonly contentType: string;
	readonly stakePerRowWei: string;
	readonly accessPriceWei: string;
	readonly rule: Rule;
	readonly lastActivity: number | null;
	readonly rows: number;
	readonly contributors: number;
	readonly contributions: number;
	readonly versions: number;
};
export type DatanetOrder = "activity" | "rows" | "contributors" | "name";

export type Datanet = ListedDatanet & {
	readonly terms: string | null;
	readonly rowSchema: unknown;
	readonly owner: Address;
	/** The latest, oldest first. */
	readonly snapshots: readonly Snapshot[];
};

export type Row = {
	readonly row: number;
	readonly line: number;
	readonly commitment: Hex;
	readonly contributor: string;
	readonly account: Address;
	readonly contributionId: Hex;
	readonly cluster: number;
	readonly status: ContributionStatus | "erased";
	readonly prompt?: string;
	readonly response?: string;
	readonly turns?: number;
	readonly erasedAt?: number;
	readonly tombstone?: { readonly reason: string; readonly signer: Address; readonly signature: Hex };
};
export type RowsPage = { readonly rows: readonly Row[]; readonly next?: number };

export type Contributor = {
	readonly contributor: string;
	readonly account: Address;
	readonly contributions: number;
	readonly offered: number;
	readonly accepted: number;
	readonly erased: number;
	readonly lastAt: number | null;
};

export type CheckCount = {
	readonly name: string;
	readonly passed: number;
	readonly flagged: number;
	readonly rejected: number;
};

export type LabelBalance = {
	readonly labels: number;
	readonly rows: number;
	readonly top: readonly { readonly label: string; readonly rows: number }[];
	readonly topPpm: number;
	readonly isSkewed: boolean;
};

export type Quality = {
	readonly offered: number;
	readonly accepted: number;
	readonly rejected: number;
	readonly checks: readonly CheckCount[];
	readonly codes: readonly { readonly code: string; readonly rows: number }[];
	readonly copies: {
		readonly exact: number;
		readonly near: number;
		readonly refused: readonly Line[];
		readonly clusters: readonly {
			readonly cluster: number;
			readonly rows: number;
			readonly example?: { readonly row: number; readonly prompt: string; readonly response: string };
		}[];
	};
	readonly balance: LabelBalance;
};
type Line = { readonly contributor: string; readonly line: number; readonly code: string; readonly reason: string };

export type Outcome = "accepted" | "flagged" | "rejected";
export type ExaminedRow = {
	readonly line: number;
	readonly outcome: Outcome;
	readonly findings: readonly { readonly check: string; readonly code: string; readonly reason: string }[];
	readonly prompt?: string;
	readonly response?: string;
};
export type Examination = {
	readonly offered: number;
	readonly accepted: number;
	readonly flagged: number;
	readonly rejected: number;
	readonly checks: readonly CheckCount[];
	readonly rows: readonly ExaminedRow[];
};

export type Draft = {
	readonly contributionId: Hex;
	readonly datanetId: Hex;
	readonly contributor: Address;
	readonly rowsRoot: Hex;
	readonly rowCount: number;
	readonly salt: Hex;
	readonly commitment: Hex;
	readonly costWei: string;
	readonly stakeWei: string;
	readonly expiresAt: number;
	readonly status: "draft" | "offered";
};
export type OpenDraft = Pick<Draft, "contributionId" | "rowCount" | "expiresAt">;

export type Stage = "review" | "challenged" | "judged" | "decided" | "appealed" | "appeal-judged" | "final";
export type OnChain = {
	readonly status: "pending" | "accepted" | "rejected" | "junk" | "taken-back";
	readonly stage: Stage;
	readonly deadline: number;
	readonly rowCount: number;
	readonly acceptedRows: number;
	readonly stakeWei: string;
	readonly reasonCode: number;
	readonly superseded: boolean;
};

export type Contribution = {
	readonly id: Hex;
	readonly contributor: string;
	readonly account: Address;
	readonly offeredRows: number;
	readonly acceptedRows: number;
	readonly status: ContributionStatus;
	readonly final: boolean;
	readonly rowsRoot: Hex;
	readonly storedAt: number | null;
};
export type Review = Contribution & {
	readonly datanet: string;
	readonly datanetId: Hex;
	readonly rule: Rule;
	readonly onChain?: OnChain;
};

export type Jury = {
	readonly phase: "drawing" | "committing" | "revealing" | "counted" | "settled";
	readonly commitEnds: number;
	readonly revealEnds: number;
	readonly size: number;
	readonly drawn: number;
	readonly committed: number;
	readonly revealed: number;
	readonly verdict: number;
	readonly feeWei: string;
	readonly jurors: readonly Address[];
	readonly isJuror: boolean;
	readonly vote?: { readonly commitment: Hex; readonly choice: number };
};
export type ShownContribution = Review & {
	readonly dispute?: {
		readonly round: 0 | 1;
		readonly appellant?: Address;
		readonly defender?: Address;
		readonly against: string;
		readonly byStake: boolean;
		readonly bondWei: string;
		readonly feesWei: string;
		readonly caseId?: string;
		readonly jury?: Jury;
	};
	readonly disputeCost?: { readonly feesWei: string; readonly bondWei: string };
	readonly viewer?: {
		readonly address: Address;
		readonly seat: { readonly stakeWei: string; readonly openCases: number } | null;
		readonly owedWei: string;
	};
	readonly checks: readonly CheckCount[];
	readonly flagged: readonly {
		readonly line: number;
		readonly check: string;
		readonly code: string;
		readonly reason: string;
	}[];
	readonly rejected: readonly { readonly line: number; readonly code: string; readonly reason: string }[];
	readonly rejectedRows: number;
	readonly flaggedRows: number;
};
