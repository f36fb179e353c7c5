// Errors in the form that OpenAI's clients read. It must not know of payments or chains.

export type ApiErrorType =
	| "invalid_request_error"
	| "permission_error"
	| "not_found_error"
	| "rate_limit_error"
	/** OpenAI's types of a rate limit: which of a key's two it is. */
	| "requests"
	| "tokens"
	| "server_error"
	| "service_unavailable";

export interface ApiErrorBody {
	readonly error: {
		readonly message: string;
		readonly type: ApiErrorType;
		readonly param: string | null;
		readonly code: string;
	};
}

/** An answer other than a completion: `status` and a body in OpenAI's form. Messages say what would be right. */
export class ApiError extends Error {
	readonly status: 400 | 401 | 402 | 403 | 404 | 405 | 408 | 409 | 413 | 429 | 499 | 500 | 502 | 503 | 504;
	readonly type: ApiErrorType;
	readonly code: string;
	readonly param: string | null;
	/** When to ask again, in seconds; becomes the `retry-after` header. */
	readonly retryAfter: number | undefined;

	constructor(
		status: ApiError["status"],
		code: string,
		message: string,
		options: {
			readonly type?: ApiErrorType;
			readonly param?: string;
			readonly retryAfter?: number;
			readonly cause?: unknown;
		} = {},
	) {
		super(message, { cause: options.cause });
		this.name = "ApiError";
		this.status = status;
		this.code = code;
		this.type = options.type ?? typeOf(status);
		this.param = options.param ?? null;
		this.retryAfter = options.retryAfter;
	}
}

/** The body a client gets. */
export function errorBody({ message, type, param, code }: ApiError): ApiErrorBody {
	return { error: { message, type, param, code } };
}

function typeOf(status: ApiError["status"]): ApiErrorType {
	if (status >= 500) return "server_error";
	if (status === 403) return "permission_error";
	if (status === 404) return "not_found_error";
	return status === 429 ? "rate_limit_error" : "invalid_request_error";
}
