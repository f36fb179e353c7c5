// Every field of OpenAI's published requests for answers, and what this server does with it. The names are those of OpenAI's published
// OpenAPI document (CreateChatCompletionRequest, CreateCompletionRequest), as its own client's types have them; a test compares.

export type FieldSupport =
	/** It does what OpenAI says. */
	| "supported"
	/** Accepted and not looked at: it decides nothing here. */
	| "ignored"
	/** Accepted where it asks for nothing, refused by name otherwise. */
	| "neutral-only"
	/** Refused by name, unless null. */
	| "refused";

export interface RequestField {
	readonly support: FieldSupport;
	/** Values that are accepted. */
	readonly accepted?: readonly unknown[];
	/** Values that get status 400 with this field as `param`. */
	readonly refused?: readonly unknown[];
	readonly note?: string;
}

const shared = {
	model: { support: "supported", refused: ["", 5] },
	max_tokens: { support: "supported", accepted: [1, null], refused: [0, 1.5, "8", 2 ** 31] },
	temperature: { support: "supported", accepted: [0, 0.7, 2, null], refused: [-0.1, 2.1, "1"], note: "0 by default" },
	top_p: { support: "supported", accepted: [0.1, 1, null], refused: [0, 1.1] },
	seed: { support: "supported", accepted: [0, 2 ** 32 - 1, null], refused: [-1, 2 ** 32, 0.5] },
	n: { support: "supported", accepted: [1, 2, null], refused: [0, 9], note: "at most 8; seed, seed + 1, …" },
	stop: { support: "supported", accepted: ["x", ["x", "y"], [], null], refused: ["", ["a", "b", "c", "d", "e"], 5] },
	stream: { support: "supported", accepted: [false, null], refused: ["yes"] },
	stream_options: {
		support: "supported",
		accepted: [{ include_usage: true }, { include_usage: false, include_obfuscation: false }, null],
		refused: [{ include_obfuscation: true }, { other: 1 }],
	},
	user: { support: "ignored", accepted: ["someone", null], refused: [5] },
	presence_penalty: { support: "neutral-only", accepted: [0, null], refused: [0.5] },
	frequency_penalty: { support: "neutral-only", accepted: [0, null], refused: [-1] },
	logit_bias: { support: "neutral-only", accepted: [{}, null], refused: [{ "5": 1 }] },
	// vLLM's, by its names.
	top_k: { support: "supported", accepted: [5, 0, -1, null], refused: [-2, 1.5] },
	min_p: { support: "supported", accepted: [0, 0.1, null], refused: [-0.1, 1.1] },
	repetition_penalty: { support: "supported", accepted: [1, 1.2, null], refused: [0, 2.1] },
} as const satisfies Record<string, RequestField>;

const refused = (value: unknown): RequestField => ({ support: "refused", accepted: [null], refused: [value] });

/** POST /v1/chat/completions. */
export const CHAT_FIELDS: Readonly<Record<string, RequestField>> = {
	...shared,
	messages: { support: "supported", refused: [[], "hello", [{ role: "tool", content: "x" }]], note: "text only" },
	max_completion_tokens: { support: "supported", accepted: [1, null], refused: [0] },
	logprobs: { support: "supported", accepted: [true, false, null], refused: [1] },
	top_logprobs: { support: "supported", accepted: [null], refused: [21, -1], note: "0 to 20, with logprobs: true" },
	response_format: { support: "neutral-only", accepted: [{ type: "text" }, null], refused: [{ type: "json_object" }] },
	modalities: { support: "neutral-only", accepted: [["text"], null], refused: [["audio"], ["text", "audio"]] },
	service_tier: { support: "neutral-only", accepted: ["auto", "default", null], refused: ["flex"] },
	store: { support: "neutral-only", accepted: [false, null], refused: [true] },
	prompt_cache_key: { support: "ignored", accepted: ["k", null], refused: [5] },
	safety_identifier: { support: "ignored", accepted: ["k", null], refused: [5] },
	audio: refused({ voice: "alloy", format: "wav" }),
	function_call: refused("auto"),
	functions: refused([{ name: "f" }]),
	metadata: refused({ a: "b" }),
	parallel_tool_calls: refused(true),
	prediction: refused({ type: "content", content: "x" }),
	prompt_cache_retention: refused("24h"),
	reasoning_effort: refused("low"),
	tool_choice: refused("auto"),
	tools: refused([{ type: "function", function: { name: "f" } }]),
	verbosity: refused("low"),
	web_search_options: refused({}),
};

/** POST /v1/completions. */
export const TEXT_FIELDS: Readonly<Record<string, RequestField>> = {
	...shared,
	prompt: {
		support: "supported",
		accepted: ["x", ["x", "y"]],
		refused: ["", [], [1, 2], [[1]], null],
		note: "strings",
	},
	logprobs: { support: "supported", accepted: [0, 5, null], refused: [6, true] },
	best_of: { support: "neutral-only", accepted: [1, null], refused: [2] },
	echo: { support: "neutral-only", accepted: [false, null], refused: [true] },
	suffix: refused("x"),
};
