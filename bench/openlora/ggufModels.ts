// A Llama base and its adapters as llama.cpp wants them: its names, and q and k turned to its pairs of neighbours (Hugging Face pairs halves).
// Source: convert_hf_to_gguf.py's conventions (architecture "llama"). Tokens are ids: its words are made up.

import { type AdapterWeights, type LlamaConfig, parameterShapes } from "@openledger/llm";
import { type GgufTensor, type GgufValue, writeGguf } from "./writeGguf.js";

const NAMES: readonly (readonly [RegExp, string])[] = [
	[/^model\.embed_tokens$/, "token_embd"],
	[/^model\.norm$/, "output_norm"],
	[/^lm_head$/, "output"],
	[/^model\.layers\.(\d+)\.input_layernorm$/, "blk.$1.attn_norm"],
	[/^model\.layers\.(\d+)\.post_attention_layernorm$/, "blk.$1.ffn_norm"],
	[/^model\.layers\.(\d+)\.self_attn\.([qkv])_proj$/, "blk.$1.attn_$2"],
	[/^model\.layers\.(\d+)\.self_attn\.o_proj$/, "blk.$1.attn_output"],
	[/^model\.layers\.(\d+)\.mlp\.(gate|up|down)_proj$/, "blk.$1.ffn_$2"],
];

function nameOf(path: string): string {
	const found = NAMES.find(([pattern]) => pattern.test(path));
	if (found === undefined) throw new Error(`no GGUF name for ${path}`);
	return path.replace(found[0], found[1]);
}

/** Rows of each head from halves to neighbours: row i of the first half goes to 2i, of the second to 2i + 1. */
function turned(path: string, values: Float32Array, config: LlamaConfig): Float32Array {
	const heads = path.endsWith("q_proj") ? config.heads : path.endsWith("k_proj") ? config.kvHeads : 0;
	if (heads === 0) return values;
	const rows = heads * config.headDim;
	const width = values.length / rows;
	const half = config.headDim / 2;
	const out = new Float32Array(values.length);
	for (let h = 0; h < heads; h++) {
		for (let i = 0; i < config.headDim; i++) {
			const to = 2 * (i % half) + (i < half ? 0 : 1);
			const from = (h * config.headDim + i) * width;
			out.set(values.subarray(from, from + width), (h * config.headDim + to) * width);
		}
	}
	return out;
}

/** A SentencePiece vocabulary that is never used, but that llama.cpp asks for: bytes first, made-up words after. */
function vocabulary(size: number): Record<string, GgufValue> {
	const [NORMAL, UNKNOWN, CONTROL, BYTE] = [1, 2, 3, 6];
	const hex = (i: number) => `<0x${i.toString(16).toUpperCase().padStart(2, "0")}>`;
	const ids = Array.from({ length: size }, (_, i) => i);
	const special = ["<unk>", "<s>", "</s>"];
	return {
		"tokenizer.ggml.model": "llama",
		"tokenizer.ggml.tokens": { strings: ids.map((i) => special[i] ?? (i < 259 ? hex(i - 3) : `w${i}`)) },
		"tokenizer.ggml.scores": { floats: ids.map((i) => -i) },
		"tokenizer.ggml.token_type": {
			ints: ids.map((i) => (i === 0 ? UNKNOWN : i < 3 ? CONTROL : i < 259 ? BYTE : NORMAL)),
		},
		"tokenizer.ggml.bos_token_id": 1,
		"tokenizer.ggml.eos_token_id": 2,
		"tokenizer.ggml.unknown_token_id": 0,
	};
}

/** Writes the base, f32. */
export function writeGgufBase(
	path: string,
	config: LlamaConfig,
	parameters: { get(name: string): Float32Array | undefined },
): void {
	const tensors = [...parameterShapes(config)].map(([name, shape]): GgufTensor => {
		const module = name.slice(0, -".weight".length);
		return { name: `${nameOf(module)}.weight`, shape, values: turned(module, parameters.get(name)!, config) };
	});
	writeGguf(
		path,
		{
			"general.architecture": "llama",
			"llama.vocab_size": config.vocabSize,
			"llama.context_length": config.maxPositions,
			"llama.embedding_length": config.hiddenSize,
			"llama.block_count": config.layers,
			"llama.feed_forward_length": config.intermediateSize,
			"llama.attention.head_count": config.heads,
			"llama.attention.head_count_kv": config.kvHeads,
			"llama.attention.key_length": config.headDim,
			"llama.attention.value_length": config.headDim,
			"llama.rope.dimension_count": config.headDim,
			"llama.rope.freq_base": { float: config.ropeTheta },
			"llama.attention.layer_norm_rms_epsilon": { float: config.rmsNormEps },
			...vocabulary(config.vocabSize),
		},
		tensors,
	);
}

/** Writes an adapter, f32; `alpha` as PEFT means it. */
export function writeGgufAdapter(path: string, config: LlamaConfig, alpha: number, weights: AdapterWeights): void {
	const tensors = [...weights].flatMap(([module, { A, B }]): GgufTensor[] => {
		const input = inputSize(config, module);
		const rank = A.length / input;
		const name = `${nameOf(module)}.weight`;
		return [
			{ name: `${name}.lora_a`, shape: [rank, input], values: A },
			{ name: `${name}.lora_b`, shape: [B.length / rank, rank], values: turned(module, B, config) },
		];
	});
	writeGguf(
		path,
		{
			"general.architecture": "llama",
			"general.type": "adapter",
			"adapter.type": "lora",
			"adapter.lora.alpha": { float: alpha },
		},
		tensors,
	);
}

const inputSize = (config: LlamaConfig, module: string): number => {
	if (module.endsWith("down_proj")) return config.intermediateSize;
	return module.endsWith("o_proj") ? config.heads * config.headDim : config.hiddenSize;
};
