// Token ids of what is asked: a conversation by the base's template, or a text as it stands.

import { ModelError } from "../errors.js";
import type { BaseModel } from "../model/baseModel.js";
import { encodeChat } from "./chat.js";
import type { Prompt } from "./request.js";

/**
 * A text to go on with begins as the tokenizer's template begins texts, and nothing written in it can form a special token.
 * Throws `request-malformed` where there is nothing to read.
 */
export function promptTokens(base: BaseModel, { messages, prompt }: Prompt): number[] {
	if (messages !== undefined) return encodeChat(base, messages);
	const written = base.tokenizer.encode(prompt.normalize("NFC"), { special: false });
	const tokens = [...base.tokenizer.around.before, ...written];
	if (tokens.length === 0)
		throw new ModelError(
			"request-malformed",
			"prompt must hold at least one character; this base begins no text itself",
		);
	return tokens;
}
