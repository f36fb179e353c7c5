// A receipt as the node shows it (GET /api/receipts/:id): the signed record, what opens it, who was paid, what stands in the rows.

import type { Address, Hex } from "viem";

export type Turn = { readonly role: string; readonly content: string };

export type ReceiptOrder = {
	readonly model: string;
	readonly messages?: readonly Turn[];
	readonly prompt?: string;
	readonly maxTokens?: number;
	/** Parts per million. */
	readonly temperaturePpm?: number;
	readonly topPPpm?: number;
	readonly seed?: number;
};

/** A part of a text, in UTF-16 units; `end` is the first behind it. */
export type Stretch = { readonly start: number; readonly end: number };

/** Where a stretch stands in a row. */
export type Place = {
	readonly row: number;
	/** The name, or the account where there is none. */
	readonly contributor: string;
	readonly account?: Address | undefined;
	readonly field: string;
	/** The row's text around it; missing where the row's text is no longer kept. */
	readonly before?: string;
	readonly after?: string;
};

export type FoundSpan = Stretch & {
	/** How often it stands in the rows. */
	readonly count: number;
	/** How rare its words are, in 256ths of a bit: the more, the less likely by chance. */
	readonly rarity: number;
	/** The first of them. */
	readonly places: readonly Place[];
};

export type ReceiptShare = {
	readonly contributor: string;
	readonly account: Address;
	readonly ppm: number;
	/** Decimal. */
	readonly wei: string;
	readonly rows: number;
};

export type ReceiptRow = {
	readonly row: number;
	readonly sharePpm: number;
	/** Decimal. */
	readonly wei: string;
	readonly contributor: string;
	readonly account: Address;
	/** Missing where the row's text is no longer kept. */
	readonly prompt?: string;
	readonly response?: string;
	readonly before?: readonly Turn[];
};

export type FeePart = "platform" | "contributors" | "owner" | "node" | "stakers" | "treasury";

export type ShownReceipt = {
	readonly id: Hex;
	/** The name it is served under. */
	readonly model: string;
	/** The rows that it learnt from. */
	readonly datanetId: Hex;
	readonly snapshotVersion: number;
	/** Amounts and times as decimals. */
	readonly receipt: Readonly<Record<string, string | number>>;
	readonly signature: Hex;
	readonly salt: Hex;
	readonly order: ReceiptOrder;
	readonly response: string;
	readonly finishReason: string;
	/** Null until the epoch it falls into is closed. */
	readonly epoch: number | null;
	readonly paidBy: { readonly method: string; readonly account: string | null };
	readonly unattributedPpm: number;
	/** The parts of the fee, in wei; they sum to it. */
	readonly fee: Readonly<Record<FeePart, string>>;
	/** What of the contributors' part no row earned: it goes to the treasury. */
	readonly pool: { readonly ppm: number; readonly wei: string };
	readonly rowsLearnt: number;
	readonly rowsPaid: number;
	/** Largest first. */
	readonly shares: readonly ReceiptShare[];
	/** Those that earned most. */
	readonly rows: readonly ReceiptRow[];
	/** Rarest first; null for answers given before such receipts were kept. */
	readonly spans: {
		readonly digest: Hex;
		readonly signature: Hex;
		readonly indexRoot: Hex;
		readonly spans: readonly FoundSpan[];
	} | null;
};

/** What was asked last. */
export function questionOf({ order }: Pick<ShownReceipt, "order">): string {
	return order.messages?.at(-1)?.content ?? order.prompt ?? "";
}
