// Errors of the tokenizer room. Knows nothing of files or models.

export type TokenizerErrorCode =
	| "tokenizer-file-missing"
	| "tokenizer-file-too-large"
	| "tokenizer-file-malformed"
	| "tokenizer-unsupported"
	| "tokenizer-vocabulary-unreachable"
	| "tokenizer-token-unknown"
	| "tokenizer-id-unknown";

/** The caller gave a tokenizer file, token or id that cannot be used; the message says what would be right. */
export class TokenizerError extends Error {
	override readonly name = "TokenizerError";
	readonly code: TokenizerErrorCode;
	constructor(message: string, options: { readonly code: TokenizerErrorCode; readonly cause?: unknown }) {
		super(message, { cause: options.cause });
		this.code = options.code;
	}
}
