// A request for answers from its first byte to its last: who asks, what is asked, what it costs, the answers, whole or in pieces.
// It must not know by which protocol the money comes, nor how answers are made.

import type { Context } from "hono";
import type { Billing } from "../billing.js";
import { ApiError } from "../errors.js";
import type { KeyLimits } from "../limits/keyStore.js";
import { answerBody, receiptHeader } from "../request/answerBody.js";
import type { AnswerForm } from "../request/answerForm.js";
import type { AnswerRequest } from "../request/answerRequest.js";
import { type Answering, createAnswering, newId } from "./answering.js";
import { answerStreamed } from "./answerStreamed.js";
import { readBytes } from "./readBytes.js";
import { findModel, type RouteEnv, type ServerContext } from "./serverContext.js";
import { beginVisit, type Visit } from "./visit.js";

/** The handler of one endpoint. */
export function answerRoute<Payment>(server: ServerContext, billing: Billing<Payment>, form: AnswerForm) {
	const { limits, backend } = server;

	async function readRequest(c: Context<RouteEnv>, visit: Visit): Promise<AnswerRequest> {
		const most = Math.min(limits.bodyBytes, visit.limits.bodyBytes ?? limits.bodyBytes);
		const request = form.parse(await readBytes(c.req.raw, most), limits);
		requireOwnLimits(request, visit.limits);
		if (findModel(backend, request.model) !== undefined) visit.fields.model = request.model;
		visit.fields.stream = request.presentation.stream;
		visit.fields.choices = request.orders.length;
		return request;
	}

	async function admit(c: Context<RouteEnv>, visit: Visit, request: AnswerRequest): Promise<Answering | Response> {
		const { fields, lease, tenant } = visit;
		const { orders } = request;
		const quote = await billing.quote(orders);
		fields.tokensIn = quote.tokensIn;
		lease.takeTokens(quote.tokensIn + orders.reduce((sum, { maxTokens }) => sum + maxTokens, 0));
		const caller = { tenant, requestId: fields.requestId };
		const admission = await billing.accept(orders, quote, c.req.raw, caller).catch((error: unknown) => {
			lease.usedTokens(0);
			throw error;
		});
		if (admission.kind === "refused") {
			lease.usedTokens(0);
			fields.outcome = "refused";
			return admission.response;
		}
		if (tenant === "anonymous") fields.tenant = admission.tenant;
		const { payment, headers } = admission;
		return createAnswering(server, billing, { request, visit, headers, payment, client: c.req.raw.signal });
	}

	return async (c: Context<RouteEnv>): Promise<Response> => {
		const visit = beginVisit(server, c);
		let endsLater = false;
		try {
			const request = await readRequest(c, visit);
			const answering = await admit(c, visit, request);
			if (answering instanceof Response) return answering;
			if (!request.presentation.stream) return await answerWhole(c, form, answering);
			const response = await answerStreamed(server, form, answering);
			endsLater = true;
			c.set("endsLater", true);
			return response;
		} finally {
			if (!endsLater) visit.end();
		}
	};
}

async function answerWhole(c: Context<RouteEnv>, form: AnswerForm, answering: Answering): Promise<Response> {
	const { request, visit, headers } = answering;
	const { answers, headers: more } = await answering.complete();
	visit.fields.outcome = "answered";
	const logprobs = answers.map((_, i) => answering.logprobsOf(i));
	const body = answerBody(form, request, answers, logprobs, newId());
	return c.json(body, 200, { ...headers, ...more, ...receiptHeader(answers) });
}

function requireOwnLimits({ orders }: AnswerRequest, { maxTokens }: KeyLimits): void {
	if (maxTokens === undefined || orders.every((order) => order.maxTokens <= maxTokens)) return;
	const message = `max_tokens: this key may ask for at most ${maxTokens} tokens an answer; set max_tokens`;
	throw new ApiError(400, "invalid_value", message, { param: "max_tokens" });
}
