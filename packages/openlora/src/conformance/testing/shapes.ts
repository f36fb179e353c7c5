// The published shapes of OpenAI's answers, as far as we give them, written down field by field from its OpenAPI document (schemas
// CreateChatCompletionResponse, CreateChatCompletionStreamResponse, CreateCompletionResponse, ListModelsResponse, Model, ErrorResponse,
// CompletionUsage). Strict: a field that is neither published nor listed here as ours fails.

import { z } from "zod";

const id = z.string().min(1);
const seconds = z.int().min(0);
const count = z.int().min(0);
const reason = z.enum(["stop", "length"]);

/** Ours, beside what OpenAI has. */
export const receiptNote = z.strictObject({
	receiptId: z
		.string()
		.regex(/^0x[0-9a-f]{64}$/)
		.nullable(),
	feeWei: z.string().regex(/^\d+$/),
	shares: z.array(z.strictObject({ contributor: z.string(), ppm: z.int().min(0).max(1_000_000) })),
	verify: z.string().optional(),
	pending: z.string().optional(),
});
const openledger = z.union([receiptNote, z.strictObject({ choices: z.array(receiptNote).min(2) })]).optional();

export const usage = z
	.strictObject({ prompt_tokens: count, completion_tokens: count, total_tokens: count })
	.refine(({ prompt_tokens, completion_tokens, total_tokens }) => prompt_tokens + completion_tokens === total_tokens);

const shownToken = {
	token: z.string(),
	bytes: z.array(z.int().min(0).max(255)).nullable(),
	logprob: z.number().max(0),
};
const chatLogprobs = z.strictObject({
	content: z.array(z.strictObject({ ...shownToken, top_logprobs: z.array(z.strictObject(shownToken)).max(20) })),
	refusal: z.null(),
});

export const chatCompletion = z.strictObject({
	id: id.startsWith("chatcmpl-"),
	object: z.literal("chat.completion"),
	created: seconds,
	model: z.string(),
	choices: z
		.array(
			z.strictObject({
				index: count,
				message: z.strictObject({ role: z.literal("assistant"), content: z.string(), refusal: z.null() }),
				logprobs: chatLogprobs.nullable(),
				finish_reason: reason,
			}),
		)
		.min(1),
	usage,
	openledger,
});

export const chatChunk = z.strictObject({
	id: id.startsWith("chatcmpl-"),
	object: z.literal("chat.completion.chunk"),
	created: seconds,
	model: z.string(),
	choices: z.array(
		z.strictObject({
			index: count,
			delta: z.strictObject({
				role: z.literal("assistant").optional(),
				content: z.string().optional(),
				refusal: z.null().optional(),
			}),
			logprobs: chatLogprobs.nullable(),
			finish_reason: reason.nullable(),
		}),
	),
	usage: usage.nullable().optional(),
	openledger,
});

const textLogprobs = z
	.strictObject({
		tokens: z.array(z.string()),
		token_logprobs: z.array(z.number().max(0)),
		top_logprobs: z.array(z.record(z.string(), z.number().max(0))),
		text_offset: z.array(count),
	})
	.refine(({ tokens, ...lists }) => Object.values(lists).every(({ length }) => length === tokens.length));

const textChoice = { index: count, text: z.string(), logprobs: textLogprobs.nullable() };
const textHead = {
	id: id.startsWith("cmpl-"),
	object: z.literal("text_completion"),
	created: seconds,
	model: z.string(),
	openledger,
};

export const textCompletion = z.strictObject({
	...textHead,
	choices: z.array(z.strictObject({ ...textChoice, finish_reason: reason })).min(1),
	usage,
});

export const textChunk = z.strictObject({
	...textHead,
	choices: z.array(z.strictObject({ ...textChoice, finish_reason: reason.nullable() })),
	usage: usage.nullable().optional(),
});

/** `root`, `parent` and `max_model_len` are vLLM's. */
export const model = z.strictObject({
	id,
	object: z.literal("model"),
	created: seconds,
	owned_by: z.string(),
	root: z.string(),
	parent: z.string().nullable(),
	max_model_len: z.int().min(1).optional(),
	openledger: z.strictObject({
		digest: z
			.string()
			.regex(/^0x[0-9a-f]{64}$/)
			.nullable(),
		served: z.boolean(),
		state: z.enum(["resident", "on-disk", "loading"]).optional(),
		pinned: z.boolean().optional(),
		bytes: count.optional(),
		rank: count.optional(),
	}),
});

export const modelList = z.strictObject({ object: z.literal("list"), data: z.array(model) });

export const errorResponse = z.strictObject({
	error: z.strictObject({
		message: z.string().min(10),
		type: z.string(),
		param: z.string().nullable(),
		code: z.string().nullable(),
	}),
});
