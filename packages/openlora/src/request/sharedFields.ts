// The fields that chat and plain completions have in common, and how they become the settings of an order.
// What OpenAI publishes and we do not support is refused by its name, unless it asks for nothing.

import { z } from "zod";
import type { OrderSettings } from "../chat/chatOrder.js";
import type { OrderLimits } from "../limits/orderLimits.js";

/** A field that may only be absent, null, or ask for nothing. */
export const only = <T extends string | number | boolean | null>(...allowed: [T, ...T[]]) =>
	z.literal(allowed, `is not supported; leave it out or send ${JSON.stringify(allowed[0])}`).nullish();

/** A field that may only be absent or null. */
export const unsupported = () => z.null("is not supported; leave it out").optional();

/** Accepted and not looked at: it names people or caches, and decides nothing here. */
export const label = () => z.string().max(256).nullish();

export const wellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);
const WELL_FORMED = "must be well-formed text, without a lone surrogate";

/** A text of somebody's: what cannot be written in UTF-8 could not be hashed or sent back. */
export const text = (most: number, least = 0, otherwise = "must be a string") =>
	z.string(otherwise).min(least).max(most).refine(wellFormed, WELL_FORMED);

export const MODEL_CHARS = 256;

export function sharedFields(limits: OrderLimits) {
	const stopString = text(limits.stopChars, 1);
	return {
		model: text(MODEL_CHARS, 1),
		max_tokens: z.int().min(1).max(limits.maxTokens).nullish(),
		temperature: z.number().min(0).max(2).nullish(),
		top_p: z.number().gt(0).max(1).nullish(),
		seed: z.int().min(0).max(0xffff_ffff).nullish(),
		n: z.int().min(1).max(limits.choices).nullish(),
		stop: z
			.union(
				[stopString, z.array(stopString).max(limits.stopStrings)],
				`must be a string or a list of at most ${limits.stopStrings} strings`,
			)
			.nullish(),
		stream: z.boolean().nullish(),
		stream_options: z
			.strictObject({ include_usage: z.boolean().nullish(), include_obfuscation: only(false) })
			.nullish(),
		user: label(),
		presence_penalty: only(0),
		frequency_penalty: only(0),
		logit_bias: z.strictObject({}, "is not supported; leave it out").nullish(),
		// Not OpenAI's, but vLLM's, by its names; −1 and 0 are its ways to say all tokens.
		top_k: z.int().min(-1).max(1_000_000).nullish(),
		min_p: z.number().min(0).max(1).nullish(),
		repetition_penalty: z.number().min(0.01).max(2).nullish(),
	};
}

type Shared = z.infer<z.ZodObject<ReturnType<typeof sharedFields>>>;

const ppm = (x: number): number => Math.round(x * 1_000_000);

/** What decides an answer, in integers; what may be left out and equals its default is left out. */
export function orderSettings(fields: Shared, maxTokens: number): OrderSettings {
	const { top_k, stop } = fields;
	const minPPpm = ppm(fields.min_p ?? 0);
	const repetitionPenaltyPpm = ppm(fields.repetition_penalty ?? 1);
	const strings = (typeof stop === "string" ? [stop] : (stop ?? [])).map((string) => string.normalize("NFC"));
	return {
		model: fields.model,
		maxTokens,
		temperaturePpm: ppm(fields.temperature ?? 0),
		topPPpm: Math.max(1, ppm(fields.top_p ?? 1)),
		seed: fields.seed ?? 0,
		...(top_k != null && top_k > 0 && { topK: top_k }),
		...(minPPpm > 0 && { minPPpm }),
		...(repetitionPenaltyPpm !== 1_000_000 && { repetitionPenaltyPpm }),
		...(strings.length > 0 && { stop: strings }),
	};
}

/** How the answers are to be shown; `logprobs` is told by each endpoint in its own way. */
export function streaming({ stream, stream_options }: Shared) {
	return { stream: stream === true, includeUsage: stream === true && stream_options?.include_usage === true };
}
