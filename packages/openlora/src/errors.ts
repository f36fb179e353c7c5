// Errors in the form that OpenAI's clients read. It must not know of payments or chains.

export type ApiErrorType = "invalid_request_error" | "not_found_error" | "server_error" | "service_unavailable";

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
	readonly status: 400 | 402 | 404 | 409 | 413 | 500 | 503;
	readonly type: ApiErrorType;
	readonly code: string;
	readonly param: string | null;

	constructor(
		status: ApiError["status"],
		code: string,
		message: string,
		options: { readonly type?: ApiErrorType; readonly param?: string; readonly cause?: unknown } = {},
	) {
		super(message, { cause: options.cause });
		this.name = "ApiError";
		this.status = status;
		this.code = code;
		this.type = options.type ?? (status >= 500 ? "server_error" : "invalid_request_error");
		this.param = options.param ?? null;
	}
}

/** The body a client gets. */
export function errorBody({ message, type, param, code }: ApiError): ApiErrorBody {
	return { error: { message, type, param, code } };
}
