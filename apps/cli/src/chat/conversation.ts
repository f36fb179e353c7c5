// A conversation: what was said, cut from its beginning where the model takes no more. It must not know who is asked, or of terminals.

import { CallerError } from "@openledger/protocol";
import type { Answered, Message } from "./askModel.js";

export type Ask = (messages: readonly Message[]) => Promise<Answered>;

export type Turned = {
	readonly answered: Answered /** Messages that were left out, as the model's context is full. */;
	readonly forgotten: number;
};

export type Conversation = {
	/** Asks with all that was said before, as far as it fits. What failed was not said. */
	say(text: string): Promise<Turned>;
	/** Takes an answer that was stopped as said. */
	keep(question: string, text: string): void;
	clear(): void;
	readonly messages: readonly Message[];
};

/** The API takes 64 messages; a question and an answer go together. */
const MOST_MESSAGES = 62;

export function openConversation(ask: Ask): Conversation {
	let messages: readonly Message[] = [];
	const keep = (before: readonly Message[], question: string, text: string) => {
		messages = [...before, { role: "user", content: question }, { role: "assistant", content: text }];
	};
	return {
		async say(text) {
			const all = messages.length;
			let before = messages.slice(-MOST_MESSAGES);
			for (;;) {
				try {
					const answered = await ask([...before, { role: "user", content: text }]);
					// An empty answer cannot be sent back: messages hold a character at least.
					if (answered.text === "") messages = before;
					else keep(before, text, answered.text);
					return { answered, forgotten: all - before.length };
				} catch (error) {
					if (before.length === 0 || !isTooLong(error)) throw error;
					before = before.slice(2);
				}
			}
		},
		keep(question, text) {
			if (text !== "") keep(messages, question, text);
		},
		clear() {
			messages = [];
		},
		get messages() {
			return messages;
		},
	};
}

function isTooLong(error: unknown): boolean {
	return error instanceof CallerError && error.code === "context_length_exceeded";
}
