// How much one request may ask for. It must not know who asks.

export interface OrderLimits {
	readonly bodyBytes: number;
	readonly messages: number;
	/** Characters of one message, or of one prompt. */
	readonly messageChars: number;
	/** The most a request may set; what the model has room for is the backend's to say. */
	readonly maxTokens: number;
	/** Where a chat request sets none. */
	readonly defaultMaxTokens: number;
	/** Where a plain completion sets none; OpenAI's own default. */
	readonly defaultTextTokens: number;
	readonly stopStrings: number;
	readonly stopChars: number;
	/** Answers to one request: `n`, or prompts times `n`. */
	readonly choices: number;
	/** Alternatives for each token: of chats and, in the older form, of plain completions. */
	readonly topLogprobs: number;
	readonly textLogprobs: number;
}

export const LIMITS = {
	bodyBytes: 64 * 1024,
	messages: 64,
	messageChars: 4000,
	maxTokens: 4096,
	defaultMaxTokens: 24,
	defaultTextTokens: 16,
	stopStrings: 4,
	stopChars: 64,
	choices: 8,
	topLogprobs: 20,
	textLogprobs: 5,
} as const satisfies OrderLimits;
