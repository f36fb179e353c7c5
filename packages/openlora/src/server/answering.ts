// The answers to one request while they are made: pieces on their way to the client, and what is counted of them.
// It must not know in which form they are shown.

import type { AnswerPiece, TokenLogprob } from "../backend/backend.js";
import type { Billing, Completion } from "../billing.js";
import type { AnswerRequest } from "../request/answerRequest.js";
import type { ServerContext } from "./serverContext.js";
import type { Visit } from "./visit.js";

export interface Answering {
	readonly request: AnswerRequest;
	readonly visit: Visit;
	/** Of the admission; they go out with whatever is answered. */
	readonly headers: Readonly<Record<string, string>>;
	/** Fires when the client has left. */
	readonly signal: AbortSignal;
	/** Says that the client has left. */
	leave(): void;
	/** Log-probabilities that came with the pieces so far, by choice; undefined where there are none. */
	logprobsOf(choice: number): readonly TokenLogprob[] | undefined;
	/** Starts; the returned promise settles when the answers are durable, or have failed. */
	complete(onPiece?: (choice: number, piece: AnswerPiece) => void): Promise<Completion>;
}

export function createAnswering<Payment>(
	{ metrics }: ServerContext,
	billing: Billing<Payment>,
	begun: Pick<Answering, "request" | "visit" | "headers"> & { readonly payment: Payment; readonly client: AbortSignal },
): Answering {
	const { request, visit, headers, payment, client } = begun;
	const { orders, presentation } = request;
	const { fields, lease } = visit;
	const left = new AbortController();
	const { signal } = left;
	const leave = () => left.abort();
	if (client.aborted) leave();
	else client.addEventListener("abort", leave, { once: true });
	const logprobs: TokenLogprob[][] = orders.map(() => []);

	function heard(choice: number, piece: AnswerPiece): void {
		if (fields.firstTokenMs === undefined) {
			const ms = performance.now() - visit.began;
			fields.firstTokenMs = Math.round(ms);
			metrics.firstToken(ms / 1000);
		}
		if (piece.logprobs !== undefined) logprobs[choice]?.push(...piece.logprobs);
	}

	function count({ answers }: Completion): void {
		if (answers.length !== orders.length) throw new Error("not every order has its answer");
		fields.tokensOut = answers.reduce((sum, { tokensOut }) => sum + tokensOut, 0);
		lease.usedTokens(answers.reduce((sum, { tokensIn, tokensOut }) => sum + tokensIn + tokensOut, 0));
		for (const { finishReason } of answers) metrics.finished(finishReason);
	}

	return {
		...{ request, visit, headers, signal },
		leave,
		logprobsOf: (choice) => (logprobs[choice]?.length ? logprobs[choice] : undefined),
		async complete(onPiece) {
			try {
				const completion = await billing.complete(orders, payment, {
					signal,
					onPiece(choice, piece) {
						heard(choice, piece);
						onPiece?.(choice, piece);
					},
					...(presentation.logprobs !== undefined && { logprobs: presentation.logprobs }),
				});
				count(completion);
				return completion;
			} catch (error) {
				lease.usedTokens(0);
				throw error;
			}
		},
	};
}

/** 24 hexadecimal digits, as the ids have that are made of receipts. */
export const newId = (): string => crypto.randomUUID().replaceAll("-", "").slice(0, 24);
