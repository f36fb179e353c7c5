// Calls to a vLLM server over fetch, each with a limit on time and size. It must not know what is asked.

import { ApiError } from "../../errors.js";
import { readEvents } from "./readEvents.js";
import { cancelled, loadRefusal, notVllm, refusal, saidBy, unavailable } from "./vllmErrors.js";

export interface VllmTarget {
	/** Address of the server without /v1, for instance "http://127.0.0.1:8000". */
	readonly url: string;
	/** Its --api-key, if it has one. */
	readonly apiKey?: string;
	/** Milliseconds for a call that generates nothing. Default 30,000. */
	readonly answerMs?: number;
	/** Milliseconds for an adapter to be loaded. Default 120,000. */
	readonly loadMs?: number;
	/** Milliseconds until the first event of an answer: it may wait in vLLM's queue. Default 300,000. */
	readonly firstMs?: number;
	/** Milliseconds between two events of an answer. Default 60,000. */
	readonly silentMs?: number;
}

export interface VllmClient {
	/** The JSON of an answer. */
	get(path: string): Promise<unknown>;
	/** The text of an answer; `isLoad` gives it the time of a load. */
	post(path: string, body: object, options?: { readonly isLoad?: boolean }): Promise<string>;
	/** Events of an answer as JSON, until vLLM says that it is done. Rejects with 499 when the signal fires. */
	stream(path: string, body: object, signal?: AbortSignal): AsyncGenerator<unknown, void, undefined>;
}

/** Lists of thousands of models have some hundred bytes each. */
const MAX_ANSWER_BYTES = 64 * 2 ** 20;
const DONE = "[DONE]";

/** Throws `TypeError` for an address that is none. */
export function createVllmClient(target: VllmTarget): VllmClient {
	const { answerMs = 30_000, loadMs = 120_000, firstMs = 300_000, silentMs = 60_000 } = target;
	const url = new URL(target.url);
	const base = `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
	const headers = {
		"content-type": "application/json",
		...(target.apiKey !== undefined && { authorization: `Bearer ${target.apiKey}` }),
	};

	async function send(path: string, init: RequestInit): Promise<Response> {
		try {
			return await fetch(`${base}${path}`, { ...init, headers, redirect: "error" });
		} catch (cause) {
			throw unavailable(`vLLM at ${url.origin} does not answer; is it running there?`, cause);
		}
	}

	async function whole(path: string, init: RequestInit, isLoad = false): Promise<string> {
		const late = AbortSignal.timeout(isLoad ? loadMs : answerMs);
		const response = await send(path, { ...init, signal: late });
		const text = await readText(response, path);
		if (!response.ok) throw (isLoad ? loadRefusal : refusal)(response.status, text);
		return text;
	}

	async function* stream(path: string, body: object, signal?: AbortSignal) {
		const ending = new AbortController();
		let isLate = false;
		const watch = (ms: number) =>
			setTimeout(() => {
				isLate = true;
				ending.abort();
			}, ms);
		const onAbort = () => ending.abort();
		if (signal?.aborted) throw cancelled();
		signal?.addEventListener("abort", onAbort, { once: true });
		let timer = watch(firstMs);
		const explain = (cause: unknown): unknown => {
			if (signal?.aborted) return cancelled();
			if (isLate)
				return new ApiError(504, "backend_timeout", `vLLM at ${url.origin} was silent for too long`, { cause });
			if (cause instanceof ApiError) return cause;
			if (cause instanceof SyntaxError || cause instanceof RangeError) return notVllm(cause.message, cause);
			return unavailable(`vLLM at ${url.origin} broke off its answer`, cause);
		};
		try {
			const init = { method: "POST", body: JSON.stringify(body), signal: ending.signal };
			const response = await send(path, init);
			if (!response.ok) throw refusal(response.status, await readText(response, path));
			if (response.body === null) throw notVllm(`${path} has no body`);
			for await (const event of readEvents(response.body)) {
				clearTimeout(timer);
				if (event === DONE) return;
				const json: unknown = JSON.parse(event);
				refuseError(json, event);
				yield json;
				timer = watch(silentMs);
			}
			throw unavailable(`vLLM at ${url.origin} broke off its answer`);
		} catch (cause) {
			throw explain(cause);
		} finally {
			clearTimeout(timer);
			signal?.removeEventListener("abort", onAbort);
			// The consumer may have left in the middle: vLLM stops when the connection goes.
			ending.abort();
		}
	}

	return {
		async get(path) {
			const text = await whole(path, { method: "GET" });
			try {
				return JSON.parse(text) as unknown;
			} catch (cause) {
				throw notVllm(`${path} is not JSON`, cause);
			}
		},
		post: (path, body, { isLoad = false } = {}) => whole(path, { method: "POST", body: JSON.stringify(body) }, isLoad),
		stream,
	};
}

/** A failure in the middle of an answer comes as an event, after status 200. */
function refuseError(json: unknown, event: string): void {
	const { error } = (json ?? {}) as { error?: { code?: unknown } };
	if (error === undefined) return;
	throw refusal(typeof error.code === "number" ? error.code : 500, saidBy(event) === undefined ? "" : event);
}

async function readText(response: Response, path: string): Promise<string> {
	const parts: Uint8Array[] = [];
	let bytes = 0;
	try {
		for await (const part of response.body ?? []) {
			bytes += part.length;
			if (bytes > MAX_ANSWER_BYTES) throw notVllm(`${path} has more than ${MAX_ANSWER_BYTES} bytes`);
			parts.push(part);
		}
	} catch (cause) {
		throw cause instanceof ApiError ? cause : unavailable("vLLM broke off its answer", cause);
	}
	return Buffer.concat(parts).toString("utf8");
}
