// What a plain completion asks for, checked and written out: everything that decides an answer, and nothing else.
// It must not know what answers cost.

import { z } from "zod";
import type { OrderSettings } from "../chat/chatOrder.js";
import { ApiError } from "../errors.js";
import { LIMITS, type OrderLimits } from "../limits/orderLimits.js";
import { type AnswerRequest, choicesOf } from "../request/answerRequest.js";
import { readBody } from "../request/readBody.js";
import { only, orderSettings, sharedFields, streaming, text, unsupported } from "../request/sharedFields.js";

/** A prompt that is continued as it stands, without a chat template. */
export interface TextOrder extends OrderSettings {
	readonly prompt: string;
}

function textFields(limits: OrderLimits) {
	const prompt = text(limits.messageChars, 1, "must be a string; token ids are not supported");
	return z.strictObject({
		...sharedFields(limits),
		prompt: z.union(
			[prompt, z.array(prompt).min(1).max(limits.choices)],
			`must be a string of 1 to ${limits.messageChars} characters, or a list of at most ${limits.choices} of them; token ids are not supported`,
		),
		logprobs: z.int().min(0).max(limits.textLogprobs).nullish(),
		best_of: only(1),
		echo: only(false),
		suffix: unsupported(),
	});
}

const known = new WeakMap<OrderLimits, ReturnType<typeof textFields>>();

function schemaFor(limits: OrderLimits) {
	const found = known.get(limits) ?? textFields(limits);
	known.set(limits, found);
	return found;
}

/** Checks a body of POST /v1/completions; throws an `ApiError` that names the first field at fault. */
export function parseTextRequest(body: Uint8Array, limits: OrderLimits = LIMITS): AnswerRequest {
	const fields = readBody(body, schemaFor(limits));
	const settings = orderSettings(fields, fields.max_tokens ?? limits.defaultTextTokens);
	const n = fields.n ?? 1;
	const prompts = typeof fields.prompt === "string" ? [fields.prompt] : fields.prompt;
	if (prompts.length * n > limits.choices) {
		const message = `n: ${prompts.length} prompts with ${n} choices each; together at most ${limits.choices}`;
		throw new ApiError(400, "invalid_value", message, { param: "n" });
	}
	const orders = prompts.flatMap((prompt) => choicesOf<TextOrder>({ prompt: prompt.normalize("NFC"), ...settings }, n));
	return {
		model: settings.model,
		orders,
		choicesPerPrompt: n,
		presentation: { ...streaming(fields), logprobs: fields.logprobs ?? undefined },
	};
}
