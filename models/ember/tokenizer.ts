// Builds ember's tokenizer from a sample of its corpus, and, run as a script, writes tokenizer.json and tokenizer_config.json
// beside itself: node --import tsx --conditions=source models/ember/tokenizer.ts

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type TokenizerFiles, tokenizerFiles, trainBpe } from "@openledger/llm";
import { type CorpusRow, emberCorpus } from "./corpus.js";

/** The sample that the committed files are trained on. */
export const tokenizerSample = { seed: 1, rows: 24_000 } as const;

export const emberSpecialTokens = ["<|pad|>", "<|user|>", "<|assistant|>", "<|end|>"] as const;

/** `<|user|>QUESTION<|assistant|>ANSWER<|end|>`; roles other than user and assistant are refused. */
export const emberChatTemplate = [
	"{% for message in messages %}",
	"{% if message['role'] == 'user' %}{{ '<|user|>' + message['content'] }}",
	"{% elif message['role'] == 'assistant' %}{{ '<|assistant|>' + message['content'] + '<|end|>' }}",
	"{% else %}{{ raise_exception('ember takes messages of the roles user and assistant') }}{% endif %}",
	"{% endfor %}",
	"{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}",
].join("");

/** The text of ember's tokenizer files: 1,024 tokens of byte-level BPE learnt from the rows' prompts and responses. */
export function buildEmberTokenizer(rows: Iterable<CorpusRow> = emberCorpus(tokenizerSample)): TokenizerFiles {
	const texts = function* () {
		for (const row of rows) {
			yield row.prompt;
			yield row.response;
		}
	};
	const model = trainBpe(texts(), { vocabSize: 1024, specialTokens: emberSpecialTokens });
	return tokenizerFiles(model, { chatTemplate: emberChatTemplate, padToken: "<|pad|>", endToken: "<|end|>" });
}

if (process.argv[1] === fileURLToPath(import.meta.url))
	for (const [name, text] of Object.entries(buildEmberTokenizer())) writeFileSync(new URL(name, import.meta.url), text);
