// Turns a trivia file (`#Q` question, `^` answer, `A`–`D` choices) into the JSON Lines that `npm run demo -- --data` reads:
//   node --import tsx --conditions=source bench/trivia-to-jsonl.ts IN OUT --rows 200
// The files are ragged: questions run over lines, bytes are UTF-8 or Latin-1, entries miss an answer or repeat themselves.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

export type TriviaRow = { readonly contributor: string; readonly prompt: string; readonly response: string };

export type TriviaOptions = {
	/** At most so many rows, the first that qualify. */
	readonly rows: number;
	/** Longest question and answer kept, in UTF-16 units. */
	readonly maxPrompt?: number;
	readonly maxResponse?: number;
};

const contributors = ["ana", "ben", "cleo", "dan", "eve", "finn", "gia", "hal"];

/** UTF-8 if the bytes are that, else Latin-1. */
export function decodeText(bytes: Uint8Array): string {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		return Buffer.from(bytes).toString("latin1");
	}
}

/** The rows of a trivia file; contributors take turns. Over-long, incomplete and repeated questions are left out. */
export function triviaRows(bytes: Uint8Array, options: TriviaOptions): TriviaRow[] {
	const { rows, maxPrompt = 110, maxResponse = 32 } = options;
	const out: TriviaRow[] = [];
	const seen = new Set<string>();
	for (const { prompt, response } of entries(decodeText(bytes))) {
		if (out.length === rows) break;
		const key = prompt.toLowerCase();
		if (
			response === "" ||
			prompt.length < 8 ||
			prompt.length > maxPrompt ||
			response.length > maxResponse ||
			seen.has(key)
		)
			continue;
		seen.add(key);
		out.push({ contributor: contributors[out.length % contributors.length]!, prompt, response });
	}
	return out;
}

/** Question and answer of each `#Q` block; the answer is "" where the block has none. */
function* entries(text: string): Generator<{ prompt: string; response: string }> {
	for (const block of text.split(/^[ \t]*#Q/m).slice(1)) {
		const lines = block.split(/\r\n|\n|\r/);
		const at = lines.findIndex((line) => /^\s*\^/.test(line));
		yield {
			prompt: clean((at < 0 ? [] : lines.slice(0, at)).join(" ")),
			response: at < 0 ? "" : clean(lines[at]!.replace(/^\s*\^/, "")),
		};
	}
}

/** One line of printable text: control characters (Latin-1's C1 ones too) and runs of space become one space. */
const clean = (text: string): string =>
	text
		.replace(/[\p{Cc}\p{White_Space}]+/gu, " ")
		.normalize("NFC")
		.trim();

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const { positionals, values } = parseArgs({
		allowPositionals: true,
		options: { rows: { type: "string", default: "200" } },
	});
	const [source, target] = positionals;
	const wanted = Number(values.rows);
	if (source === undefined || target === undefined || !Number.isSafeInteger(wanted) || wanted < 1) {
		console.error("usage: trivia-to-jsonl.ts IN OUT [--rows 200]   (rows: an integer from 1)");
		process.exit(2);
	}
	const rows = triviaRows(readFileSync(source), { rows: wanted });
	writeFileSync(target, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
	console.log(
		`${rows.length} rows by ${new Set(rows.map((row) => row.contributor)).size} contributors written to ${target}`,
	);
}
