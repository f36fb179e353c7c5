// Reads tokenizer.json from a model folder. The only file of this room that touches the file system.

import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createTokenizer, type Tokenizer } from "./createTokenizer.js";
import { TokenizerError } from "./errors.js";

/** Twice the largest that is about. */
const MAX_FILE_BYTES = 64 * 2 ** 20;

/**
 * Loads the tokenizer of a model folder, or one from the parsed content of a `tokenizer.json`.
 * Throws `tokenizer-file-missing`, `tokenizer-file-too-large`, `tokenizer-file-malformed` or `tokenizer-unsupported`.
 */
export function loadTokenizer(source: string | object): Tokenizer {
	if (typeof source !== "string") return createTokenizer(source);
	const path = join(source, "tokenizer.json");
	return createTokenizer(readJson(path), path);
}

function readJson(path: string): unknown {
	let bytes: Uint8Array;
	try {
		const { size } = statSync(path);
		if (size > MAX_FILE_BYTES)
			throw new TokenizerError(`${path} has ${size} bytes; the limit is ${MAX_FILE_BYTES}`, {
				code: "tokenizer-file-too-large",
			});
		bytes = readFileSync(path);
	} catch (cause) {
		if (cause instanceof TokenizerError) throw cause;
		throw new TokenizerError(`${path} cannot be read; a model folder holds a tokenizer.json`, {
			code: "tokenizer-file-missing",
			cause,
		});
	}
	try {
		return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
	} catch (cause) {
		throw new TokenizerError(`${path} is not UTF-8 JSON`, { code: "tokenizer-file-malformed", cause });
	}
}
