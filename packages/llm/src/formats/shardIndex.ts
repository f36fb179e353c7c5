// model.safetensors.index.json: which file holds which tensor of a sharded model. It opens no file.

import { ModelError } from "../errors.js";

const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\.safetensors$/;
const MAX_FILES = 1024;
const MAX_TENSORS = 65_536;

/** The file of each tensor by name. File names must be plain, so that an index cannot point outside its folder. */
export function parseShardIndex(json: unknown, file = "model.safetensors.index.json"): Map<string, string> {
	const refuse = (what: string): never => {
		throw new ModelError("config-malformed", `${file}: ${what}`);
	};
	if (json === null || typeof json !== "object" || Array.isArray(json)) return refuse("must be a JSON object");
	const { weight_map: map } = json as { weight_map?: unknown };
	if (map === null || typeof map !== "object" || Array.isArray(map))
		return refuse("weight_map must map names of tensors to files");
	const entries = Object.entries(map as Record<string, unknown>);
	if (entries.length === 0 || entries.length > MAX_TENSORS)
		return refuse(`weight_map names ${entries.length} tensors; 1 to ${MAX_TENSORS} are read`);
	const out = new Map<string, string>();
	for (const [name, value] of entries) {
		if (typeof value !== "string" || !NAME.test(value))
			return refuse(`${name}: its file must be a plain name that ends with .safetensors`);
		out.set(name, value);
	}
	const count = new Set(out.values()).size;
	if (count > MAX_FILES) return refuse(`weight_map names ${count} files; at most ${MAX_FILES} are read`);
	return out;
}

/** The files of an index, in the order of their names. */
export function shardFiles(map: ReadonlyMap<string, string>): string[] {
	return [...new Set(map.values())].sort();
}
