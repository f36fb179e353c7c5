// From chat messages to the text a base was trained on, by the model's own Jinja template.

import { ModelError } from "../errors.js";
import type { BaseModel } from "../model/baseModel.js";
import { renderChat } from "./renderChat.js";

export interface ChatMessage {
	readonly role: "system" | "user" | "assistant";
	readonly content: string;
}

/** A piece of a rendered conversation; where it is what somebody wrote, `message` says in which message. */
export interface ChatPart {
	readonly ids: readonly number[];
	readonly message?: number;
}

/** Token ids of a conversation, ready for the assistant's turn. What users wrote can never form a special token. */
export function encodeChat(base: BaseModel, messages: readonly ChatMessage[]): number[] {
	return chatParts(base, messages).flatMap(({ ids }) => ids);
}

/** The same piece by piece; a word that reaches over pieces is with the one in which it begins. */
export function chatParts(base: BaseModel, messages: readonly ChatMessage[]): ChatPart[] {
	if (messages.length === 0) throw new ModelError("request-malformed", "messages must hold at least one message");
	const parts = renderChat(base, messages);
	const ids = base.tokenizer.encodeParts(parts.map(({ text, message }) => ({ text, written: message !== undefined })));
	return parts.map(({ message }, i) => ({ ids: ids[i]!, ...(message !== undefined && { message }) }));
}

/** A question and its answer as one training row: loss from the answer's first token through the end token. */
export function encodeExample(base: BaseModel, prompt: string, response: string): { tokens: number[]; from: number } {
	const head = encodeChat(base, [{ role: "user", content: prompt }]);
	const tail = base.tokenizer.encode(response.normalize("NFC"), { special: false });
	return { tokens: [...head, ...tail, base.endOfText], from: head.length };
}
