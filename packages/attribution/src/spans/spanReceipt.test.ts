import {
	type Hex,
	keccak256,
	type Row,
	type SnapshotEntry,
	saltedHash,
	snapshotRoot,
	utf8,
} from "@openledger/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { auditSpanIndex } from "./auditSpanIndex.js";
import { checkClaims } from "./claims.js";
import { SpanError } from "./errors.js";
import { byRarity, findSpans } from "./findSpans.js";
import { proveSpans, recorder } from "./proveSpans.js";
import { SPAN_RULES, type SpanRules } from "./rules.js";
import { appendToSpanIndex, buildSpanIndex, type SpanIndex, spanIndexOf, spanRoot } from "./spanIndex.js";
import { type SpanReceipt, spanRecordDigest } from "./spanReceipt.js";
import { answerSpotCheck, catchPpm, verifySpotCheck } from "./spotCheck.js";
import { recommit } from "./testing/recommit.js";
import { verifySpanReceipt } from "./verifySpanReceipt.js";
import { findWords } from "./words.js";

const digest = (name: string): Hex => keccak256(utf8(name));
const salt = digest("salt");
const receiptId = digest("receipt");
const rows: Row[] = Array.from({ length: 90 }, (_, k) => ({
	prompt: `What did traveller number ${k % 11} bring from the market?`,
	response: `Traveller number ${k % 11} brought ${k} baskets of figs and a jar of honey home from the market.`,
}));
const entries: SnapshotEntry[] = rows.map((row, index) => ({
	index,
	commitment: digest(row.response),
	contributor: `0x${String(1 + (index % 3)).padStart(40, "0")}`,
	cluster: index,
}));
const snapshot = snapshotRoot(entries);
const index = buildSpanIndex(rows, { unit: 1024, largest: 4 });
const answer =
	"I think: traveller number 7 brought 18 baskets of figs and a jar of honey. What did traveller number 4 bring? Nothing at all.";
const binding = { receiptId, salt, snapshotRoot: snapshot, entries };
const known = { answer, salt, receiptId, snapshotRoot: snapshot, indexRoot: index.root };
const through = <T>(value: T): T => JSON.parse(JSON.stringify(value));

test("default: a receipt through JSON is checked without the index and says what was checked", () => {
	const receipt = through(proveSpans(index, answer, binding));
	const report = verifySpanReceipt(receipt, known);
	const found = findSpans(index, answer);
	expect(found.length).toBeGreaterThan(1);
	expect(receipt.record.spans.map(({ start, end, count }) => ({ start, end, count }))).toEqual(
		found.map(({ start, end, count }) => ({ start, end, count })),
	);
	expect(receipt.record.answerHash).toBe(saltedHash(answer, salt));
	for (const { row, contributor } of receipt.record.spans.flatMap(({ occurrences }) => occurrences)) {
		expect(contributor).toBe(entries[row]!.contributor);
	}
	expect(report).toMatchObject({ digest: spanRecordDigest(receipt.record), spans: found.length });
	expect(report.checked.join("; ")).toContain("no span was left out");
	expect(proveSpans(index, answer, binding)).toEqual(receipt);
	const bare = verifySpanReceipt(
		proveSpans(index, answer, { receiptId, salt, snapshotRoot: snapshot }, { complete: false }),
		{ answer, salt },
	);
	expect(bare.notChecked.length).toBeGreaterThan(5);
	expect(verifySpanReceipt(receipt, { ...known, digest: report.digest, rules: SPAN_RULES }).notChecked).toEqual([]);
});

test("behavior: receipts of any answer over any rows hold, and give what the search gives", () => {
	const sentence = fc
		.array(fc.constantFrom("the", "cat", "sat", "on", "mat", "a", "é1"), { maxLength: 16 })
		.map((words) => words.join(" "));
	const someRows = fc.array(fc.record({ prompt: sentence, response: sentence }), { maxLength: 10 });
	fc.assert(
		fc.property(someRows, sentence, fc.integer({ min: 1, max: 5 }), fc.boolean(), (texts, said, minWords, complete) => {
			const rules: Partial<SpanRules> = { minWords, minBytes: 4, maxCount: 6, maxOccurrences: 3, complete };
			const small = buildSpanIndex(texts, { unit: 64, largest: 2 });
			const receipt = proveSpans(small, said, { receiptId, salt, snapshotRoot: snapshot }, rules);
			verifySpanReceipt(receipt, { answer: said, salt, indexRoot: small.root });
			expect(receipt.record.spans).toEqual(
				findSpans(small, said, rules).map(({ start, end, count, occurrences }) => ({ start, end, count, occurrences })),
			);
		}),
		{ numRuns: 200 },
	);
});

/** Every place of a receipt that holds a plain value, as a path. */
function leaves(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
	if (typeof value !== "object" || value === null) return [path];
	return Object.entries(value).flatMap(([key, member]) =>
		leaves(member, [...path, Array.isArray(value) ? Number(key) : key]),
	);
}

function changed(receipt: SpanReceipt, path: readonly (string | number)[], to: (value: never) => unknown): unknown {
	const copy = through(receipt) as unknown as Record<string | number, unknown>;
	let at = copy;
	for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
	at[path.at(-1)!] = to(at[path.at(-1)!] as never);
	return copy;
}

function refused(receipt: unknown, signed?: Hex): string {
	try {
		verifySpanReceipt(receipt, { ...known, ...(signed && { digest: signed }) });
		return "accepted";
	} catch (error) {
		expect(error).toBeInstanceOf(SpanError);
		return (error as SpanError).code;
	}
}

test("behavior: no value of a receipt can be changed", () => {
	const receipt = proveSpans(index, answer, binding);
	const names = new Set<string>();
	for (const path of leaves(receipt)) {
		names.add(path.filter((key) => typeof key === "string").join("."));
		const change = (value: never): unknown => {
			if (typeof value === "number") return value + 1;
			if (typeof value === "boolean") return !value;
			const text = value as string;
			if (/^0x[0-9a-f]+$/.test(text)) return text.slice(0, -1) + (text.endsWith("0") ? "1" : "0");
			if (text === "") return "AAAA";
			return text === "prompt"
				? "response"
				: text === "response"
					? "prompt"
					: (text[0] === "A" ? "B" : "A") + text.slice(1);
		};
		// Other rules may be kept by the same spans: only the signature says which were meant.
		const signed = path[1] === "rules" ? spanRecordDigest(receipt.record) : undefined;
		const code = refused(changed(receipt, path, change), signed);
		expect(code, `${path.join(".")} was changed`).toMatch(
			/^spans\/(receipt-malformed|receipt-mismatch|proof-fails|bad-rules)$/,
		);
	}
	const kinds = [
		"receiptId",
		"snapshotRoot",
		"indexRoot",
		"answerHash",
		"answerBytes",
		"rules.minWords",
		"spans.start",
		"spans.end",
	];
	for (const name of [
		...kinds,
		"spans.count",
		"spans.occurrences.row",
		"spans.occurrences.field",
		"spans.occurrences.offset",
	]) {
		expect(names).toContain(`record.${name}`);
	}
	for (const name of [
		"commitment.segments.suffixRoot",
		"ranges",
		"places",
		"absences.ranks",
		"openings.text.data",
		"rows.proof",
	]) {
		expect(
			[...names].some((seen) => seen.startsWith(`proof.${name}`)),
			name,
		).toBe(true);
	}
});

test("behavior: no span, occurrence, absence, leaf or node can be left out, put in twice or moved", () => {
	const receipt = proveSpans(index, answer, binding);
	const without = (path: readonly (string | number)[], k: number) =>
		changed(receipt, path, (list: never) => (list as unknown[]).filter((_, at) => at !== k));
	const twice = (path: readonly (string | number)[], k: number) =>
		changed(receipt, path, (list: never) => [...(list as unknown[]), (list as unknown[])[k]]);
	const lists: (string | number)[][] = [
		["record", "spans"],
		["proof", "ranges"],
		["proof", "places"],
		["proof", "absences"],
		["proof", "openings"],
		["proof", "rows"],
	];
	for (const [k] of receipt.record.spans.entries()) lists.push(["record", "spans", k, "occurrences"]);
	for (const [k, parts] of receipt.proof.openings.entries()) {
		for (const part of ["text", "suffixes", "fields"] as const)
			if (parts[part].leaves.length > 0) lists.push(["proof", "openings", k, part, "leaves"]);
	}
	for (const path of lists) {
		const length = (path.reduce<unknown>((at, key) => (at as never)[key], receipt) as unknown[]).length;
		expect(length).toBeGreaterThan(0);
		for (const k of new Set([0, length - 1])) {
			expect(refused(without(path, k)), `${path.join(".")} without ${k}`).not.toBe("accepted");
			expect(refused(twice(path, k)), `${path.join(".")} twice ${k}`).not.toBe("accepted");
		}
	}
	// A span with all that belongs to it, left out of a receipt that says it is complete.
	const fewer = through(receipt) as unknown as {
		record: { spans: unknown[] };
		proof: { ranges: unknown[]; places: unknown[] };
	};
	for (const list of [fewer.record.spans, fewer.proof.ranges, fewer.proof.places]) list.pop();
	expect(refused(fewer)).toBe("spans/proof-fails");
});

test("behavior: a span that could be longer, a smaller count and a part of a span are refused though their openings are honest", () => {
	const honest = proveSpans(index, answer, binding);
	// A prover that searches a shorter answer has honest openings for a span that is cut short.
	const cut = answer.slice(0, answer.indexOf(" and a jar"));
	const other = proveSpans(index, cut, binding);
	const posed = {
		record: { ...other.record, answerHash: honest.record.answerHash, answerBytes: honest.record.answerBytes },
		proof: other.proof,
	};
	expect(refused(posed)).toBe("spans/proof-fails");
	// An index over fewer rows counts less; its root is another.
	const fewer = buildSpanIndex(rows.slice(0, 60), { unit: 1024, largest: 4 });
	const less = proveSpans(fewer, answer, binding);
	expect(refused(less)).toBe("spans/receipt-mismatch");
	expect(refused({ record: { ...less.record, indexRoot: index.root }, proof: less.proof })).toBe(
		"spans/receipt-mismatch",
	);
	expect(() => verifySpanReceipt(honest, { ...known, answer: `${answer}!` })).toThrow(SpanError);
	expect(() => verifySpanReceipt(honest, { ...known, salt: digest("other") })).toThrow(SpanError);
});

test("behavior: arbitrary input is refused with a typed error, never believed, never a crash", () => {
	const receipt = proveSpans(index, answer, binding);
	const paths = leaves(receipt);
	const junk = fc.oneof(
		fc.jsonValue(),
		fc.constantFrom(undefined, -1, 0.5, 2 ** 53, "", "0x", "=", null, [], {}, [[]], Number.NaN),
	);
	fc.assert(
		fc.property(junk, fc.nat(paths.length - 1), fc.nat(6), (value, k, depth) => {
			const path = paths[k]!.slice(0, Math.max(1, paths[k]!.length - depth));
			const posed = changed(receipt, path, () => value);
			if (JSON.stringify(posed) === JSON.stringify(receipt)) return;
			expect(refused(posed, spanRecordDigest(receipt.record))).not.toBe("accepted");
		}),
		{ numRuns: 800 },
	);
	fc.assert(
		fc.property(fc.anything(), (value) => {
			expect(refused(value)).not.toBe("accepted");
		}),
		{ numRuns: 500 },
	);
});

test("behavior: segments are summed once for a receipt, however many occurrences it names", () => {
	const many = buildSpanIndex(rows, { unit: 64, largest: 1 });
	const { record, proof } = proveSpans(many, answer, binding);
	const spans = record.spans.map(({ occurrences, ...span }, s) => ({
		...span,
		ranges: proof.ranges[s]!,
		occurrences: occurrences.map(({ row, field, offset }, k) => {
			const [segment, rank, entry] = proof.places[s]![k]!;
			return { row, field, offset, segment, rank, entry };
		}),
	}));
	expect(spans.flatMap(({ occurrences }) => occurrences).length).toBeGreaterThan(5);
	let reads = 0;
	const counted = many.commitment.segments.map((segment) => ({
		...segment,
		get rows() {
			reads++;
			return segment.rows;
		},
	}));
	const commitment = { ...many.commitment, segments: counted };
	const bytes = utf8(answer);
	checkClaims(
		{ bytes, words: findWords(bytes), rules: record.rules, commitment, spans, absences: proof.absences },
		recorder(many.segments).reader,
	);
	expect(counted.length).toBeGreaterThan(50);
	expect(reads).toBe(counted.length);
});

test("behavior: spans rank by rarity, then length, then place", () => {
	const span = (start: number, end: number, rarity: number) => ({ start, end, rarity });
	const ranked = [span(9, 14, 700), span(0, 5, 512), span(6, 14, 512), span(20, 28, 512)];
	const [a, b, c, d] = ranked;
	expect(byRarity([b!, d!, c!, a!])).toEqual([a, c, d, b]);
});

test("behavior: an index is audited by building it again, which names what differs", () => {
	auditSpanIndex(index.commitment, rows);
	const [first, ...rest] = index.commitment.segments;
	const lie = { ...index.commitment, segments: [{ ...first!, suffixRoot: digest("no") }, ...rest] };
	expect(() => auditSpanIndex(lie, rows)).toThrow(/segment 0, suffixRoot/);
	expect(() => auditSpanIndex(index.commitment, rows.slice(1))).toThrow(/textRoot|bytes|rows/);
	expect(() => auditSpanIndex(index.commitment, [...rows, ...rows])).toThrow(SpanError);
	expect(() => auditSpanIndex({ ...index.commitment, segments: [...index.commitment.segments, first!] }, rows)).toThrow(
		/segments/,
	);
	const { unit } = index.commitment;
	expect(() => auditSpanIndex({ unit, largest: 2, segments: index.commitment.segments }, rows)).toThrow(SpanError);
});

test("behavior: a spot check passes an honest index and catches a dishonest one as often as it says", () => {
	const text = appendToSpanIndex(buildSpanIndex([], { unit: 4096, largest: 16 }), rows.slice(0, 60));
	for (let k = 0; k < 5; k++) {
		const questions = { seed: digest(`seed ${k}`), samples: 20, places: [[0, k]] as const };
		const { found, ordered, undecided } = verifySpotCheck(
			text.commitment,
			questions,
			through(answerSpotCheck(text, questions)),
		);
		expect([found, ordered + undecided]).toEqual([21, 20]);
	}
	// A twentieth of the suffixes hidden: each entry is its left neighbour's.
	const faulty = 20;
	const segments = text.segments.map((segment) => {
		const suffixes = segment.suffixes.map((position, rank) =>
			rank % faulty === 7 ? segment.suffixes[rank - 1]! : position,
		);
		return recommit(segment, suffixes);
	});
	const lie: SpanIndex = spanIndexOf(text.commitment, segments);
	expect(spanRoot(lie.commitment)).not.toBe(text.root);
	const rounds = 150;
	let caught = 0;
	for (let k = 0; k < rounds; k++) {
		const questions = { seed: digest(`lie ${k}`), samples: 8 };
		const answers = answerSpotCheck(lie, questions);
		try {
			verifySpotCheck(lie.commitment, questions, answers);
		} catch (error) {
			expect((error as SpanError).code).toBe("spans/proof-fails");
			caught++;
		}
	}
	// A hidden suffix is missed as a place, and its neighbours are equal: a pair, a twentieth of all, and a place, another.
	const expected = catchPpm(50_000, 16) / 1e6;
	expect(expected).toBeCloseTo(1 - 0.95 ** 16, 5);
	expect(Math.abs(caught / rounds - expected)).toBeLessThan(0.15);
	// Whoever asks for a place of their own that was hidden learns it for certain.
	const [hidden] = [text.segments[0]!.suffixes[7]!];
	const own = { seed: digest("own"), samples: 1, places: [[0, hidden]] as const };
	expect(() => verifySpotCheck(lie.commitment, own, answerSpotCheck(lie, own))).toThrow(SpanError);
});
