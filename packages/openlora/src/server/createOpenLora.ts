// The OpenAI-compatible surface: models, chat completions, health. It must not know of chains or of how models are made.

import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Backend } from "../backend/backend.js";
import type { Billing } from "../billing.js";
import { chatCompletion } from "../chat/chatCompletion.js";
import { LIMITS, parseChatOrder } from "../chat/chatOrder.js";
import { ApiError, errorBody } from "../errors.js";

export interface OpenLoraOptions<Payment> {
	readonly backend: Backend;
	readonly billing: Billing<Payment>;
	/** Told of every failure that is ours; the client only learns that there was one. */
	readonly onError?: (error: unknown) => void;
	/** Turns errors of the rooms behind into answers; leave out to answer 500 for all of them. */
	readonly translate?: (error: unknown) => ApiError | undefined;
}

/** Makes the Hono app; mount it at the root. */
export function createOpenLora<Payment>(options: OpenLoraOptions<Payment>): Hono {
	const { backend, billing } = options;
	const app = new Hono();

	app.onError((error, c) => {
		const known = error instanceof ApiError ? error : options.translate?.(error);
		if (known === undefined || known.status >= 500) options.onError?.(error);
		const answer = known ?? new ApiError(500, "internal_error", "the node failed; the same request may be sent again");
		return c.json(errorBody(answer), answer.status as 500, answer.status === 503 ? { "retry-after": "2" } : {});
	});
	app.notFound((c) => {
		const message = `${c.req.method} ${c.req.path} does not exist; see /v1/models and /v1/chat/completions`;
		return c.json(errorBody(new ApiError(404, "not_found", message, { type: "not_found_error" })), 404);
	});

	app.get("/health", (c) => c.json({ ok: true, models: backend.models().length, proves: backend.proves }));

	const shown = (m: ReturnType<Backend["models"]>[number]) => ({
		id: m.id,
		object: "model",
		created: m.created,
		owned_by: m.owner,
		...(m.parent === undefined ? {} : { parent: m.parent, root: m.parent }),
		openledger: { digest: m.digest, served: m.parent !== undefined },
	});
	app.get("/v1/models", (c) => c.json({ object: "list", data: backend.models().map(shown) }));
	app.get("/v1/models/:id", (c) => {
		const found = backend.models().find((m) => m.id === c.req.param("id"));
		if (found !== undefined) return c.json(shown(found));
		const message = `there is no model ${JSON.stringify(c.req.param("id"))}; see /v1/models`;
		throw new ApiError(404, "model_not_found", message, { type: "not_found_error", param: "model" });
	});

	const tooLarge = () => {
		throw new ApiError(413, "body_too_large", `the body may have at most ${LIMITS.bodyBytes} bytes`);
	};
	app.post("/v1/chat/completions", bodyLimit({ maxSize: LIMITS.bodyBytes, onError: tooLarge }), async (c) => {
		const order = parseChatOrder(new Uint8Array(await c.req.arrayBuffer()));
		const caller = { tenant: "anonymous", requestId: crypto.randomUUID() };
		const quote = await billing.quote([order]);
		const admission = await billing.accept([order], quote, c.req.raw, caller);
		if (admission.kind === "refused") return admission.response;
		const { answers, headers: more } = await billing.complete([order], admission.payment, {});
		const answer = answers[0]!;
		const receiptId = answer.receipt?.receiptId;
		const headers = { ...admission.headers, ...more, ...(receiptId && { "x-openledger-receipt": receiptId }) };
		return c.json(chatCompletion(order, answer), 200, headers);
	});
	return app;
}
