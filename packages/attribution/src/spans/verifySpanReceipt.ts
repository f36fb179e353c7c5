// Checks a span receipt without the index: from the answer, the record and a few opened entries. It must not know who made it.

import { canonicalJson, type Hex, saltedHash, snapshotLeaf, verifyMerkleProof } from "@openledger/protocol";
import { checkClaims, type SpanClaim } from "./claims.js";
import { SpanError } from "./errors.js";
import { openedReader } from "./openedReader.js";
import { parseSpanReceipt, proofSize } from "./parseSpanReceipt.js";
import { answerBytes, type SpanRules, spanRules } from "./rules.js";
import { spanRoot } from "./spanIndex.js";
import { type SpanProof, type SpanRecord, spanRecordDigest } from "./spanReceipt.js";
import { findWords } from "./words.js";

/** What the verifier knows of its own; what is left out is not compared, and the report says so. */
export interface KnownOfSpans {
	readonly answer: string;
	/** The salt of the inference receipt's hashes. */
	readonly salt: Hex;
	readonly receiptId?: Hex;
	readonly snapshotRoot?: Hex;
	/** The root of the index over that snapshot, rebuilt or from someone who rebuilt it. */
	readonly indexRoot?: Hex;
	/** The rules that the answer should have been searched by. */
	readonly rules?: SpanRules;
	/** The digest that was signed. */
	readonly digest?: Hex;
}

export interface SpanReport {
	/** The record's digest: what should have been signed. */
	readonly digest: Hex;
	readonly spans: number;
	/** Stretches that were shown to stand nowhere. */
	readonly absences: number;
	/** Leaves that were opened. */
	readonly openings: number;
	/** Bytes of the proof's canonical JSON. */
	readonly proofBytes: number;
	readonly checked: readonly string[];
	readonly notChecked: readonly string[];
}

/**
 * Throws `spans/receipt-malformed`, `spans/receipt-mismatch` (it belongs to something else) or `spans/proof-fails`, with the first thing that
 * does not hold; `spans/bad-rules`, `spans/bad-answer`. Needs nothing but its arguments.
 */
export function verifySpanReceipt(receipt: unknown, known: KnownOfSpans): SpanReport {
	const { record, proof } = parseSpanReceipt(receipt);
	const proofBytes = proofSize(proof);
	const bytes = answerBytes(known.answer);
	const compare = (name: string, said: unknown, right: unknown) => {
		if (right !== undefined && said !== right)
			throw new SpanError("spans/receipt-mismatch", `record.${name} is ${said}; it must be ${right}`);
	};
	compare("digest", spanRecordDigest(record), known.digest);
	compare("rules", canonicalJson(record.rules), known.rules && canonicalJson(spanRules(known.rules)));
	compare("receiptId", record.receiptId, known.receiptId);
	compare("snapshotRoot", record.snapshotRoot, known.snapshotRoot);
	compare("indexRoot", record.indexRoot, known.indexRoot);
	compare("answerHash", record.answerHash, saltedHash(known.answer, known.salt));
	compare("answerBytes", record.answerBytes, bytes.length);
	compare("indexRoot", record.indexRoot, spanRoot(proof.commitment));
	const { reader, leaves, finish } = openedReader(proof.commitment, proof.openings);
	const { rules } = record;
	const spans = claimsOf(record, proof);
	checkClaims(
		{ bytes, words: findWords(bytes), rules, commitment: proof.commitment, spans, absences: proof.absences },
		reader,
	);
	finish();
	const contributors = checkContributors(record, proof);
	return {
		digest: spanRecordDigest(record),
		spans: spans.length,
		absences: proof.absences.length,
		openings: leaves,
		proofBytes,
		...said(record, known, contributors),
	};
}

function claimsOf({ spans }: SpanRecord, { ranges, places }: SpanProof): SpanClaim[] {
	const fails = (what: string): never => {
		throw new SpanError("spans/proof-fails", `the span proof does not hold: ${what}`);
	};
	if (ranges.length !== spans.length || places.length !== spans.length)
		fails(`${spans.length} spans need as many ranges and places`);
	return spans.map(({ start, end, count, occurrences }, k) => {
		if (places[k]!.length !== occurrences.length) fails(`span ${k} needs a place for each occurrence`);
		const located = occurrences.map(({ row, field, offset }, o) => {
			const [segment, rank, entry] = places[k]![o]!;
			return { row, field, offset, segment, rank, entry };
		});
		return { start, end, count, ranges: ranges[k]!, occurrences: located };
	});
}

/** Whether the record names contributors; all of them must be those of the snapshot, and each entry must be asked for. */
function checkContributors({ spans, snapshotRoot }: SpanRecord, { rows }: SpanProof): boolean {
	const fails = (what: string): never => {
		throw new SpanError("spans/proof-fails", `the span proof does not hold: ${what}`);
	};
	const named = spans.flatMap(({ occurrences }) => occurrences);
	const wanted = [...new Set(named.filter(({ contributor }) => contributor !== undefined).map(({ row }) => row))].sort(
		(a, b) => a - b,
	);
	if (rows.length !== wanted.length || rows.some(({ row }, k) => row !== wanted[k])) {
		fails("rows must hold the snapshot's entry of each row that names a contributor, by row");
	}
	const owners = new Map(rows.map(({ row, contributor }) => [row, contributor]));
	for (const { row, contributor } of named) {
		if (contributor === undefined ? owners.size > 0 : owners.get(row) !== contributor)
			fails(`row ${row} is not said to be ${owners.get(row)}'s`);
	}
	for (const { row, commitment, contributor, cluster, proof } of rows) {
		const leaf = snapshotLeaf({ index: row, commitment, contributor, cluster });
		if (!verifyMerkleProof(leaf, proof, snapshotRoot))
			fails(`row ${row}: its entry does not lead to the snapshot's root`);
	}
	return owners.size > 0;
}

function said(
	{ spans, rules }: SpanRecord,
	known: KnownOfSpans,
	contributors: boolean,
): Pick<SpanReport, "checked" | "notChecked"> {
	const checked = ["the record belongs to this answer"];
	const notChecked: string[] = [];
	const say = (holds: boolean, yes: string, no: string) => (holds ? checked.push(yes) : notChecked.push(no));
	say(known.digest !== undefined, "and is the one that was signed", "that the record was signed");
	say(known.receiptId !== undefined, "and to this receipt", "which receipt the record belongs to");
	say(known.snapshotRoot !== undefined, "and to this snapshot", "which snapshot the record belongs to");
	checked.push(
		"every span stands in the indexed rows at the places that are named",
		"no span can be longer by a word",
		"each count is exact",
	);
	if (known.rules === undefined)
		notChecked.push("whether these are the rules that the answer should have been searched by");
	say(rules.complete, "no span was left out", "whether a span was left out: the rules ask for no proof of it");
	say(
		contributors || spans.length === 0,
		"each named row is its contributor's in the snapshot",
		"whose the named rows are",
	);
	if (spans.some(({ count }) => count > rules.maxOccurrences && count <= rules.maxCount)) {
		notChecked.push("whether the named occurrences are the first ones, where a span has more");
	}
	const built =
		"that the index holds the snapshot's rows, sorted: who has the rows can rebuild its root; who has not can ask for a spot check";
	say(known.indexRoot !== undefined, "the index is the one that was expected", built);
	return { checked, notChecked };
}
