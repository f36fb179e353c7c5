// Reads a span receipt that came from somebody: every key, type and limit, before anything is believed. It must not know what is true.

import { type Address, canonicalJson, type Hex } from "@openledger/protocol";
import { SpanError } from "./errors.js";
import { spanLayout } from "./layout.js";
import type { SpanField } from "./rowText.js";
import { MAX_ANSWER_BYTES, spanRules } from "./rules.js";
import type { SegmentPart, SegmentRecord } from "./segment.js";
import type { SpanCommitment } from "./spanIndex.js";
import type {
	OpenedPart,
	RecordedOccurrence,
	RecordedSpan,
	RowProof,
	SpanProof,
	SpanReceipt,
	SpanRecord,
} from "./spanReceipt.js";

/** Bytes of a receipt's canonical JSON: 64 MiB. */
export const MAX_RECEIPT_BYTES = 64 * 1024 * 1024;
const MAX_SEGMENTS = 4096;
const MAX_SPANS = MAX_ANSWER_BYTES;
const MAX_UINT32 = 0xffff_ffff;
const MAX_SUFFIXES = 2 ** 30;

function malformed(path: string, right: string): never {
	throw new SpanError("spans/receipt-malformed", `${path} must be ${right}`);
}

function members<Key extends string>(
	value: unknown,
	path: string,
	keys: readonly Key[],
	optional: readonly string[] = [],
): Record<Key, unknown> {
	if (typeof value !== "object" || value === null || Array.isArray(value)) malformed(path, "an object");
	for (const key of keys) if (!Object.hasOwn(value, key)) malformed(`${path}.${key}`, "there");
	for (const key of Object.keys(value)) {
		if (!(keys as readonly string[]).includes(key) && !optional.includes(key))
			malformed(`${path}.${key.slice(0, 40)}`, "absent");
	}
	return value as Record<Key, unknown>;
}

function list<T>(value: unknown, path: string, most: number, item: (value: unknown, path: string) => T): T[] {
	if (!Array.isArray(value) || value.length > most) malformed(path, `a list of at most ${most}`);
	return value.map((one, k) => item(one, `${path}[${k}]`));
}

function count(value: unknown, path: string, most = MAX_UINT32): number {
	if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= most && !Object.is(value, -0))
		return value;
	return malformed(path, `an integer from 0 to ${most}`);
}

function hex(value: unknown, path: string, digits: number): Hex {
	if (typeof value === "string" && value.length === digits + 2 && /^0x[0-9a-f]+$/.test(value)) return value as Hex;
	return malformed(path, `0x and ${digits} lower-case hex digits`);
}

const digest = (value: unknown, path: string) => hex(value, path, 64);

function base64(value: unknown, path: string): string {
	if (typeof value === "string" && Buffer.from(value, "base64").toString("base64") === value) return value;
	return malformed(path, "base64");
}

/** The receipt with exactly its members; throws `spans/receipt-malformed`, naming the member. */
export function parseSpanReceipt(value: unknown): SpanReceipt {
	const { record, proof } = members(value, "receipt", ["record", "proof"]);
	return { record: parseRecord(record), proof: parseProof(proof) };
}

/** The record alone. */
export function parseRecord(value: unknown): SpanRecord {
	const keys = [
		"kind",
		"receiptId",
		"snapshotRoot",
		"indexRoot",
		"answerHash",
		"answerBytes",
		"rules",
		"spans",
	] as const;
	const record = members(value, "record", keys);
	if (record.kind !== "openledger/spans/v1") malformed("record.kind", '"openledger/spans/v1"');
	const given = members(record.rules, "record.rules", [
		"minWords",
		"minBytes",
		"maxCount",
		"maxOccurrences",
		"complete",
	]);
	for (const [name, rule] of Object.entries(given)) {
		if (typeof rule !== (name === "complete" ? "boolean" : "number"))
			malformed(`record.rules.${name}`, "an integer, or complete a truth value");
	}
	const rules = spanRules(given as never);
	return {
		kind: record.kind,
		receiptId: digest(record.receiptId, "record.receiptId"),
		snapshotRoot: digest(record.snapshotRoot, "record.snapshotRoot"),
		indexRoot: digest(record.indexRoot, "record.indexRoot"),
		answerHash: digest(record.answerHash, "record.answerHash"),
		answerBytes: count(record.answerBytes, "record.answerBytes", MAX_ANSWER_BYTES),
		rules,
		spans: list(record.spans, "record.spans", MAX_SPANS, (one, path) => parseSpan(one, path, rules.maxOccurrences)),
	};
}

function parseSpan(value: unknown, path: string, most: number): RecordedSpan {
	const span = members(value, path, ["start", "end", "count", "occurrences"]);
	return {
		start: count(span.start, `${path}.start`, MAX_ANSWER_BYTES),
		end: count(span.end, `${path}.end`, MAX_ANSWER_BYTES),
		count: count(span.count, `${path}.count`, Number.MAX_SAFE_INTEGER),
		occurrences: list(span.occurrences, `${path}.occurrences`, most, parseOccurrence),
	};
}

function parseOccurrence(value: unknown, path: string): RecordedOccurrence {
	const given = members(value, path, ["row", "field", "offset"], ["contributor"]) as Record<string, unknown>;
	const { field } = given;
	if (typeof field !== "string" || !/^(prompt|response|before:(0|[1-9]\d{0,2}))$/.test(field))
		malformed(`${path}.field`, "prompt, response or before:K");
	return {
		row: count(given.row, `${path}.row`),
		field: field as SpanField,
		offset: count(given.offset, `${path}.offset`),
		...(Object.hasOwn(given, "contributor") && {
			contributor: hex(given.contributor, `${path}.contributor`, 40) as Address,
		}),
	};
}

function parseProof(value: unknown): SpanProof {
	const proof = members(value, "proof", ["commitment", "ranges", "places", "absences", "openings", "rows"]);
	const commitment = parseCommitment(proof.commitment, "proof.commitment");
	const segments = commitment.segments.length;
	const each = <T>(given: unknown, path: string, item: (value: unknown, path: string) => T): T[] => {
		const all = list(given, path, segments, item);
		return all.length === segments ? all : malformed(path, `a list of ${segments}, one for each segment`);
	};
	const numbers = (given: unknown, path: string, many: number): number[] => {
		const all = list(given, path, many, (one, name) => count(one, name));
		return all.length === many ? all : malformed(path, `${many} integers`);
	};
	return {
		commitment,
		ranges: list(proof.ranges, "proof.ranges", MAX_SPANS, (one, path) =>
			each(one, path, (range, name) => numbers(range, name, 2) as [number, number]),
		),
		places: list(proof.places, "proof.places", MAX_SPANS, (one, path) =>
			list(one, path, 100, (place, name) => numbers(place, name, 3) as [number, number, number]),
		),
		absences: list(proof.absences, "proof.absences", MAX_SPANS, (one, path) => {
			const absence = members(one, path, ["start", "end", "ranks"]);
			return {
				start: count(absence.start, `${path}.start`, MAX_ANSWER_BYTES),
				end: count(absence.end, `${path}.end`, MAX_ANSWER_BYTES),
				ranks: each(absence.ranks, `${path}.ranks`, (rank, name) => count(rank, name)),
			};
		}),
		openings: each(proof.openings, "proof.openings", parseOpenings),
		rows: list(proof.rows, "proof.rows", 100 * MAX_SPANS, parseRow),
	};
}

/** Opened parts of one segment. */
export function parseOpenings(value: unknown, path: string): Record<SegmentPart, OpenedPart> {
	const parts = members(value, path, ["text", "suffixes", "fields"]);
	const part = (given: unknown, name: string): OpenedPart => {
		const opened = members(given, name, ["leaves", "data", "nodes"]);
		const leaves = list(opened.leaves, `${name}.leaves`, MAX_RECEIPT_BYTES / 128, (leaf, place) => count(leaf, place));
		return { leaves, data: base64(opened.data, `${name}.data`), nodes: base64(opened.nodes, `${name}.nodes`) };
	};
	return {
		text: part(parts.text, `${path}.text`),
		suffixes: part(parts.suffixes, `${path}.suffixes`),
		fields: part(parts.fields, `${path}.fields`),
	};
}

/** What an index root commits to. */
export function parseCommitment(value: unknown, path: string): SpanCommitment {
	const { unit, largest, segments } = members(value, path, ["unit", "largest", "segments"]);
	const layout = spanLayout({ unit: count(unit, `${path}.unit`), largest: count(largest, `${path}.largest`) });
	return { ...layout, segments: list(segments, `${path}.segments`, MAX_SEGMENTS, parseSegment) };
}

function parseSegment(value: unknown, path: string): SegmentRecord {
	const record = members(value, path, ["rows", "units", "bytes", "fields", "textRoot", "suffixRoot", "fieldRoot"]);
	return {
		rows: count(record.rows, `${path}.rows`, 2 ** 24),
		units: count(record.units, `${path}.units`, 65_536),
		bytes: count(record.bytes, `${path}.bytes`, MAX_SUFFIXES),
		fields: count(record.fields, `${path}.fields`, MAX_SUFFIXES),
		textRoot: digest(record.textRoot, `${path}.textRoot`),
		suffixRoot: digest(record.suffixRoot, `${path}.suffixRoot`),
		fieldRoot: digest(record.fieldRoot, `${path}.fieldRoot`),
	};
}

function parseRow(value: unknown, path: string): RowProof {
	const row = members(value, path, ["row", "commitment", "contributor", "cluster", "proof"]);
	return {
		row: count(row.row, `${path}.row`),
		commitment: digest(row.commitment, `${path}.commitment`),
		contributor: hex(row.contributor, `${path}.contributor`, 40) as Address,
		cluster: count(row.cluster, `${path}.cluster`),
		proof: list(row.proof, `${path}.proof`, 64, digest),
	};
}

/** Bytes of the canonical JSON of a proof; throws `spans/receipt-malformed` above the limit. */
export function proofSize(proof: SpanProof): number {
	const bytes = Buffer.byteLength(canonicalJson(proof));
	return bytes <= MAX_RECEIPT_BYTES ? bytes : malformed("proof", `at most ${MAX_RECEIPT_BYTES} bytes`);
}
