// A base's files by their names in its folder, wherever they were read: from a disk, or by a browser from a node that it does not trust.
// It must not know how they are read.

import { ModelError } from "../errors.js";
import { parseShardIndex, shardFiles } from "../formats/shardIndex.js";
import { type BaseFiles, readJson } from "./baseModel.js";

export const TEMPLATE_FILE = "chat_template.jinja";
const WHOLE = "model.safetensors";
const INDEX = "model.safetensors.index.json";

/** Sorts files into a base's parts; others are left out. Throws `file-missing` naming the file. */
export function baseFilesOf(files: ReadonlyMap<string, Uint8Array>, name: string): BaseFiles {
	const need = (file: string): Uint8Array => {
		const bytes = files.get(file);
		if (bytes === undefined) throw new ModelError("file-missing", `${name}/${file} is missing`);
		return bytes;
	};
	const texts = {
		config: need("config.json"),
		tokenizer: need("tokenizer.json"),
		tokenizerConfig: need("tokenizer_config.json"),
	};
	const chatTemplate = files.get(TEMPLATE_FILE);
	const index = files.has(WHOLE) ? undefined : files.get(INDEX);
	const more = chatTemplate && { chatTemplate };
	if (index === undefined) return { ...texts, ...more, model: need(WHOLE) };
	const shards = shardFiles(parseShardIndex(readJson(index, `${name}/${INDEX}`), `${name}/${INDEX}`));
	return { ...texts, ...more, model: { index, files: new Map(shards.map((file) => [file, need(file)])) } };
}
