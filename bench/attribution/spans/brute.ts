// Spans by looking everywhere: at each word the match is grown word by word while the whole text holds it. Shares with the index the words, the
// rules and nothing else. It must not know suffixes.

import { findWords, type SpanRules } from "@openledger/attribution";
import type { Row } from "@openledger/protocol";

const SEPARATOR = 0xff;

export function bruteSpans(rows: readonly Row[], answer: string, rules: SpanRules) {
	const fields = rows.flatMap(({ prompt, response }, row) => [
		{ row, field: "prompt", bytes: Buffer.from(prompt.normalize("NFC")) },
		{ row, field: "response", bytes: Buffer.from(response.normalize("NFC")) },
	]);
	const text = Buffer.concat(fields.flatMap(({ bytes }) => [bytes, Buffer.of(SEPARATOR)]));
	const bytes = Buffer.from(answer);
	const { begins, ends } = findWords(bytes);
	const spans: {
		start: number;
		end: number;
		count: number;
		occurrences: { row: number; field: string; offset: number }[];
	}[] = [];
	let reached = 0;
	for (const [word, start] of begins.entries()) {
		let last = -1;
		for (let next = word; next < ends.length && text.includes(bytes.subarray(start, ends[next]!)); next++) last = next;
		const end = last < 0 ? start : ends[last]!;
		if (end <= reached) continue;
		reached = end;
		if (last - word + 1 < rules.minWords || end - start < rules.minBytes) continue;
		const places: number[] = [];
		const wanted = bytes.subarray(start, end);
		for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) places.push(at);
		const named = places.length > rules.maxCount ? [] : places.slice(0, rules.maxOccurrences);
		spans.push({ start, end, count: places.length, occurrences: named.map((place) => placed(fields, place)) });
	}
	return spans;
}

function placed(fields: readonly { row: number; field: string; bytes: Buffer }[], place: number) {
	let start = 0;
	for (const { row, field, bytes } of fields) {
		if (place < start + bytes.length) return { row, field, offset: place - start };
		start += bytes.length + 1;
	}
	throw new Error(`no field holds byte ${place}`);
}
