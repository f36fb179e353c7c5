// From chat messages to the text a base was trained on, by the model's own Jinja template.

import { Template } from "@huggingface/jinja";
import { ModelError } from "../errors.js";
import type { BaseModel } from "../model/baseModel.js";

export interface ChatMessage {
	readonly role: "system" | "user" | "assistant";
	readonly content: string;
}

const templates = new Map<string, Template>();

/** Token ids of a conversation, ready for the assistant's turn. What users wrote can never form a special token. */
export function encodeChat(base: BaseModel, messages: readonly ChatMessage[]): number[] {
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
	const ids: number[] = [];
	text.split(/\uE000(\d+)\uE001/u).forEach((part, i) => {
		if (i % 2 === 0) ids.push(...base.tokenizer.encode(part));
		else ids.push(...base.tokenizer.encode(messages[Number(part)]!.content.normalize("NFC"), { special: false }));
	});
	return ids;
}

/** A question and its answer as one training row: loss from the answer's first token through the end token. */
export function encodeExample(base: BaseModel, prompt: string, response: string): { tokens: number[]; from: number } {
	const head = encodeChat(base, [{ role: "user", content: prompt }]);
	const tail = base.tokenizer.encode(response.normalize("NFC"), { special: false });
	return { tokens: [...head, ...tail, base.endOfText], from: head.length };
}
