// A tiny made-up base model as a folder, so that tests run the whole way in seconds. It knows nothing, and never will.

import {
	type LlamaConfig,
	parameterShapes,
	tokenizerFiles,
	trainBpe,
	writeConfig,
	writeFolder,
	writeSafetensors,
} from "@openledger/llm";
import { drawNormals } from "@openledger/tensor";

const TEMPLATE =
	"{% for message in messages %}<|{{ message.role }}|>{{ message.content }}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}";
const SPECIAL = ["<|pad|>", "<|user|>", "<|assistant|>", "<|end|>"];
const TEXTS = [
	"What is the capital of Peru? Lima.",
	"Which river flows through Cairo? The Nile.",
	"One and two are three.",
];

/** `maxPositions`: more make answers that take a while. */
export async function writeTinyBase(folder: string, { maxPositions = 128 } = {}): Promise<void> {
	const bpe = trainBpe(TEXTS, { vocabSize: 320, specialTokens: SPECIAL });
	const config: LlamaConfig = {
		hiddenSize: 32,
		intermediateSize: 48,
		layers: 2,
		heads: 4,
		kvHeads: 2,
		headDim: 8,
		vocabSize: bpe.vocabulary.length,
		maxPositions,
		ropeTheta: 10000,
		rmsNormEps: 1e-5,
		tiedEmbeddings: true,
	};
	const [pad, bos, , eos] = SPECIAL.map((token) => bpe.vocabulary.indexOf(token)) as [number, number, number, number];
	const tensors = [...parameterShapes(config)].map(([name, shape], step) => {
		const size = shape.reduce((a, b) => a * b, 1);
		const normals = drawNormals({ seed: 1, purpose: 0x7e57, step }, size);
		return [name, { shape, data: normals.map((x) => (shape.length === 1 ? 1 : 0.2 * x)) }] as const;
	});
	await writeFolder(folder, {
		...tokenizerFiles(bpe, { chatTemplate: TEMPLATE, padToken: "<|pad|>", endToken: "<|end|>" }),
		"config.json": JSON.stringify(writeConfig(config, { bos, eos, pad }, "float32")),
		"model.safetensors": writeSafetensors(new Map(tensors)),
	});
}
