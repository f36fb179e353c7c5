// Billing as the server wants it, made of the node's verbs: price by the model's rates, payment by x402.

import { ApiError, type Billing, type ChatOrder } from "@openledger/openlora";
import { feeFor, TransientError } from "@openledger/protocol";
import type { ShelvedModel } from "../model/openModelShelf.js";
import type { NodeParts } from "../parts.js";
import type { PaymentAnswer, PaymentKey } from "../payment/index.js";
import { answerPaid } from "./answerPaid.js";
import { orderDigest } from "./orderText.js";
import { readAnswer } from "./readAnswer.js";

export function createBilling(parts: NodeParts): Billing<PaymentKey> {
	const { backend, payments, paymentStore, shelf } = parts;

	function modelOf(order: ChatOrder): ShelvedModel {
		const found = shelf.byName(order.model);
		if (found !== undefined) return found;
		throw new ApiError(503, "model_loading", `${order.model} is being loaded; ask again`);
	}

	return {
		async quote(order) {
			// Counting comes first: if the model is not served, it says which ones are.
			const tokensIn = backend.countPrompt(order);
			return { tokensIn, feeWei: feeFor(tokensIn, order.maxTokens, modelOf(order).params.rates) };
		},
		async accept(order, { tokensIn, feeWei }, request) {
			const model = modelOf(order);
			const description = `An answer of ${order.model}: ${tokensIn} tokens read, up to ${order.maxTokens} written`;
			const asked = { resource: request.url, amountWei: feeWei, payTo: model.till, description };
			const paymentHeader = request.headers.get("payment-signature");
			if (paymentHeader === null) return { kind: "refused", response: responseOf(payments.quote(asked)) };
			const requestHash = orderDigest(order);
			const acceptance = await paymentStore.expecting(requestHash, { order, modelId: model.id, tokensIn }, () =>
				payments.accept({ ...asked, paymentHeader, requestHash }),
			);
			if (acceptance.kind === "rejected") return { kind: "refused", response: responseOf(acceptance) };
			const { payer, nonce, responseHeader } = acceptance;
			return { kind: "accepted", payment: { payer, nonce }, headers: { "PAYMENT-RESPONSE": responseHeader } };
		},
		async complete(_order, payment) {
			try {
				return await readAnswer(parts, await answerPaid(parts, payment));
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
