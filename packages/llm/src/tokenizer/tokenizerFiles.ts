// Writes a BPE model in the form that Hugging Face libraries load: tokenizer.json and tokenizer_config.json.
// Returns text only; must not touch the file system.

import type { BpeModel } from "./trainBpe.js";

export type TokenizerFiles = { readonly "tokenizer.json": string; readonly "tokenizer_config.json": string };

export type TokenizerFilesOptions = {
	readonly chatTemplate: string;
	readonly padToken: string;
	readonly endToken: string;
	readonly modelMaxLength?: number;
};

/** The two files' exact text (UTF-8, one trailing newline). Source: tokenizers 0.20+ file format, version "1.0". */
export function tokenizerFiles(model: BpeModel, options: TokenizerFilesOptions): TokenizerFiles {
	const idOf = new Map(model.vocabulary.map((token, id) => [token, id]));
	const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: true };
	const added = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
	const tokenizer = {
		version: "1.0",
		truncation: null,
		padding: null,
		added_tokens: model.specialTokens.map((content) => ({ id: idOf.get(content)!, content, ...added })),
		normalizer: null,
		pre_tokenizer: byteLevel,
		post_processor: null,
		decoder: byteLevel,
		model: {
			type: "BPE",
			dropout: null,
			unk_token: null,
			continuing_subword_prefix: null,
			end_of_word_suffix: null,
			fuse_unk: false,
			byte_fallback: false,
			ignore_merges: false,
			vocab: Object.fromEntries(idOf),
			merges: model.merges.map(([left, right]) => `${model.vocabulary[left]} ${model.vocabulary[right]}`),
		},
	};
	const config = {
		tokenizer_class: "PreTrainedTokenizerFast",
		added_tokens_decoder: Object.fromEntries(
			model.specialTokens.map((content) => [String(idOf.get(content)!), { content, ...added }]),
		),
		bos_token: null,
		eos_token: options.endToken,
		pad_token: options.padToken,
		unk_token: null,
		add_prefix_space: false,
		clean_up_tokenization_spaces: false,
		...(options.modelMaxLength === undefined ? {} : { model_max_length: options.modelMaxLength }),
		chat_template: options.chatTemplate,
	};
	return { "tokenizer.json": format(tokenizer), "tokenizer_config.json": format(config) };
}

const format = (value: unknown): string => `${JSON.stringify(value, null, "\t")}\n`;
