// A tiny seeded base that is made up on the spot: for the self-test and for tests, never for use.

import { drawNormals } from "@openledger/tensor";
import { writeSafetensors } from "../formats/writeSafetensors.js";
import { type BaseModel, readBase } from "../model/baseModel.js";
import type { LlamaConfig } from "../model/config.js";
import { parameterShapes } from "../model/parameters.js";
import { writeConfig } from "../model/writeConfig.js";
import { tokenizerFiles, trainBpe } from "../tokenizer/index.js";

const TEXTS = ["What is the capital of Peru? Lima.", "The river runs to the sea.", "One and two are three."];
const SPECIAL = ["<|pad|>", "<|user|>", "<|assistant|>", "<|end|>"];
const TINY_TEMPLATE =
	"{% for message in messages %}<|{{ message.role }}|>{{ message.content }}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}";

const TINY: Omit<LlamaConfig, "vocabSize"> = {
	hiddenSize: 32,
	intermediateSize: 48,
	layers: 2,
	heads: 4,
	kvHeads: 2,
	headDim: 8,
	maxPositions: 64,
	ropeTheta: 10000,
	rmsNormEps: 1e-5,
	tiedEmbeddings: true,
};

/** The tiny models' tokenizer: files, size and special ids. */
export function tinyTokenizer() {
	const bpe = trainBpe(TEXTS, { vocabSize: 280, specialTokens: SPECIAL });
	const texts = tokenizerFiles(bpe, { chatTemplate: TINY_TEMPLATE, padToken: "<|pad|>", endToken: "<|end|>" });
	const id = (token: string) => bpe.vocabulary.indexOf(token);
	return {
		texts,
		vocabSize: bpe.vocabulary.length,
		ids: { bos: id("<|user|>"), eos: id("<|end|>"), pad: id("<|pad|>") },
	};
}

/** Two layers, grouped heads, weights N(0, 0.2²) from the seed. */
export function tinyBase(seed = 1): BaseModel {
	const { texts, vocabSize, ids } = tinyTokenizer();
	const config: LlamaConfig = { ...TINY, vocabSize };
	const tensors = new Map(
		[...parameterShapes(config)].map(([name, shape], step) => {
			const data = drawNormals(
				{ seed, purpose: 0x7e57, step },
				shape.reduce((a, b) => a * b, 1),
			).map((x) => (shape.length === 1 ? 1 : 0.2 * x));
			return [name, { shape, data }] as const;
		}),
	);
	const utf8 = new TextEncoder();
	return readBase(
		{
			config: utf8.encode(JSON.stringify(writeConfig(config, ids, "float32"))),
			tokenizer: utf8.encode(texts["tokenizer.json"]),
			tokenizerConfig: utf8.encode(texts["tokenizer_config.json"]),
			model: writeSafetensors(tensors),
		},
		"tiny",
	);
}
