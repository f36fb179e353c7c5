// The node's tables as Drizzle sees them. The truth about their shape is in migrations.ts; a test holds the two together.

import type { RejectedRow, RejectionCode } from "@openledger/datanet";
import type { Hex, Turn } from "@openledger/protocol";
import type { ErasedRow } from "@openledger/rollup";
import { bigint, boolean, customType, integer, json, pgTable, primaryKey, serial, text } from "drizzle-orm/pg-core";

const wei = customType<{ data: bigint; driverData: string }>({
	dataType: () => "numeric(78,0)",
	fromDriver: (value) => BigInt(value),
	toDriver: (value) => value.toString(),
});
/** Any text, NUL included, which Postgres takes in no text column: kept as a JSON string. */
const exactText = customType<{ data: string; driverData: string }>({
	dataType: () => "text",
	fromDriver: (value) => JSON.parse(value) as string,
	toDriver: (value) => JSON.stringify(value),
});
const hex = (name: string) => text(name).$type<Hex>();

export const wallets = pgTable("wallets", {
	name: text("name").primaryKey(),
	address: hex("address").notNull(),
});

export type DatanetStatus = "stored" | "created";
export const datanets = pgTable("datanets", {
	id: hex("id").primaryKey(),
	name: text("name").notNull(),
	termsHash: hex("terms_hash").notNull(),
	licence: text("licence").notNull(),
	status: text("status").$type<DatanetStatus>().notNull(),
	contentType: text("content_type").notNull().default("application/jsonl"),
	/** JSON schema of a row; null: none. */
	rowSchema: json("row_schema").$type<unknown>(),
	stakePerRowWei: wei("stake_per_row_wei").notNull().default(0n),
	accessPriceWei: wei("access_price_wei").notNull().default(0n),
	rule: text("rule").$type<"owner" | "committee" | "open">().notNull().default("owner"),
	/** What `termsHash` is of; null in homes of before. */
	terms: exactText("terms"),
});

/** stored: durable here · offered: on chain, under review · accepted, rejected: decided on chain. */
export type ContributionStatus = "stored" | "offered" | "accepted" | "rejected";
export const contributions = pgTable("contributions", {
	id: hex("id").primaryKey(),
	datanetId: hex("datanet_id").notNull(),
	sequence: integer("sequence").notNull(),
	contributorName: text("contributor_name").notNull(),
	contributor: hex("contributor").notNull(),
	rowsRoot: hex("rows_root").notNull(),
	offeredRows: integer("offered_rows").notNull(),
	acceptedRows: integer("accepted_rows").notNull(),
	status: text("status").$type<ContributionStatus>().notNull(),
	/** No appeal can change the status any more; only then do its rows go into snapshots. */
	final: boolean("final").notNull().default(false),
	/** Of all rows offered, in order: what is under its root. */
	commitments: json("commitments").$type<readonly Hex[]>().notNull().default([]),
	/** Seconds since 1970; null in homes of before. */
	storedAt: bigint("stored_at", { mode: "number" }),
});

/** What a draft holds of its rows: each sealed as it will lie among the rows, and the lines that were none. */
export type DraftDelivery = {
	readonly rows: readonly { readonly line: number; readonly record: Hex; readonly sealed: Hex }[];
	readonly rejected: readonly RejectedRow[];
};
/** Rows that wait for a wallet elsewhere to offer them on chain; gone once they are contributed, or never were. */
export const contributionDrafts = pgTable("contribution_drafts", {
	/** Of the contribution that it will be. */
	id: hex("id").primaryKey(),
	datanetId: hex("datanet_id").notNull(),
	contributor: hex("contributor").notNull(),
	rowsRoot: hex("rows_root").notNull(),
	/** Of all rows that are offered, in order. */
	commitments: json("commitments").$type<readonly Hex[]>().notNull(),
	delivery: json("delivery").$type<DraftDelivery>().notNull(),
	/** Seconds since 1970. */
	expiresAt: bigint("expires_at", { mode: "number" }).notNull(),
});

export const rows = pgTable(
	"rows",
	{
		datanetId: hex("datanet_id").notNull(),
		position: integer("position").notNull(),
		contributionId: hex("contribution_id").notNull(),
		line: integer("line").notNull(),
		/** Text and salt are null where the row is sealed, or erased. */
		prompt: text("prompt"),
		response: text("response"),
		/** The conversation before the prompt; null for rows without. */
		before: json("before_turns").$type<readonly Turn[]>(),
		/** The name of the row's key; in homes of before, of rows that are not sealed, the row's own digest. */
		digest: hex("digest").notNull(),
		salt: hex("salt"),
		/** What the row says, under its own key. */
		sealed: hex("sealed"),
		/** Seconds since 1970; set before anything is destroyed. */
		erasedAt: bigint("erased_at", { mode: "number" }),
		eraseReason: text("erase_reason"),
		/** Signed; set when all of the erasure is done. */
		tombstone: json("tombstone").$type<unknown>(),
		commitment: hex("commitment").notNull(),
		cluster: integer("cluster").notNull(),
	},
	(t) => [primaryKey({ columns: [t.datanetId, t.position] })],
);

export const rejectedRows = pgTable(
	"rejected_rows",
	{
		contributionId: hex("contribution_id").notNull(),
		place: integer("place").notNull(),
		line: integer("line").notNull(),
		code: text("code").$type<RejectionCode>().notNull(),
		reason: text("reason").notNull(),
	},
	(t) => [primaryKey({ columns: [t.contributionId, t.place] })],
);

export type SnapshotStatus = "stored" | "published";
export const snapshots = pgTable(
	"snapshots",
	{
		datanetId: hex("datanet_id").notNull(),
		version: integer("version").notNull(),
		root: hex("root").notNull(),
		rowCount: integer("row_count").notNull(),
		blob: hex("blob").notNull(),
		status: text("status").$type<SnapshotStatus>().notNull(),
		/** Seconds since 1970, by the chain. */
		takenAt: bigint("taken_at", { mode: "number" }),
	},
	(t) => [primaryKey({ columns: [t.datanetId, t.version] })],
);

/** queued, running: taken up again at the next start · stopped: when somebody says so. */
export type JobStatus = "queued" | "running" | "stopped" | "done" | "failed";
export const jobs = pgTable("jobs", {
	id: text("id").primaryKey(),
	sequence: serial("sequence").notNull(),
	input: json("input").$type<unknown>().notNull(),
	status: text("status").$type<JobStatus>().notNull(),
	progress: json("progress").$type<unknown>(),
	result: text("result"),
	error: text("error"),
	/** Milliseconds since 1970, by this node's clock; null of jobs of earlier programs. */
	queuedAt: bigint("queued_at", { mode: "number" }),
	/** When it last began, or went on. */
	beganAt: bigint("began_at", { mode: "number" }),
	/** When its last step was taken. */
	trainedAt: bigint("trained_at", { mode: "number" }),
	endedAt: bigint("ended_at", { mode: "number" }),
});

/** What a job said of itself, for people. */
export const jobLines = pgTable(
	"job_lines",
	{
		jobId: text("job_id").notNull(),
		sequence: serial("sequence").notNull(),
		at: bigint("at", { mode: "number" }).notNull(),
		line: text("line").notNull(),
	},
	(t) => [primaryKey({ columns: [t.jobId, t.sequence] })],
);

/** What was guessed of a run before it began, by the digest of all that it is a function of. */
export const estimates = pgTable("estimates", {
	start: hex("start").primaryKey(),
	estimate: json("estimate").$type<unknown>().notNull(),
});

/** Runs of this node taken again, whole or in part, and held against their commitments. */
export const replays = pgTable("replays", {
	id: text("id").primaryKey(),
	sequence: serial("sequence").notNull(),
	modelId: hex("model_id").notNull(),
	fromStep: integer("from_step").notNull(),
	toStep: integer("to_step").notNull(),
	/** Whether adapter file and features are made again too. */
	withOutput: boolean("with_output").notNull(),
	status: text("status").$type<JobStatus>().notNull(),
	progress: json("progress").$type<unknown>(),
	result: json("result").$type<unknown>(),
	error: text("error"),
	queuedAt: bigint("queued_at", { mode: "number" }).notNull(),
	endedAt: bigint("ended_at", { mode: "number" }),
});

/** ready: trained and named · published: on chain and served. */
export type ModelStatus = "ready" | "published";
export const models = pgTable("models", {
	id: hex("id").primaryKey(),
	name: text("name").notNull(),
	version: integer("version").notNull(),
	servedName: text("served_name").notNull(),
	datanetId: hex("datanet_id").notNull(),
	snapshotVersion: integer("snapshot_version").notNull(),
	runFolder: text("run_folder").notNull(),
	params: json("params").$type<unknown>().notNull(),
	status: text("status").$type<ModelStatus>().notNull(),
	publishedAt: bigint("published_at", { mode: "number" }),
});

/** How an answer is paid: by a transfer of its own, from a channel, or from a prepaid key's balance. */
export type MethodName = "exact" | "batch-settlement" | "key";
/**
 * claimed: written before the money moves · settled: it moved, or is held · generated: the answer is there and charged, its
 * receipt is not · answered: the receipt is there.
 */
export type RequestStatus = "claimed" | "settled" | "generated" | "answered";
export const requests = pgTable(
	"requests",
	{
		payer: hex("payer").notNull(),
		nonce: hex("nonce").notNull(),
		sequence: integer("sequence").notNull(),
		modelId: hex("model_id").notNull(),
		order: json("chat_order").$type<unknown>().notNull(),
		tokensIn: integer("tokens_in").notNull(),
		requestHash: hex("request_hash").notNull(),
		authorizationHash: hex("authorization_hash").notNull(),
		resource: text("resource").notNull(),
		payTo: hex("pay_to").notNull(),
		/** The most it may cost; what a transfer pays. */
		feeWei: wei("fee_wei").notNull(),
		/** Of transfers only. */
		validBefore: wei("valid_before"),
		status: text("status").$type<RequestStatus>().notNull(),
		txHash: hex("tx_hash"),
		receiptId: hex("receipt_id"),
		method: text("method").$type<MethodName>().notNull().default("exact"),
		/** The channel or key it is charged to; null for a transfer. */
		account: hex("account"),
		/** Names the payment: one payment may buy several answers to one request. */
		payment: text("payment").notNull(),
		choice: integer("choice").notNull().default(0),
		/** The payer's own name for the payment, by x402's payment-identifier. */
		identifier: text("identifier"),
		chargedWei: wei("charged_wei"),
		/** What its channel was charged in all, with this answer. */
		cumulativeWei: wei("cumulative_wei"),
		/** Seconds since 1970, by this node's clock; of transfers the block tells. */
		takenAt: wei("taken_at"),
		/** What a receipt that is still to be made takes. */
		generation: json("generation").$type<unknown>(),
	},
	(t) => [primaryKey({ columns: [t.payer, t.nonce] })],
);

export const receipts = pgTable("receipts", {
	id: hex("id").primaryKey(),
	sequence: integer("sequence").notNull(),
	modelId: hex("model_id").notNull(),
	payer: hex("payer").notNull(),
	nonce: hex("nonce").notNull(),
	receipt: json("receipt").$type<unknown>().notNull(),
	signature: hex("signature").notNull(),
	salt: hex("salt").notNull(),
	order: json("chat_order").$type<unknown>().notNull(),
	response: exactText("response").notNull(),
	finishReason: text("finish_reason").$type<"stop" | "length">().notNull(),
	feeWei: wei("fee_wei").notNull(),
	unattributedPpm: integer("unattributed_ppm").notNull(),
	epoch: integer("epoch"),
	method: text("method").$type<MethodName>().notNull().default("exact"),
	account: hex("account"),
	/** What its channel was charged in all, with this answer. */
	cumulativeWei: wei("cumulative_wei"),
	/** As they were shown, if they were asked for. */
	logprobs: json("logprobs").$type<unknown>(),
});

/** A payer's x402 batch-settlement channel to this node: what is on chain, and what was signed and charged since. */
export const channels = pgTable("channels", {
	id: hex("id").primaryKey(),
	payer: hex("payer").notNull(),
	config: json("config").$type<unknown>().notNull(),
	balanceWei: wei("balance_wei").notNull(),
	claimedWei: wei("claimed_wei").notNull(),
	/** All that its answers ever cost; at most `signedWei`. */
	chargedWei: wei("charged_wei").notNull(),
	/** Of the latest voucher, with its signature. */
	signedWei: wei("signed_wei").notNull(),
	signature: hex("signature"),
	heldWei: wei("held_wei").notNull().default(0n),
	/** The payment that is being answered: a channel pays for one at a time. */
	heldBy: text("held_by"),
	/** Seconds since 1970; 0 while nobody withdraws. */
	withdrawRequestedAt: integer("withdraw_requested_at").notNull().default(0),
	refundNonce: integer("refund_nonce").notNull().default(0),
	/** Milliseconds since 1970: when the chain was last asked. */
	syncedAt: bigint("synced_at", { mode: "number" }).notNull(),
	/** Totals of vouchers that claims made public and that are above the charge: anybody could send them again. */
	published: json("published").$type<readonly string[]>().notNull().default([]),
});

/** Deposits into channels that this node sends for their payers, written down before they are sent. */
export const deposits = pgTable(
	"deposits",
	{
		payer: hex("payer").notNull(),
		/** Of the ERC-3009 authorisation. */
		nonce: hex("nonce").notNull(),
		channelId: hex("channel_id").notNull(),
		amountWei: wei("amount_wei").notNull(),
		status: text("status").$type<"claimed" | "settled">().notNull(),
		txHash: hex("tx_hash"),
	},
	(t) => [primaryKey({ columns: [t.payer, t.nonce] })],
);

/** Prepaid keys, by the SHA-256 of their text: who reads this table can ask for nothing. */
export const apiKeys = pgTable("api_keys", {
	id: hex("id").primaryKey(),
	/** Who topped it up first; the payer in its receipts. */
	payer: hex("payer").notNull(),
	/** What is left, of which `heldWei` is held for answers under way. */
	balanceWei: wei("balance_wei").notNull(),
	heldWei: wei("held_wei").notNull().default(0n),
	spentWei: wei("spent_wei").notNull().default(0n),
	createdAt: bigint("created_at", { mode: "number" }).notNull(),
});

/** Transfers that top keys up. claimed: about to be sent · settled: on chain and credited, in one step. */
export const topUps = pgTable(
	"top_ups",
	{
		payer: hex("payer").notNull(),
		nonce: hex("nonce").notNull(),
		keyId: hex("key_id").notNull(),
		requestHash: hex("request_hash").notNull(),
		authorizationHash: hex("authorization_hash").notNull(),
		resource: text("resource").notNull(),
		payTo: hex("pay_to").notNull(),
		amountWei: wei("amount_wei").notNull(),
		validBefore: wei("valid_before").notNull(),
		status: text("status").$type<"claimed" | "settled">().notNull(),
		txHash: hex("tx_hash"),
	},
	(t) => [primaryKey({ columns: [t.payer, t.nonce] })],
);

export const shares = pgTable(
	"shares",
	{
		receiptId: hex("receipt_id").notNull(),
		row: integer("row_index").notNull(),
		contributor: hex("contributor").notNull(),
		sharePpm: integer("share_ppm").notNull(),
	},
	(t) => [primaryKey({ columns: [t.receiptId, t.row] })],
);

/** The rows that count for an answer, with their scores: the leaves of its scores root. */
export const scores = pgTable(
	"scores",
	{
		receiptId: hex("receipt_id").notNull(),
		row: integer("row_index").notNull(),
		contributor: hex("contributor").notNull(),
		score: wei("score").notNull(),
		sharePpm: integer("share_ppm").notNull(),
	},
	(t) => [primaryKey({ columns: [t.receiptId, t.row] })],
);

/** The second receipt of an answer: what it repeats word for word. Answers of earlier programs have none. */
export const spanReceipts = pgTable("span_receipts", {
	receiptId: hex("receipt_id").primaryKey(),
	record: json("record").$type<unknown>().notNull(),
	digest: hex("digest").notNull(),
	signature: hex("signature").notNull(),
	/** By span, for show: how rare its words are. Not signed. */
	rarities: json("rarities").$type<readonly number[]>().notNull(),
});

/**
 * collecting: its receipts are fixed · ready: earnings computed · stored: its data is kept · proposed: its root is on chain and can be
 * challenged · active: earnings can be claimed · fallen: the root was found wrong, or one before it.
 */
export type EpochStatus = "collecting" | "ready" | "stored" | "proposed" | "active" | "fallen";
export const epochs = pgTable("epochs", {
	epoch: integer("epoch").primaryKey(),
	status: text("status").$type<EpochStatus>().notNull(),
	receiptsRoot: hex("receipts_root"),
	earningsRoot: hex("earnings_root"),
	totalWei: wei("total_wei"),
	/** Chain time at which its receipts were fixed, in seconds; 0 of epochs of earlier programs. */
	closedAt: wei("closed_at").notNull(),
	/** Rows that earn nothing in it any more. */
	erased: json("erased").$type<readonly ErasedRow[]>().notNull().default([]),
	dataRoot: hex("data_root"),
	dataChunks: integer("data_chunks"),
	/** By what the data layer finds its data. */
	certificate: hex("certificate"),
	/** Chain time until which its root can be challenged, in seconds. */
	challengeEnds: wei("challenge_ends"),
});

export const earnings = pgTable(
	"earnings",
	{
		epoch: integer("epoch").notNull(),
		account: hex("account").notNull(),
		cumulativeWei: wei("cumulative_wei").notNull(),
	},
	(t) => [primaryKey({ columns: [t.epoch, t.account] })],
);

/** What was claimed, by whomever, as the chain tells it: each claim raises what its account has claimed in all. */
export const claims = pgTable(
	"claims",
	{
		account: hex("account").notNull(),
		cumulativeWei: wei("cumulative_wei").notNull(),
	},
	(t) => [primaryKey({ columns: [t.account, t.cumulativeWei] })],
);

/** queued, running: taken up again at the next start · stopped: when it is asked for again. */
export type AuditStatus = "queued" | "running" | "stopped" | "done" | "failed";
export const audits = pgTable("audits", {
	id: text("id").primaryKey(),
	sequence: integer("sequence").notNull(),
	modelId: hex("model_id").notNull(),
	receiptId: hex("receipt_id"),
	input: json("input").$type<unknown>().notNull(),
	status: text("status").$type<AuditStatus>().notNull(),
	progress: json("progress").$type<unknown>(),
	record: json("record").$type<unknown>(),
	digest: hex("digest"),
	signature: hex("signature"),
	error: text("error"),
});
