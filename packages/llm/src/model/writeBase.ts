// A trained base as the files of a Hugging Face folder: tokenizer and template as they were, numbers in f32 as given.

import { writeSafetensors } from "../formats/writeSafetensors.js";
import { type BaseFiles, readJson } from "./baseModel.js";
import { parseConfig } from "./config.js";
import { parameterShapes } from "./parameters.js";

/**
 * File contents by name, for `writeFolder`. `from` are the files of the model that training began with; `parameters` have its names. The
 * numbers come back bit for bit, in one file. Throws the ModelError of a config.json that cannot be read.
 */
export function writeBase(
	from: Omit<BaseFiles, "model">,
	parameters: ReadonlyMap<string, Float32Array>,
): Record<string, Uint8Array> {
	const json = readJson(from.config, "config.json");
	const tensors = new Map(
		[...parameterShapes(parseConfig(json))].map(([name, shape]) => [name, { shape, data: parameters.get(name)! }]),
	);
	const key = "torch_dtype" in json && !("dtype" in json) ? "torch_dtype" : "dtype";
	const config = new TextEncoder().encode(`${JSON.stringify({ ...json, [key]: "float32" }, null, 2)}\n`);
	return {
		"config.json": config,
		"tokenizer.json": from.tokenizer,
		"tokenizer_config.json": from.tokenizerConfig,
		...(from.chatTemplate && { "chat_template.jinja": from.chatTemplate }),
		"model.safetensors": writeSafetensors(tensors),
	};
}
