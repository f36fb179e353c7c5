// The node's tables as Drizzle sees them. The truth about their shape is in migrations.ts; a test holds the two together.

import type { RejectionCode } from "@openledger/datanet";
import type { Hex, Turn } from "@openledger/protocol";
import { bigint, customType, integer, json, pgTable, primaryKey, text } from "drizzle-orm/pg-core";

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
});

/** stored: durable here · offered: on chain · accepted, rejected: decided on chain. */
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
});

export const rows = pgTable(
	"rows",
	{
		datanetId: hex("datanet_id").notNull(),
		position: integer("position").notNull(),
		contributionId: hex("contribution_id").notNull(),
		line: integer("line").notNull(),
		prompt: text("prompt").notNull(),
		response: text("response").notNull(),
		/** The conversation before the prompt; null for rows without. */
		before: json("before_turns").$type<readonly Turn[]>(),
		digest: hex("digest").notNull(),
		salt: hex("salt").notNull(),
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
	},
	(t) => [primaryKey({ columns: [t.datanetId, t.version] })],
);

export type JobStatus = "queued" | "running" | "done" | "failed";
export const jobs = pgTable("jobs", {
	id: text("id").primaryKey(),
	input: json("input").$type<unknown>().notNull(),
	status: text("status").$type<JobStatus>().notNull(),
	progress: json("progress").$type<unknown>(),
	result: text("result"),
	error: text("error"),
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

/** claimed: written before the money moves · settled: it moved · answered: the receipt is there. */
export type RequestStatus = "claimed" | "settled" | "answered";
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
		feeWei: wei("fee_wei").notNull(),
		validBefore: wei("valid_before").notNull(),
		status: text("status").$type<RequestStatus>().notNull(),
		txHash: hex("tx_hash"),
		receiptId: hex("receipt_id"),
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
});

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

/** The second receipt of an answer: what it repeats word for word. Answers of earlier programs have none. */
export const spanReceipts = pgTable("span_receipts", {
	receiptId: hex("receipt_id").primaryKey(),
	record: json("record").$type<unknown>().notNull(),
	digest: hex("digest").notNull(),
	signature: hex("signature").notNull(),
	/** By span, for show: how rare its words are. Not signed. */
	rarities: json("rarities").$type<readonly number[]>().notNull(),
});

/** collecting: its receipts are fixed · ready: earnings computed · submitted: root on chain. */
export type EpochStatus = "collecting" | "ready" | "submitted";
export const epochs = pgTable("epochs", {
	epoch: integer("epoch").primaryKey(),
	status: text("status").$type<EpochStatus>().notNull(),
	receiptsRoot: hex("receipts_root"),
	earningsRoot: hex("earnings_root"),
	totalWei: wei("total_wei"),
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
