// From chat messages to the text a base was trained on, by the model's own Jinja template.

import { Template } from "@huggingface/jinja";
import { ModelError } from "../errors.js";
import type { BaseModel } from "../model/baseModel.js";

export interface ChatMessage {
	readonly role: "system" | "user" | "assistant";
	readonly content: string;
}

const templates = new Map<string, Template>();

/** A piece of a rendered conversation; where it is what somebody wrote, `message` says in which message. */
export interface ChatPart {
	readonly ids: readonly number[];
	readonly message?: number;
}

/** Token ids of a conversation, ready for the assistant's turn. What users wrote can never form a special token. */
export function encodeChat(base: BaseModel, messages: readonly ChatMessage[]): number[] {
	return chatParts(base, messages).flatMap(({ ids }) => ids);
}

/** The same piece by piece. */
export function chatParts(base: BaseModel, messages: readonly ChatMessage[]): ChatPart[] {
	if (messages.length === 0) throw new ModelError("request-malformed", "messages must hold at least one message");
	let template = templates.get(base.chatTemplate);
	if (template === undefined) {
		template = new Template(base.chatTemplate);
		templates.set(base.chatTemplate, template);
	}
	// Contents travel through the template as marks that are no special token, and are encoded apart as ordinary text.
	const mark = (i: number) => `\uE000${i}\uE001`;
	const text = template.render({
		messages: messages.map((m, i) => ({ role: m.role, content: mark(i) })),
		add_generation_prompt: true,
	});
	return text.split(/\uE000(\d+)\uE001/u).map((part, i) => {
		if (i % 2 === 0) return { ids: base.tokenizer.encode(part) };
		const message = Number(part);
		return { ids: base.tokenizer.encode(messages[message]!.content.normalize("NFC"), { special: false }), message };
	});
}

/** A question and its answer as one training row: loss from the answer's first token through the end token. */
export function encodeExample(base: BaseModel, prompt: string, response: string): { tokens: number[]; from: number } {
	const head = encodeChat(base, [{ role: "user", content: prompt }]);
	const tail = base.tokenizer.encode(response.normalize("NFC"), { special: false });
	return { tokens: [...head, ...tail, base.endOfText], from: head.length };
}
