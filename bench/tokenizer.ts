// Tokenizers: encoding by each kind of tokenizer.json beside @huggingface/tokenizers and, where OPENLEDGER_PYTHON names a Python with it,
// Hugging Face's own in Rust; and training. MB of UTF-8 a second of processor time, so that neighbours on the machine do not count;
// garbage collection counts. The text is ../shared/data where that is there.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Tokenizer as Library } from "@huggingface/tokenizers";
import { type BpeModel, createTokenizer, tokenizerFiles, trainBpe } from "@openledger/llm";
import { emberCorpus } from "../models/ember/corpus.js";
import { median } from "./models.js";
import type { BenchOptions, BenchResult, BenchTarget } from "./run.js";

const VOCAB_SIZE = 16_384;
const ROUNDS = 5;
/** The library is slow: it takes part in this many of them. */
const LIBRARY_ROUNDS = 2;
/** One document of so many is encoded; training sees all. */
const EVERY = 4;
const DOCUMENT_LINES = 60;
const SPECIAL = ["<|end|>"];

type Peer = {
	readonly encode: Readonly<Record<string, number>>;
	readonly digest: Readonly<Record<string, string>>;
	readonly train: number;
};

function readText(log: BenchOptions["log"]): string {
	const data = fileURLToPath(new URL("../../shared/data/", import.meta.url));
	if (!existsSync(data)) {
		log("no ../shared/data: the text is ember's corpus, which has few different words");
		return [...emberCorpus({ seed: 5, rows: 40_000 })].map((r) => `${r.prompt} ${r.response}\n`).join("");
	}
	const problems = readFileSync(`${data}gsm8k/train.jsonl`, "utf8").trim().split("\n");
	const lines = problems.map((line) => JSON.parse(line) as { question: string; answer: string });
	const trivia = readFileSync(`${data}trivia/science-technology.txt`, "latin1");
	const plays = readFileSync(`${data}shakespeare/input.txt`, "utf8");
	return `${plays}${lines.map((l) => `${l.question}\n${l.answer}\n`).join("")}${trivia}`;
}

/** One tokenizer.json of each kind, with the merges of one training. */
function kindsOf(model: BpeModel): Record<string, Record<string, unknown>> {
	const texts = tokenizerFiles(model, { chatTemplate: "", padToken: "<|end|>", endToken: "<|end|>" });
	const gpt2 = JSON.parse(texts["tokenizer.json"]);
	const pattern = (numbers: string) =>
		`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${numbers}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;
	const after = (first: object, useRegex: boolean) => ({
		type: "Sequence",
		pretokenizers: [first, { ...gpt2.pre_tokenizer, use_regex: useRegex }],
	});
	const split = (numbers: string) =>
		after({ type: "Split", pattern: { Regex: pattern(numbers) }, behavior: "Isolated", invert: false }, false);
	return {
		"GPT-2": gpt2,
		"Llama 3": { ...gpt2, pre_tokenizer: split("\\p{N}{1,3}"), model: { ...gpt2.model, ignore_merges: true } },
		Qwen2: { ...gpt2, pre_tokenizer: split("\\p{N}"), normalizer: { type: "NFC" } },
		SmolLM2: { ...gpt2, pre_tokenizer: after({ type: "Digits", individual_digits: true }, true) },
		"Llama 2": sentencePieces(model),
	};
}

/** The merges of printable ASCII as SentencePiece would have them, with a fallback to bytes. */
function sentencePieces({ vocabulary, merges }: BpeModel): Record<string, unknown> {
	const nameOf = (id: number) => vocabulary[id]!.replaceAll("Ġ", "▁");
	const kept = merges.map(([left, right]) => [nameOf(left), nameOf(right)] as const);
	const ascii = kept.filter((pair) => /^[\x21-\x7e▁]+$/.test(pair.join("")));
	const bytes = Array.from({ length: 256 }, (_, i) => `<0x${i.toString(16).toUpperCase().padStart(2, "0")}>`);
	const pieces = [
		"<unk>",
		"<s>",
		"</s>",
		...bytes,
		"▁",
		...Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)),
	];
	const tokens = [...new Set([...pieces, ...ascii.map((pair) => pair.join(""))])];
	const replace = (from: string, to: string) => ({ type: "Replace", pattern: { String: from }, content: to });
	const strip = { type: "Strip", content: " ", start: 1, stop: 0 };
	return {
		added_tokens: tokens.slice(0, 3).map((content, id) => ({
			id,
			content,
			special: true,
			normalized: false,
			single_word: false,
			lstrip: false,
			rstrip: false,
		})),
		normalizer: { type: "Sequence", normalizers: [{ type: "Prepend", prepend: "▁" }, replace(" ", "▁")] },
		pre_tokenizer: null,
		post_processor: null,
		decoder: { type: "Sequence", decoders: [replace("▁", " "), { type: "ByteFallback" }, { type: "Fuse" }, strip] },
		model: {
			type: "BPE",
			unk_token: "<unk>",
			fuse_unk: true,
			byte_fallback: true,
			vocab: Object.fromEntries(tokens.map((t, id) => [t, id])),
			merges: ascii,
		},
	};
}

const digestOf = (ids: readonly (readonly number[])[]): string =>
	createHash("sha256").update(Uint32Array.from(ids.flat())).digest("hex");

function askPython(job: object, log: BenchOptions["log"]): Peer | undefined {
	const python = process.env.OPENLEDGER_PYTHON;
	if (python === undefined) {
		log("Hugging Face's own left out: name a Python with tokenizers in OPENLEDGER_PYTHON");
		return undefined;
	}
	const path = fileURLToPath(new URL("peers/huggingfaceTokenizers.py", import.meta.url));
	const done = spawnSync(python, [path], { input: JSON.stringify(job), encoding: "utf8", maxBuffer: 2 ** 26 });
	if (done.status === 0) return JSON.parse(done.stdout.trim().split("\n").at(-1)!) as Peer;
	log(`Hugging Face's own left out: ${done.stderr?.trim().split("\n").at(-1) ?? done.error?.message}`);
	return undefined;
}

const round = (x: number): number => Math.round(x * 100) / 100;

export async function run({ log }: BenchOptions): Promise<BenchResult> {
	const lines = readText(log).match(/.*\n|.+/g) ?? [];
	const all: string[] = [];
	for (let i = 0; i < lines.length; i += DOCUMENT_LINES) all.push(lines.slice(i, i + DOCUMENT_LINES).join(""));
	const documents = all.filter((_, i) => i % EVERY === 0);
	const megabytesOf = (texts: readonly string[]) => texts.reduce((sum, d) => sum + Buffer.byteLength(d), 0) / 1e6;
	const megabytes = megabytesOf(documents);
	const timed = <T>(work: () => T): [number, T] => {
		const from = process.cpuUsage();
		const value = work();
		const { user, system } = process.cpuUsage(from);
		return [(user + system) / 1e6, value];
	};

	const trainings = Array.from({ length: 3 }, () =>
		timed(() => trainBpe(all, { vocabSize: VOCAB_SIZE, specialTokens: SPECIAL })),
	);
	const train = megabytesOf(all) / median(trainings.map(([seconds]) => seconds));
	log(`training, ${VOCAB_SIZE} tokens from ${round(megabytesOf(all))} MB: ${round(train)} MB/s`);
	const kinds = kindsOf(trainings[0]![1]);
	const texts = Object.fromEntries(Object.entries(kinds).map(([name, json]) => [name, JSON.stringify(json)]));
	const peer = askPython(
		{
			all,
			documents,
			megabytes,
			trainingMegabytes: megabytesOf(all),
			tokenizers: texts,
			rounds: 3,
			vocabSize: VOCAB_SIZE,
		},
		log,
	);

	const rows: Record<string, string | number | boolean>[] = [];
	const targets: BenchTarget[] = [{ what: "training, MB/s", value: round(train), target: "≥ 1 MB/s", ok: train >= 1 }];
	for (const [name, json] of Object.entries(kinds)) {
		const own: number[] = [];
		const library: number[] = [];
		let digest = "";
		let libraryDigest = "";
		// A new tokenizer each time: no words are known when the clock starts.
		for (let i = 0; i < ROUNDS; i++) {
			const ours = createTokenizer(JSON.parse(texts[name]!));
			const [seconds, ids] = timed(() => documents.map((d) => ours.encode(d)));
			own.push(seconds);
			digest = digestOf(ids);
			if (i >= LIBRARY_ROUNDS) continue;
			const theirs = new Library(json, { clean_up_tokenization_spaces: false });
			const [slow, same] = timed(() => documents.map((d) => theirs.encode(d, { add_special_tokens: false }).ids));
			library.push(slow);
			libraryDigest = digestOf(same);
		}
		const [ours, theirs] = [megabytes / median(own), megabytes / median(library)];
		const python = peer?.encode[name];
		rows.push({
			what: `encode, ${name}`,
			megabytesPerSecond: round(ours),
			tokenizersJs: round(theirs),
			sameIdsAsJs: digest === libraryDigest,
			...(peer !== undefined &&
				python !== undefined && { tokenizersRust: round(python), sameIdsAsRust: digest === peer.digest[name] }),
		});
		log(
			`encode, ${name}: ${round(ours)} MB/s; tokenizers.js ${round(theirs)}${python === undefined ? "" : `; Rust ${round(python)}`}`,
		);
		targets.push({ what: `encode, ${name}, MB/s`, value: round(ours), target: "≥ 2 MB/s", ok: ours >= 2 });
	}
	rows.push({
		what: "train",
		megabytesPerSecond: round(train),
		...(peer !== undefined && { tokenizersRust: round(peer.train) }),
	});
	return { rows, targets };
}
