// What a verifier elsewhere needs of this node: a receipt with all that opens its hashes, the base's files, a run's files, a snapshot's rows with
// their salts. Nothing here is to be believed: every byte of it is held against the chain by whoever asks. Reads only.

import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { RUN_FILES } from "@openledger/factory";
import { CallerError, canonicalJson, type Hex } from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { models, spanReceipts } from "../database/schema.js";
import type { SnapshotRow } from "../datanet/sealedRows.js";
import { readSnapshotRows } from "../datanet/takeSnapshot.js";
import { notFound } from "../errors.js";
import type { NodeParts } from "../parts.js";
import { readReceipt } from "./readAnswer.js";

export type EvidenceFile = { readonly bytes: number; readonly stream: () => ReadableStream<Uint8Array> };

/** Throws `receipt/not-found`. */
export async function receiptEvidence(parts: NodeParts, id: Hex) {
	const { stored, leaves, counted } = await readReceipt(parts, id);
	const { receipt, signature, salt, order, response, finishReason, unattributedPpm, method, account } = stored;
	const [spans] = await parts.db.select().from(spanReceipts).where(eq(spanReceipts.receiptId, id));
	return {
		...{ receipt, signature, salt, order, response, finishReason, unattributedPpm },
		payment: { method, account },
		...{ leaves, counted },
		spans: spans === undefined ? null : { record: spans.record, digest: spans.digest, signature: spans.signature },
	};
}

const BASE_FILES = [
	"config.json",
	"tokenizer.json",
	"tokenizer_config.json",
	"chat_template.jinja",
	"model.safetensors",
	"model.safetensors.index.json",
] as const;

/** The base's files, by name; of a model in pieces those that its index names. Throws `base/not-found`. */
export async function baseEvidence(parts: NodeParts, digest: string): Promise<ReadonlyMap<string, EvidenceFile>> {
	if (digest !== parts.engine.base.digest) throw notFound("base", digest, `this node has ${parts.engine.base.digest}`);
	const found = new Map<string, EvidenceFile>();
	const index = await readFile(join(parts.baseFolder, "model.safetensors.index.json"), "utf8").catch(() => undefined);
	const { weight_map: map = {} } = (index === undefined ? {} : JSON.parse(index)) as {
		weight_map?: Record<string, string>;
	};
	for (const name of new Set([...BASE_FILES, ...Object.values(map)])) {
		const file = await fileAt(join(parts.baseFolder, name));
		if (file !== undefined) found.set(name, file);
	}
	return found;
}

/** A file of a model's run by its name; "/" is written "_". Throws `model/not-found`, `evidence/not-found`. */
export async function runEvidence(parts: NodeParts, modelId: string, name: string): Promise<EvidenceFile> {
	const { runFolder } = await modelOf(parts, modelId);
	const { checkpoint: _, ...rest } = RUN_FILES;
	const known = Object.values(rest).find((file) => file.replace("/", "_") === name);
	const file = known ?? (/^checkpoint-\d{1,9}\.safetensors$/.test(name) ? name : undefined);
	const found = file && (await fileAt(join(parts.home, "runs", runFolder, ...file.split("/"))));
	if (!found) throw notFound("evidence", name, "a finished run has run.json, which names the others");
	return found;
}

/** The snapshot's rows, one JSON a line, in their order; erased ones without text and salt. Throws `model/not-found`. */
export async function rowsEvidence(parts: NodeParts, modelId: string): Promise<() => ReadableStream<Uint8Array>> {
	const { datanetId, snapshotVersion } = await modelOf(parts, modelId);
	const rows = await readSnapshotRows(parts, datanetId, snapshotVersion);
	const line = ({ contributorName: _, ...row }: SnapshotRow) => `${canonicalJson(row)}\n`;
	return () => Readable.toWeb(Readable.from(inPieces(rows, line))) as ReadableStream<Uint8Array>;
}

const ROWS_AT_ONCE = 256;

function* inPieces(rows: readonly SnapshotRow[], line: (row: SnapshotRow) => string): Generator<Buffer> {
	for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
		yield Buffer.from(
			rows
				.slice(at, at + ROWS_AT_ONCE)
				.map(line)
				.join(""),
		);
}

async function modelOf(parts: NodeParts, modelId: string) {
	if (!/^0x[0-9a-f]{64}$/.test(modelId))
		throw new CallerError("a model's id is 0x and 64 hex digits", { code: "evidence/bad-id" });
	const [found] = await parts.db
		.select()
		.from(models)
		.where(eq(models.id, modelId as Hex));
	if (found === undefined) throw notFound("model", modelId, "see the list of models");
	return found;
}

async function fileAt(path: string): Promise<EvidenceFile | undefined> {
	const info = await stat(path).catch(() => undefined);
	if (!info?.isFile()) return undefined;
	return { bytes: info.size, stream: () => Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array> };
}
