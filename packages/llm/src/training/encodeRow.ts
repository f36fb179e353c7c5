// From what a row says to the tokens it is trained on, and which of them the loss counts. It must not know whose the row is.

import { type ChatMessage, chatParts, encodeExample } from "../generation/chat.js";
import type { BaseModel } from "../model/baseModel.js";
import type { TokenRow } from "./batch.js";

/** A prompt and its response, perhaps after earlier turns; with an empty prompt the response is plain text. */
export interface RowText {
	readonly prompt: string;
	readonly response: string;
	readonly before?: readonly ChatMessage[];
}

export interface EncodeRowOptions {
	/** The loss counts what the assistant says and the token that ends it, else every token but the first. Default true. */
	readonly responsesOnly?: boolean;
}

/**
 * The row's tokens, the last of them the base's end token. A conversation is rendered as it is when the model is asked: by the chat template,
 * ready for the last answer. Plain text stands for itself, and all of it but its first token counts. Throws what the template throws.
 */
export function encodeRow(base: BaseModel, row: RowText, { responsesOnly = true }: EncodeRowOptions = {}): TokenRow {
	const { prompt, response, before = [] } = row;
	if (prompt === "" && before.length === 0) {
		const ids = base.tokenizer.encode(response.normalize("NFC"), { special: false });
		return { tokens: [...ids, base.endOfText], from: 1 };
	}
	const whole = before.length === 0 ? encodeExample(base, prompt, response) : encodeConversation(base, row);
	return responsesOnly ? whole : { tokens: whole.tokens, from: 1 };
}

function encodeConversation(base: BaseModel, { prompt, response, before = [] }: RowText): TokenRow {
	const messages: ChatMessage[] = [...before, { role: "user", content: prompt }];
	const tokens: number[] = [];
	const earlier: [number, number][] = [];
	let isAnswered = false;
	for (const { ids, message } of chatParts(base, messages)) {
		// An answer ends with the template's own token for it, which the model must learn to write.
		if (isAnswered && ids[0] !== undefined && base.endTokens.includes(ids[0])) earlier.at(-1)![1]++;
		isAnswered = message !== undefined && messages[message]!.role === "assistant";
		if (isAnswered) earlier.push([tokens.length, tokens.length + ids.length]);
		tokens.push(...ids);
	}
	const from = tokens.length;
	tokens.push(...base.tokenizer.encode(response.normalize("NFC"), { special: false }), base.endOfText);
	return { tokens, from, earlier };
}
