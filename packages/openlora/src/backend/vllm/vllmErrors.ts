// What a refusal of vLLM means for the one who asked us. It must not know what was asked: texts of requests never ride in errors.

import { ApiError } from "../../errors.js";

const MAX_SHOWN = 400;

/**
 * The words of an error body: `{error: {message}}` as vLLM has it now, `{message}` as it had it before 0.10, `{detail}` of the
 * framework beneath. Of a validation error only the framework's words, as its `input` repeats the request.
 */
export function saidBy(body: string): string | undefined {
	let json: unknown;
	try {
		json = JSON.parse(body);
	} catch {
		return undefined;
	}
	const found = json as { error?: { message?: unknown }; message?: unknown; detail?: unknown } | null;
	const detail = Array.isArray(found?.detail)
		? found.detail.map((one: { msg?: unknown } | null) => one?.msg).find((msg) => typeof msg === "string")
		: found?.detail;
	const said = found?.error?.message ?? found?.message ?? detail;
	return typeof said === "string" ? said.slice(0, MAX_SHOWN) : undefined;
}

/** The error for a status of vLLM's, with its own words. 404 keeps its status: the caller knows what was not there. */
export function refusal(status: number, body: string): ApiError {
	const said = saidBy(body);
	const words = said === undefined ? `status ${status}` : said;
	if (status === 404) return new ApiError(404, "backend_not_found", `vLLM: ${words}`);
	if (status === 429) {
		return new ApiError(429, "overloaded", "vLLM has too many requests; ask again", { retryAfter: RETRY_AFTER });
	}
	if (status === 401 || status === 403) {
		return new ApiError(502, "backend_unauthorized", "vLLM refused this server's own key; check its configuration");
	}
	if (status === 422) {
		return new ApiError(
			502,
			"backend_unsupported",
			`this vLLM does not take such requests: ${words}; see docs/openlora.md`,
		);
	}
	if (status >= 400 && status < 500) return new ApiError(400, "backend_refused", `vLLM: ${words}`);
	if (status === 502 || status === 503) return unavailable(`vLLM is not there now: status ${status}`);
	// Its words are left out: a failure's text may hold a part of the request.
	return new ApiError(502, "backend_failed", `vLLM failed with status ${status}; its log says why`);
}

/** The same for a load, which has no texts of requests in it: what went wrong is told. */
export function loadRefusal(status: number, body: string): ApiError {
	if (status !== 500) return refusal(status, body);
	const words = saidBy(body) ?? "its log says why";
	return new ApiError(400, "adapter_unusable", `vLLM could not load the adapter: ${words}`, { param: "lora_path" });
}

const RETRY_AFTER = 2;

/** vLLM is not there, or not now; the same request may be sent again. */
export function unavailable(message: string, cause?: unknown): ApiError {
	return new ApiError(503, "backend_unavailable", message, { retryAfter: RETRY_AFTER, cause });
}

/** It answered, but not as vLLM does. */
export function notVllm(what: string, cause?: unknown): ApiError {
	return new ApiError(502, "backend_malformed", `the backend's answer is not vLLM's: ${what}`, { cause });
}

export function cancelled(): ApiError {
	return new ApiError(499, "cancelled", "the request was cancelled");
}
