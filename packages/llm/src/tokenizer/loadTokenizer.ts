// Reads tokenizer.json from a model folder. The only file of this room that touches the file system.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createTokenizer, type Tokenizer } from "./createTokenizer.js";
import { TokenizerError } from "./errors.js";

/**
 * Loads the tokenizer of a model folder, or one from the parsed content of a `tokenizer.json`.
 * Throws `tokenizer-file-missing`, `tokenizer-file-malformed` or `tokenizer-unsupported`.
 */
export function loadTokenizer(source: string | object): Tokenizer {
	return createTokenizer(typeof source === "string" ? readJson(join(source, "tokenizer.json")) : source);
}

function readJson(path: string): unknown {
	let text: string;
	try {
		text = readFileSync(path, "utf8");
	} catch (cause) {
		throw new TokenizerError(`${path} cannot be read; a model folder holds a tokenizer.json`, {
			code: "tokenizer-file-missing",
			cause,
		});
	}
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new TokenizerError(`${path} is not JSON`, { code: "tokenizer-file-malformed", cause });
	}
}
