// Asks with all that was said before, as far as the model's context holds it: the oldest question and answer are left out first.

import { ApiError } from "../../shared/api/client.js";
import type { Message } from "./askModel.js";

/** The API takes 64 messages; a question and its answer go together. */
const MOST_BEFORE = 62;

export type InContext<answer> = {
	readonly answer: answer /** Messages that were left out. */;
	readonly forgotten: number;
};

/** Calls `ask` until the messages fit; what else it throws is thrown. `before` holds whole turns. */
export async function askInContext<answer>(
	before: readonly Message[],
	question: string,
	ask: (messages: readonly Message[]) => Promise<answer>,
): Promise<InContext<answer>> {
	let kept = before.slice(-MOST_BEFORE);
	for (;;) {
		try {
			const answer = await ask([...kept, { role: "user", content: question }]);
			return { answer, forgotten: before.length - kept.length };
		} catch (error) {
			if (kept.length === 0 || !(error instanceof ApiError && error.code === "context_length_exceeded")) throw error;
			kept = kept.slice(2);
		}
	}
}
