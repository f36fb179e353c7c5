// The base of the language-model sets: ember trained on in full, on plays and worked problems that no set uses. Made once, kept in a folder.
// ember itself has met nothing but questions and answers; an adapter on top of it would mostly teach what English is.

import { existsSync, readFileSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
	type BaseModel,
	batchFeeds,
	createFullTrainer,
	epochBatches,
	learningRateAt,
	loadBase,
	makeBatch,
	meanWeights,
	type TokenRow,
	writeBase,
	writeFolder,
} from "@openledger/llm";
import type { Machine } from "@openledger/tensor";
import { dataFile } from "./data.js";
import { GSM8K_FIRST_UNUSED } from "./gsm8k.js";
import { STRETCH_CHARACTERS, STRETCHES } from "./shakespeare.js";

const BLOCK = 96;
const EPOCHS = 2;
const BATCH = 32;
const PROBLEMS = 1500;
const SETTINGS = { beta1: 0.9, beta2: 0.98, epsilon: 1e-8, epsilonRoot: 1e-12, weightDecay: 0.05, clip: 1 };
const SCHEDULE = { peak: 1.5e-3, warmup: 0.05, floor: 0.05 };

const ember = fileURLToPath(new URL("../../../models/ember", import.meta.url));

function corpus(base: BaseModel): TokenRow[] {
	const plays = readFileSync(dataFile("shakespeare/input.txt"), "utf8");
	const rest = Array.from({ length: STRETCHES }, (_, i) =>
		plays.slice(
			Math.floor((i * plays.length) / STRETCHES) + STRETCH_CHARACTERS,
			Math.floor(((i + 1) * plays.length) / STRETCHES),
		),
	);
	const problems = readFileSync(dataFile("gsm8k/train.jsonl"), "utf8")
		.split("\n")
		.slice(GSM8K_FIRST_UNUSED, GSM8K_FIRST_UNUSED + PROBLEMS)
		.map((line) => JSON.parse(line) as { question: string; answer: string })
		.map(({ question, answer }) => `${question}\n${answer}\n\n`);
	const blocks: TokenRow[] = [];
	for (const text of [...rest, problems.join("")]) {
		const ids = base.tokenizer.encode(text, { special: false });
		for (let at = 0; at + BLOCK <= ids.length; at += BLOCK) blocks.push({ tokens: ids.slice(at, at + BLOCK), from: 1 });
	}
	return blocks;
}

/** Loads the base from `folder`, or trains it there first (about two minutes). */
export async function languageBase(machine: Machine, folder: string, log: (line: string) => void): Promise<BaseModel> {
	if (!existsSync(folder)) {
		const from = await loadBase(ember);
		const rows = corpus(from);
		const lengths = rows.map((row) => row.tokens.length);
		const steps = Array.from({ length: EPOCHS }, (_, epoch) => epochBatches(lengths, BATCH, 1, epoch)).flat();
		const trainer = createFullTrainer(machine, from, SETTINGS);
		const begun = performance.now();
		let recent = 0;
		steps.forEach((ids, step) => {
			const batch = makeBatch(
				ids.map((i) => rows[i]!),
				from.padding,
			);
			const rate = Math.fround(learningRateAt(SCHEDULE, step, steps.length));
			const { loss } = trainer.step(batch.shape, batchFeeds(from.config, batch, meanWeights(batch)), rate);
			recent = step === 0 ? loss : 0.95 * recent + 0.05 * loss;
			const seconds = Math.round((performance.now() - begun) / 1000);
			if ((step + 1) % 50 === 0)
				log(`language base: step ${step + 1} of ${steps.length}, loss ${recent.toFixed(3)}, ${seconds} s`);
		});
		const read = (name: string) => readFileSync(join(ember, name));
		const files = {
			config: read("config.json"),
			tokenizer: read("tokenizer.json"),
			tokenizerConfig: read("tokenizer_config.json"),
		};
		const half = `${folder}.making`;
		await rm(half, { recursive: true, force: true });
		await writeFolder(half, writeBase(files, trainer.state().parameters));
		trainer.close();
		await rename(half, folder);
	}
	return loadBase(folder);
}
