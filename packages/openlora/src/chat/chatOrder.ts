// What a chat request asks for, checked and written out: everything that decides an answer, and nothing else.
// It must not know what answers cost.

import { z } from "zod";
import { ApiError } from "../errors.js";
import { LIMITS, type OrderLimits } from "../limits/orderLimits.js";
import { type AnswerRequest, choicesOf } from "../request/answerRequest.js";
import { readBody } from "../request/readBody.js";
import { label, only, orderSettings, sharedFields, streaming, text, unsupported } from "../request/sharedFields.js";

/**
 * Probabilities, temperature and penalty in parts per million, so that an order has one spelling in integers. What is optional stands
 * in an order only where it was asked for: an order without it keeps the spelling that receipts of earlier versions commit to.
 */
export interface OrderSettings {
	readonly model: string;
	readonly maxTokens: number;
	readonly temperaturePpm: number;
	readonly topPPpm: number;
	readonly seed: number;
	readonly topK?: number;
	readonly minPPpm?: number;
	readonly repetitionPenaltyPpm?: number;
	readonly stop?: readonly string[];
}

export interface ChatOrder extends OrderSettings {
	readonly messages: readonly { readonly role: "system" | "user" | "assistant"; readonly content: string }[];
}

const ROLES = ["system", "developer", "user", "assistant"] as const;

function messageFields({ messageChars }: OrderLimits) {
	const content = text(messageChars);
	const part = z.strictObject({
		type: z.literal("text", 'is not supported; only parts of type "text" are'),
		text: content,
	});
	return z.strictObject({
		role: z.enum(ROLES, `must be one of ${ROLES.join(", ")}; tools and functions are not supported`),
		content: z.union(
			[content, z.array(part).min(1).max(64)],
			`must be a string of at most ${messageChars} characters, or a list of text parts`,
		),
		name: unsupported(),
		refusal: unsupported(),
		audio: unsupported(),
		tool_calls: unsupported(),
		tool_call_id: unsupported(),
		function_call: unsupported(),
	});
}

/** Every field of the published request; `conformance/requestFields.ts` holds the list that this is tested against. */
function chatFields(limits: OrderLimits) {
	return z.strictObject({
		...sharedFields(limits),
		messages: z.array(messageFields(limits)).min(1).max(limits.messages),
		max_completion_tokens: z.int().min(1).max(limits.maxTokens).nullish(),
		logprobs: z.boolean().nullish(),
		top_logprobs: z.int().min(0).max(limits.topLogprobs).nullish(),
		response_format: z
			.strictObject({ type: z.literal("text", 'is not supported; leave it out or send "text"') })
			.nullish(),
		modalities: z.tuple([z.literal("text")], 'is not supported; leave it out or send ["text"]').nullish(),
		service_tier: only("auto", "default"),
		store: only(false),
		prompt_cache_key: label(),
		safety_identifier: label(),
		audio: unsupported(),
		function_call: unsupported(),
		functions: unsupported(),
		metadata: unsupported(),
		parallel_tool_calls: unsupported(),
		prediction: unsupported(),
		prompt_cache_retention: unsupported(),
		reasoning_effort: unsupported(),
		tool_choice: unsupported(),
		tools: unsupported(),
		verbosity: unsupported(),
		web_search_options: unsupported(),
	});
}

const known = new WeakMap<OrderLimits, ReturnType<typeof chatFields>>();

function schemaFor(limits: OrderLimits) {
	const found = known.get(limits) ?? chatFields(limits);
	known.set(limits, found);
	return found;
}

/** Checks a body of POST /v1/chat/completions; throws an `ApiError` that names the first field at fault. */
export function parseChatRequest(body: Uint8Array, limits: OrderLimits = LIMITS): AnswerRequest {
	const fields = readBody(body, schemaFor(limits));
	const { max_tokens, max_completion_tokens, logprobs, top_logprobs } = fields;
	if (max_tokens != null && max_completion_tokens != null && max_tokens !== max_completion_tokens) {
		const message = "max_tokens and max_completion_tokens differ; send one of them";
		throw new ApiError(400, "invalid_value", message, { param: "max_tokens" });
	}
	if (top_logprobs != null && logprobs !== true) {
		throw new ApiError(400, "invalid_value", "top_logprobs: needs logprobs: true", { param: "top_logprobs" });
	}
	const order: ChatOrder = {
		messages: fields.messages.map(({ role, content }) => ({
			role: role === "developer" ? "system" : role,
			content: contentText(content).normalize("NFC"),
		})),
		...orderSettings(fields, max_completion_tokens ?? max_tokens ?? limits.defaultMaxTokens),
	};
	const long = order.messages.findIndex(({ content }) => content.length > limits.messageChars);
	if (long >= 0) {
		const param = `messages.${long}.content`;
		throw new ApiError(400, "invalid_value", `${param}: at most ${limits.messageChars} characters`, { param });
	}
	const n = fields.n ?? 1;
	return {
		model: order.model,
		orders: choicesOf(order, n),
		choicesPerPrompt: n,
		presentation: { ...streaming(fields), logprobs: logprobs === true ? (top_logprobs ?? 0) : undefined },
	};
}

/** The first order of a request, for those who need but one. */
export function parseChatOrder(body: Uint8Array, limits: OrderLimits = LIMITS): ChatOrder {
	return parseChatRequest(body, limits).orders[0] as ChatOrder;
}

/** Parts are lines of one text, as vLLM has it. */
const contentText = (content: string | readonly { readonly text: string }[]): string =>
	typeof content === "string" ? content : content.map(({ text }) => text).join("\n");
