// Billing as the server wants it, made of the node's verbs: price by the model's rates, payment by x402.

import { ApiError, type Billing, type ChatOrder, type Order } from "@openledger/openlora";
import { feeFor, TransientError } from "@openledger/protocol";
import type { ShelvedModel } from "../model/openModelShelf.js";
import type { NodeParts } from "../parts.js";
import type { PaymentAnswer, PaymentKey } from "../payment/index.js";
import { answerPaid } from "./answerPaid.js";
import { orderDigest } from "./orderText.js";
import { readAnswer } from "./readAnswer.js";

export function createBilling(parts: NodeParts): Billing<PaymentKey> {
	const { backend, payments, paymentStore, shelf } = parts;

	function modelOf(order: Order): ShelvedModel {
		const found = shelf.byName(order.model);
		if (found !== undefined) return found;
		throw new ApiError(503, "model_loading", `${order.model} is being loaded; ask again`);
	}

	/** One transfer pays for one answer, of a conversation. */
	function only(orders: readonly Order[]): ChatOrder {
		const [order] = orders;
		if (orders.length === 1 && order !== undefined && "messages" in order) return order;
		const message = "one payment pays for one chat answer; leave n out, and use /v1/chat/completions";
		throw new ApiError(400, "unsupported_field", message, { param: "n" });
	}

	return {
		async quote(orders) {
			// Counting comes first: if the model is not served, it says which ones are.
			const order = only(orders);
			const tokensIn = await backend.countPrompt(order);
			return { tokensIn, maxFeeWei: feeFor(tokensIn, order.maxTokens, modelOf(order).params.rates) };
		},
		async accept(orders, { tokensIn, maxFeeWei }, request) {
			const order = only(orders);
			const model = modelOf(order);
			const description = `An answer of ${order.model}: ${tokensIn} tokens read, up to ${order.maxTokens} written`;
			const asked = { resource: request.url, amountWei: maxFeeWei, payTo: model.till, description };
			const paymentHeader = request.headers.get("payment-signature");
			if (paymentHeader === null) return { kind: "refused", response: responseOf(payments.quote(asked)) };
			const requestHash = orderDigest(order);
			const acceptance = await paymentStore.expecting(requestHash, { order, modelId: model.id, tokensIn }, () =>
				payments.accept({ ...asked, paymentHeader, requestHash }),
			);
			if (acceptance.kind === "rejected") return { kind: "refused", response: responseOf(acceptance) };
			const { payer, nonce, responseHeader } = acceptance;
			const headers = { "PAYMENT-RESPONSE": responseHeader };
			return { kind: "accepted", payment: { payer, nonce }, headers, tenant: payer };
		},
		async complete(_orders, payment, { onPiece }) {
			try {
				const { text, finishReason, tokensIn, tokensOut, created, ...receipt } = await readAnswer(
					parts,
					await answerPaid(parts, payment),
				);
				onPiece?.(0, { text, tokens: tokensOut });
				return { answers: [{ text, finishReason, tokensIn, tokensOut, created, receipt }], headers: {} };
			} catch (cause) {
				if (cause instanceof TransientError) throw cause;
				// The money has moved: whatever failed is ours, and no client may take it for a final answer.
				const message = "the payment is kept, but answering failed; send the same request with the same payment again";
				throw new ApiError(500, "answer_failed", message, { cause });
			}
		},
	};
}

function responseOf({ status, headers, body }: PaymentAnswer): Response {
	return Response.json(body, { status, headers });
}
