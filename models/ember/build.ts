// Rebuilds ember from nothing but this repo: corpus → tokenizer → pre-training → Hugging Face folder, and says whether it is the
// same model that the repo ships. Run by `npm run model:ember -- [--out DIR]`; DIR is a temporary folder unless named, so that a
// trial never replaces the shipped model. `--rows N` shortens a trial. Ends with 1 if a full rebuild differs.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
	createTokenizer,
	encodeExample,
	parameterShapes,
	readBase,
	sha256,
	type TokenRow,
	writeConfig,
	writeSafetensors,
} from "@openledger/llm";
import { emberCorpus } from "./corpus.js";
import { pretrain } from "./pretrain.js";
import { EMBER_CONFIG, EMBER_RUN } from "./recipe.js";
import { buildEmberTokenizer } from "./tokenizer.js";

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
	options: {
		out: { type: "string", default: join(tmpdir(), "openledger-ember") },
		rows: { type: "string", default: String(EMBER_RUN.rows) },
	},
});
const utf8 = new TextEncoder();
const begun = Date.now();
const say = (text: string) => process.stderr.write(`${text}\n`);

const corpus = [...emberCorpus({ seed: EMBER_RUN.seed, rows: Number(values.rows) })];
say(`corpus     ${corpus.length} rows`);
const tokenizerFiles = buildEmberTokenizer();
const tokenizer = createTokenizer(JSON.parse(tokenizerFiles["tokenizer.json"]));
say(`tokenizer  ${tokenizer.vocabSize} tokens, ${sha256(utf8.encode(tokenizerFiles["tokenizer.json"]))}`);
const [pad, bos, eos] = ["<|pad|>", "<|user|>", "<|end|>"].map((t) => tokenizer.idOf(t)) as [number, number, number];

const config = utf8.encode(`${JSON.stringify(writeConfig(EMBER_CONFIG, { bos, eos, pad }, "float16"), null, 2)}\n`);
const files = {
	config,
	tokenizer: utf8.encode(tokenizerFiles["tokenizer.json"]),
	tokenizerConfig: utf8.encode(tokenizerFiles["tokenizer_config.json"]),
};
const wrap = (weights: ReadonlyMap<string, Float32Array>): Uint8Array =>
	writeSafetensors(
		new Map([...parameterShapes(EMBER_CONFIG)].map(([name, shape]) => [name, { shape, data: weights.get(name)! }])),
		"F16",
	);

const empty = wrap(
	new Map(
		[...parameterShapes(EMBER_CONFIG)].map(([name, shape]) => [
			name,
			new Float32Array(shape.reduce((a, b) => a * b, 1)),
		]),
	),
);
const frame = readBase({ ...files, model: empty }, "ember");
const rows: TokenRow[] = corpus
	.map(({ prompt, response }) => encodeExample(frame, prompt, response))
	.filter((r) => r.tokens.length <= EMBER_RUN.maxTokens);
const total = rows.reduce((n, r) => n + r.tokens.length, 0);
say(`rows       ${rows.length} kept, ${(total / rows.length).toFixed(1)} tokens each`);

let loss = 0;
let shown = 0;
const weights = pretrain(rows, pad, (p) => {
	loss = loss === 0 ? p.loss : 0.98 * loss + 0.02 * p.loss;
	if (p.step !== p.steps && Date.now() - shown < 5000) return;
	shown = Date.now();
	say(
		`step ${p.step}/${p.steps}  loss ${loss.toFixed(3)}  ${Math.round(p.tokensPerSecond)} tok/s  ${Math.round(p.secondsLeft)} s left`,
	);
});

const model = wrap(weights);
const digest = sha256(model);
const shippedFile = join(here, "model.safetensors");
const shipped = existsSync(shippedFile) ? sha256(readFileSync(shippedFile)) : undefined;
mkdirSync(values.out, { recursive: true });
writeFileSync(join(values.out, "config.json"), config);
writeFileSync(join(values.out, "tokenizer.json"), files.tokenizer);
writeFileSync(join(values.out, "tokenizer_config.json"), files.tokenizerConfig);
writeFileSync(join(values.out, "model.safetensors"), model);
say(
	`model      ${digest} after ${Math.round((Date.now() - begun) / 1000)} s, loss ${loss.toFixed(3)}, in ${values.out}`,
);
if (shipped === digest) say("identical to the shipped model");
else {
	say(
		shipped === undefined ? "there was no shipped model to compare with" : `differs from the shipped model ${shipped}`,
	);
	if (shipped !== undefined && corpus.length === EMBER_RUN.rows) process.exitCode = 1;
}
