// What a chat request asks for, checked and written out: everything that decides the answer, and nothing else.
// It must not know what answers cost.

import { z } from "zod";
import { ApiError } from "../errors.js";

export const LIMITS = {
	bodyBytes: 64 * 1024,
	messages: 64,
	messageChars: 4000,
	maxTokens: 64,
	defaultMaxTokens: 24,
	stopStrings: 4,
	stopChars: 64,
} as const;

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

const message = z.strictObject({
	role: z.enum(["system", "user", "assistant"]),
	content: z.string("must be a string; lists of parts are not supported").min(1).max(LIMITS.messageChars),
	name: z.undefined("is not supported; leave it out").optional(),
});

const tokens = z.int().min(1).max(LIMITS.maxTokens);
const only = <T extends string | number | boolean | null>(...allowed: [T, ...T[]]) =>
	z.literal(allowed, `is not supported; leave it out or send ${JSON.stringify(allowed[0])}`).nullish();

const stopString = z
	.string()
	.min(1)
	.max(LIMITS.stopChars)
	.refine((text) => !/\p{Surrogate}/u.test(text), "must be well-formed text");

const chatBody = z.strictObject({
	model: z.string().min(1).max(128),
	messages: z.array(message).min(1).max(LIMITS.messages),
	max_tokens: tokens.nullish(),
	max_completion_tokens: tokens.nullish(),
	temperature: z.number().min(0).max(2).nullish(),
	top_p: z.number().gt(0).max(1).nullish(),
	seed: z.int().min(0).max(0xffff_ffff).nullish(),
	stop: z.union([stopString, z.array(stopString).max(LIMITS.stopStrings)]).nullish(),
	// Not OpenAI's, but vLLM's, by its names; −1 and 0 are its ways to say all tokens.
	top_k: z.int().min(-1).max(1_000_000).nullish(),
	min_p: z.number().min(0).max(1).nullish(),
	repetition_penalty: z.number().min(0.01).max(2).nullish(),
	user: z.string().max(256).nullish(),
	n: only(1),
	stream: only(false),
	logprobs: only(false),
	presence_penalty: only(0),
	frequency_penalty: only(0),
});

const ppm = (x: number): number => Math.round(x * 1_000_000);

/** Checks a request body of at most `LIMITS.bodyBytes`; throws an `ApiError` that names the first field at fault. */
export function parseChatOrder(body: Uint8Array): ChatOrder {
	let json: unknown;
	try {
		json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
	} catch (cause) {
		throw new ApiError(400, "invalid_json", "the body must be UTF-8 JSON", { cause });
	}
	const parsed = chatBody.safeParse(json);
	if (!parsed.success) throw fieldError(parsed.error.issues[0]!);
	const { data } = parsed;
	const asked = data.max_completion_tokens ?? data.max_tokens;
	if (data.max_tokens != null && data.max_completion_tokens != null && data.max_tokens !== data.max_completion_tokens) {
		throw new ApiError(400, "invalid_value", "max_tokens and max_completion_tokens differ; send one of them", {
			param: "max_tokens",
		});
	}
	return {
		model: data.model,
		messages: data.messages.map(({ role, content }) => ({ role, content: content.normalize("NFC") })),
		maxTokens: asked ?? LIMITS.defaultMaxTokens,
		temperaturePpm: ppm(data.temperature ?? 0),
		topPPpm: Math.max(1, ppm(data.top_p ?? 1)),
		seed: data.seed ?? 0,
		...more(data),
	};
}

/** What differs from its default of the fields that an order may leave out. */
function more({ top_k, min_p, repetition_penalty, stop }: z.infer<typeof chatBody>) {
	const minPPpm = ppm(min_p ?? 0);
	const repetitionPenaltyPpm = ppm(repetition_penalty ?? 1);
	const strings = (typeof stop === "string" ? [stop] : (stop ?? [])).map((text) => text.normalize("NFC"));
	return {
		...(top_k != null && top_k > 0 && { topK: top_k }),
		...(minPPpm > 0 && { minPPpm }),
		...(repetitionPenaltyPpm !== 1_000_000 && { repetitionPenaltyPpm }),
		...(strings.length > 0 && { stop: strings }),
	};
}

function fieldError(issue: z.core.$ZodIssue): ApiError {
	if (issue.code === "unrecognized_keys") {
		const param = [...issue.path, issue.keys[0]].join(".");
		return new ApiError(400, "unsupported_field", `${param} is not supported; leave it out`, { param });
	}
	const param = issue.path.join(".");
	if (param === "stream") {
		return new ApiError(400, "unsupported_field", "stream: streaming is not supported; send stream: false", { param });
	}
	return new ApiError(400, "invalid_value", `${param === "" ? "the body" : param}: ${issue.message}`, { param });
}
