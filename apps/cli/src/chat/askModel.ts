// One question to an OpenAI-shaped server, its answer piece by piece. It must not know who pays, or of terminals.

import { CallerError, OpenLedgerError, TransientError } from "@openledger/protocol";
import type { Share } from "../client/records.js";
import { readEvents } from "./readEvents.js";

export type Message = { readonly role: "system" | "user" | "assistant"; readonly content: string };

export type Question = {
	readonly model: string;
	readonly messages: readonly Message[];
	readonly maxTokens?: number | undefined;
	/** Further fields of a request, by their names in the API. */
	readonly fields?: Readonly<Record<string, unknown>>;
};

/** What a server of ours says of an answer besides OpenAI's fields; a free server says nothing. */
export type Note = {
	readonly receiptId: string | null;
	readonly feeWei: string;
	readonly shares: readonly Share[];
	/** Where the receipt will be, while it is still being made. */
	readonly pending?: string;
};

export type Answered = {
	readonly model: string;
	readonly text: string;
	readonly finishReason: string;
	readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number };
} & Partial<Note>;

export type AskOptions = {
	/** What carries the request, and pays where that is needed. */
	readonly carry: typeof fetch;
	readonly onPiece?: (text: string) => void;
	readonly signal?: AbortSignal;
};

type Chunk = {
	readonly choices?: readonly {
		readonly delta?: { readonly content?: string | null };
		readonly message?: { readonly content: string };
		readonly finish_reason: string | null;
	}[];
	readonly usage?: Answered["usage"] | null;
	readonly openledger?: Note;
	readonly error?: Said;
};
type Said = { readonly code?: string | null; readonly message?: string; readonly param?: string | null };

const END = "[DONE]";

/** Asks, and returns the whole answer. Throws what the server says, under the parent that tells whether asking again can help. */
export async function askModel(url: string, question: Question, options: AskOptions): Promise<Answered> {
	const { carry, onPiece = () => {}, signal } = options;
	const { model, messages, maxTokens, fields } = question;
	const limit = maxTokens !== undefined && { max_tokens: maxTokens };
	const body = { model, messages, ...limit, ...fields, stream: true, stream_options: { include_usage: true } };
	let response: Response;
	try {
		response = await carry(`${url}/v1/chat/completions`, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify(body),
			...(signal !== undefined && { signal }),
		});
	} catch (cause) {
		if (signal?.aborted) throw cause;
		// What the paying fetch will not do, it says itself.
		if (cause instanceof OpenLedgerError) throw said(402, cause);
		throw new TransientError(`${url} does not answer; is it running?`, { code: "cli/no-answer", cause });
	}
	if (!response.ok) throw refusal(response.status, await response.text());
	if (!response.headers.get("content-type")?.includes("text/event-stream")) {
		const whole = parse(await response.text());
		const [choice] = whole.choices ?? [];
		if (typeof choice?.message?.content !== "string") throw strange("there is no message in it");
		const { content: text } = choice.message;
		onPiece(text);
		return { ...shown(whole), model, text, finishReason: choice.finish_reason ?? "" };
	}
	return await readAnswer(model, response, onPiece);
}

async function readAnswer(model: string, response: Response, onPiece: (text: string) => void): Promise<Answered> {
	let text = "";
	let finishReason = "";
	let more: Partial<Answered> = {};
	let isWhole = false;
	for await (const data of readEvents(response.body!)) {
		if (isWhole || data === END) {
			// The stream is read to its end: whoever hangs up is taken to have left.
			isWhole = true;
			continue;
		}
		const chunk = parse(data);
		if (chunk.error !== undefined) throw said(500, chunk.error);
		more = { ...more, ...shown(chunk) };
		const [choice] = chunk.choices ?? [];
		finishReason = choice?.finish_reason ?? finishReason;
		const piece = choice?.delta?.content ?? "";
		text += piece;
		if (piece !== "") onPiece(piece);
	}
	if (isWhole) return { ...more, model, text, finishReason };
	throw new TransientError("the stream ended before the answer did; ask again", { code: "chat/cut-off" });
}

function parse(text: string): Chunk {
	try {
		return JSON.parse(text) as Chunk;
	} catch (cause) {
		throw strange(text.slice(0, 100), cause);
	}
}

function strange(what: string, cause?: unknown): TransientError {
	const message = `the server answered with what is no completion (${what}); is it OpenAI-compatible?`;
	return new TransientError(message, { code: "chat/bad-stream", cause });
}

function shown({ usage, openledger }: Chunk): Partial<Answered> {
	return { ...(usage != null && { usage }), ...openledger };
}

/** A refusal in OpenAI's form as one of our errors; `details` has the status and the parameter at fault. */
export function refusal(status: number, text: string): Error {
	let error: Said | undefined;
	try {
		error = (JSON.parse(text) as { error?: Said }).error;
	} catch {
		error = undefined;
	}
	return said(status, error ?? { message: `the server answered ${status}: ${text.slice(0, 200)}` });
}

const HINTS: Readonly<Record<string, string>> = {
	"sdk/over-limit": " (here --max-fee, in OPEN)",
	invalid_api_key: "; give it in OPENLEDGER_API_KEY or --api-key-file",
};

function said(status: number, { code, message, param }: Said): Error {
	const known = code ?? "chat/refused";
	const text = `${message ?? `the server answered ${status}`}${HINTS[known] ?? ""}`;
	const options = { code: known, details: { status, param: param ?? null } };
	const isTransient = status >= 500 || status === 429;
	return isTransient ? new TransientError(text, options) : new CallerError(text, options);
}
