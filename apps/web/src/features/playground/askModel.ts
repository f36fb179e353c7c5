// One question to a model of the node, its answer piece by piece. It must not know who pays.

import { ApiError } from "../../shared/api/client.js";
import { readEvents } from "./readEvents.js";

export type Message = { readonly role: "system" | "user" | "assistant"; readonly content: string };

export type Sampling = {
	readonly temperature: number;
	readonly topP: number;
	readonly maxTokens: number;
	readonly seed: number;
};

export type Question = { readonly model: string; readonly messages: readonly Message[]; readonly sampling: Sampling };

/** What comes with the end of an answer. */
export type Answered = {
	readonly finishReason: string;
	readonly tokensIn?: number | undefined;
	readonly tokensOut?: number | undefined;
	/** Null while the receipt is still being made. */
	readonly receiptId?: string | null | undefined;
	/** Where the receipt will be named. */
	readonly pending?: string | undefined;
	readonly feeWei?: string | undefined;
};

export type AskOptions = {
	/** Carries the request, and pays. */
	readonly carry: typeof fetch;
	/** The same key again, with the same question, is the same payment and the same answer. */
	readonly requestKey: string;
	readonly onPiece: (text: string) => void;
	readonly signal: AbortSignal;
};

type Chunk = {
	readonly choices?: readonly {
		readonly delta?: { readonly content?: string | null };
		readonly finish_reason?: string | null;
	}[];
	readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | null;
	readonly openledger?: { readonly receiptId: string | null; readonly feeWei: string; readonly pending?: string };
	readonly error?: { readonly code?: string | null; readonly message?: string };
};

const END = "[DONE]";

/** The request's body, the same characters every time: what pays for it is bound to them. */
export function bodyOf({ model, messages, sampling }: Question): string {
	const { temperature, topP, maxTokens, seed } = sampling;
	const settings = { max_tokens: maxTokens, temperature, top_p: topP, seed };
	return JSON.stringify({ model, messages, ...settings, stream: true, stream_options: { include_usage: true } });
}

/** Throws `ApiError`: the node's code, `web/unreachable` where nobody answers, `chat/cut-off` where the stream breaks. */
export async function askModel(question: Question, options: AskOptions): Promise<Answered> {
	const { carry, requestKey, signal } = options;
	let response: Response;
	try {
		response = await carry(new URL("/v1/chat/completions", location.origin), {
			method: "POST",
			headers: { "content-type": "application/json", "idempotency-key": requestKey },
			body: bodyOf(question),
			signal,
		});
	} catch (cause) {
		if (signal.aborted) throw cause;
		// What the paying fetch will not do, it says itself, with a code.
		if (typeof (cause as { code?: unknown }).code === "string" && !(cause instanceof DOMException)) throw cause;
		const message = "the node does not answer; start it again, then ask again: the same payment is good";
		throw new ApiError(message, { status: 0, code: "web/unreachable", cause });
	}
	if (!response.ok) throw await refusal(response);
	return await readAnswer(response, options);
}

async function readAnswer(response: Response, { onPiece, signal }: AskOptions): Promise<Answered> {
	let answered: Answered = { finishReason: "" };
	let isWhole = false;
	try {
		for await (const data of readEvents(response.body!)) {
			if (isWhole || data === END) {
				// Read to its end: whoever hangs up is taken to have left.
				isWhole = true;
				continue;
			}
			const { choices, error, openledger, usage } = JSON.parse(data) as Chunk;
			if (error !== undefined) {
				const message = error.message ?? "the node could not finish the answer";
				throw new ApiError(message, { status: 500, code: error.code ?? "chat/failed" });
			}
			const [choice] = choices ?? [];
			answered = {
				...answered,
				...(openledger && { ...openledger }),
				...(usage && { tokensIn: usage.prompt_tokens, tokensOut: usage.completion_tokens }),
				...(choice?.finish_reason && { finishReason: choice.finish_reason }),
			};
			const piece = choice?.delta?.content ?? "";
			if (piece !== "") onPiece(piece);
		}
	} catch (cause) {
		if (signal.aborted || cause instanceof ApiError) throw cause;
		throw cutOff(cause);
	}
	if (!isWhole) throw cutOff(undefined);
	return answered;
}

function cutOff(cause: unknown): ApiError {
	const message = "the stream ended before the answer did";
	return new ApiError(message, { status: 0, code: "chat/cut-off", cause });
}

async function refusal(response: Response): Promise<ApiError> {
	const { status } = response;
	try {
		const { error } = (await response.json()) as { error?: { code?: string | null; message?: string } };
		const message = error?.message ?? `the node answered ${status}`;
		return new ApiError(message, { status, code: error?.code ?? "chat/refused" });
	} catch (cause) {
		return new ApiError(`the node answered ${status}`, { status, code: "chat/refused", cause });
	}
}
