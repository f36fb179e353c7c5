// Talks to the node that serves this page. Every answer is JSON; every refusal is an ApiError that says what would be right.

import { visibleText } from "../format/visibleText.js";
import { readToken } from "./token.js";

const MAX_MESSAGE = 600;

/** The node refused, or did not answer. `status` 0: nobody answered. */
export class ApiError extends Error {
	readonly status: number;
	readonly code: string;
	constructor(message: string, options: { readonly status: number; readonly code: string; readonly cause?: unknown }) {
		// It may repeat what a stranger wrote.
		super(visibleText(message, { max: MAX_MESSAGE }), { cause: options.cause });
		this.name = "ApiError";
		this.status = options.status;
		this.code = options.code;
	}
}

export const isUnreachable = (error: unknown): boolean => error instanceof ApiError && error.status === 0;
/** The node answers, its chain does not. */
export const isChainAway = (error: unknown): boolean => error instanceof ApiError && error.code.startsWith("chain/");
export const isMissing = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
	return await ask<T>(path, { ...(signal && { signal }) });
}

/** Needs the node's token. */
export async function postJson<T>(path: string, body: unknown = {}, signal?: AbortSignal): Promise<T> {
	const token = readToken();
	const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
	return await ask<T>(path, { method: "POST", headers, body: JSON.stringify(body), ...(signal && { signal }) });
}

async function ask<T>(path: string, init: RequestInit): Promise<T> {
	let response: Response;
	let text: string;
	try {
		response = await fetch(path, init);
		text = await response.text();
	} catch (cause) {
		if (init.signal?.aborted) throw cause;
		const message = "the node does not answer; start it again with npm start, this page goes on by itself";
		throw new ApiError(message, { status: 0, code: "web/unreachable", cause });
	}
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (cause) {
		const message = `the node's answer to ${path} is no JSON; is it of another version than this page?`;
		throw new ApiError(message, { status: response.status, code: "web/bad-answer", cause });
	}
	if (response.ok) return value as T;
	const { error } = (value ?? {}) as { error?: { code?: string; message?: string } };
	if (response.status === 401) {
		const message = "this tab may look but not change; open the link that the node printed when it started";
		throw new ApiError(message, { status: 401, code: "web/no-token" });
	}
	throw new ApiError(error?.message ?? `the node answered ${response.status}`, {
		status: response.status,
		code: error?.code ?? "web/refused",
	});
}
