// What was asked and answered so far: turns, each with one answer per model that was asked. It must not know networks or payment.

import type { Answered, Message } from "./askModel.js";
import type { PayWay } from "./payWay.js";

export type AnswerStatus = "waiting" | "streaming" | "done" | "stopped" | "failed";

export type Answer = {
	/** Fresh per answer; the payment's key too. */
	readonly id: string;
	readonly model: string;
	readonly way: PayWay;
	readonly status: AnswerStatus;
	readonly text: string;
	/** Pieces that came: about one a token. */
	readonly pieces: number;
	/** By the page's clock, in milliseconds. */
	readonly firstAt?: number;
	readonly lastAt?: number;
	readonly answered?: Answered;
	/** Messages that no longer fitted into the model's context. */
	readonly forgotten?: number;
	readonly error?: unknown;
};

export type Turn = { readonly id: string; readonly question: string; readonly answers: readonly Answer[] };

export type ChatAction =
	| { readonly type: "asked"; readonly turn: Turn }
	| { readonly type: "changed"; readonly id: string; readonly change: (answer: Answer) => Answer }
	| { readonly type: "cleared" };

export function chatReducer(turns: readonly Turn[], action: ChatAction): readonly Turn[] {
	if (action.type === "cleared") return [];
	if (action.type === "asked") return [...turns, action.turn];
	const { id, change } = action;
	return turns.map((turn) =>
		turn.answers.some((answer) => answer.id === id)
			? { ...turn, answers: turn.answers.map((answer) => (answer.id === id ? change(answer) : answer)) }
			: turn,
	);
}

export const isUnderWay = ({ status }: Answer): boolean => status === "waiting" || status === "streaming";

/** Pieces that came from one time to another. */
export function withPieces(answer: Answer, came: Came): Answer {
	const { text, pieces, firstAt, lastAt } = came;
	return {
		...answer,
		status: "streaming",
		text: answer.text + text,
		pieces: answer.pieces + pieces,
		firstAt: answer.firstAt ?? firstAt,
		lastAt,
	};
}

export type Came = {
	readonly text: string;
	readonly pieces: number;
	readonly firstAt: number;
	readonly lastAt: number;
};

/** With one more piece; the first one begins it. */
export function andPiece(came: Came | undefined, text: string, now: number): Came {
	if (came === undefined) return { text, pieces: 1, firstAt: now, lastAt: now };
	return { ...came, text: came.text + text, pieces: came.pieces + 1, lastAt: now };
}

/** What a model was told and said before a turn; what failed or was empty was not said. */
export function messagesFor(turns: readonly Turn[], model: string): Message[] {
	return turns.flatMap(({ question, answers }) => {
		const answer = answers.find((one) => one.model === model);
		if (answer === undefined || answer.text === "" || !["done", "stopped"].includes(answer.status)) return [];
		return [
			{ role: "user", content: question },
			{ role: "assistant", content: answer.text },
		] as const;
	});
}

/** What came within less came at once: it was made before, or held up on its way. */
const LEAST_MS = 30;

/** Tokens a second after the first, of what has come; undefined where that cannot be told. */
export function speedOf({ pieces, firstAt, lastAt, answered }: Answer): number | undefined {
	const tokens = answered?.tokensOut ?? pieces;
	if (firstAt === undefined || lastAt === undefined || tokens < 2 || lastAt - firstAt < LEAST_MS) return undefined;
	return ((tokens - 1) * 1000) / (lastAt - firstAt);
}
