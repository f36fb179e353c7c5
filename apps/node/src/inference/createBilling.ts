// Billing as the server wants it, made of the node's verbs: price by the model's rates, payment by whichever way the request
// brings. It must not know how any of them works.

import { type AnswerPiece, ApiError, type Billing, type Order, type PaidAnswer } from "@openledger/openlora";
import { feeFor, TransientError } from "@openledger/protocol";
import type { ListedModel } from "../model/openModelShelf.js";
import type { NodeParts } from "../parts.js";
import { keyIdOf } from "../payment/key/keyMethod.js";
import type { Carrier, RequestRow, Sale } from "../payment/method.js";
import type { PaymentAnswer } from "../payment/types.js";
import { answerPaid } from "./answerPaid.js";
import { madeOf } from "./makeReceipt.js";
import { ordersDigest } from "./orderDigest.js";
import { readAnswer } from "./readAnswer.js";

/** A payment that was taken, and whose work it is. */
export type TakenPayment = {
	readonly payment: string;
	readonly method: RequestRow["method"];
	readonly tenant: string;
};

/** Longer than this no server keeps a payment that it took without beginning to answer. */
const FORGOTTEN_MS = 120_000;

export function createBilling(parts: NodeParts): Billing<TakenPayment> {
	const { backend, payments, shelf } = parts;
	/** Payments that were taken and are not being answered yet: a request that dies in between must not hold money for ever. */
	const taken = new Map<string, NodeJS.Timeout>();

	function modelOf(order: Order): ListedModel {
		const found = shelf.listed(order.model);
		if (found !== undefined) return found;
		throw new ApiError(503, "model_loading", `${order.model} is being loaded; ask again`);
	}

	/** What was counted for a quote is not counted again when the same orders are accepted. */
	const counted = new WeakMap<readonly Order[], Sale["lines"]>();

	async function linesOf(orders: readonly Order[]): Promise<Sale["lines"]> {
		const known = counted.get(orders);
		if (known !== undefined) return known;
		const lines = [];
		for (const order of orders) {
			// Counting comes first: if the model is not served, it says which ones are.
			const tokensIn = await backend.countPrompt(order);
			const { id, params, till } = modelOf(order);
			lines.push({ order, modelId: id, till, tokensIn, maxWei: feeFor(tokensIn, order.maxTokens, params.rates) });
		}
		counted.set(orders, lines);
		return lines;
	}

	async function saleOf(orders: readonly Order[], resource: string): Promise<Sale> {
		const lines = await linesOf(orders);
		const maxWei = lines.reduce((sum, line) => sum + line.maxWei, 0n);
		const tokensIn = lines.reduce((sum, line) => sum + line.tokensIn, 0);
		const most = orders.reduce((sum, { maxTokens }) => sum + maxTokens, 0);
		const what = orders.length === 1 ? "An answer" : `${orders.length} answers`;
		const description = `${what} of ${orders[0]!.model}: ${tokensIn} tokens read, up to ${most} written`;
		return { resource, description, requestHash: ordersDigest(orders), lines, maxWei };
	}

	function expect(payment: string, method: RequestRow["method"]): void {
		clearTimeout(taken.get(payment));
		const timer = setTimeout(() => {
			taken.delete(payment);
			// In turn: the same payment may be being answered for another request.
			parts.turns(`answer ${payment}`, () => payments.method(method).release(payment)).catch(() => {});
		}, FORGOTTEN_MS);
		taken.set(payment, timer.unref());
	}

	/** Clients without money send keys too, since theirs must be told one. */
	async function canPay({ apiKey, paymentHeader }: Carrier): Promise<boolean> {
		if (paymentHeader !== null) return true;
		const id = apiKey === null ? undefined : keyIdOf(apiKey);
		return id !== undefined && (await payments.key(id)) !== undefined;
	}

	return {
		async quote(orders) {
			const { lines, maxWei } = await saleOf(orders, "");
			return { tokensIn: lines.reduce((sum, { tokensIn }) => sum + tokensIn, 0), maxFeeWei: maxWei };
		},
		async accept(orders, _quote, request) {
			const sale = await saleOf(orders, request.url);
			const { headers } = request;
			const carrier = {
				paymentHeader: headers.get("payment-signature"),
				apiKey: bearerOf(headers.get("authorization")),
				requestKey: headers.get("idempotency-key"),
			};
			// Loaded whole before any money is taken, and for nobody who brings none: a damaged model is refused, not paid for.
			for (const { modelId } of sale.lines)
				if (shelf.byId(modelId) === undefined && (await canPay(carrier))) await shelf.serve(modelId);
			const taking = payments.take(sale, carrier);
			if (taking === undefined) return { kind: "refused", response: responseOf(payments.quote(sale)) };
			const outcome = await taking;
			if (outcome.kind === "rejected") return { kind: "refused", response: responseOf(outcome) };
			const { method, payment, tenant } = outcome;
			if (method !== "exact") expect(payment, method);
			return { kind: "accepted", payment: { payment, method, tenant }, headers: outcome.headers, tenant };
		},
		async complete(_orders, { method, payment, tenant }, { logprobs, onPiece, signal }) {
			clearTimeout(taken.get(payment));
			taken.delete(payment);
			try {
				const { fresh, rows } = await answerPaid(parts, payment, { logprobs, onPiece, signal, tenant });
				const answers: PaidAnswer[] = [];
				for (const row of rows) answers.push(await answerOf(parts, row, fresh ? undefined : onPiece));
				return { answers, headers: await payments.method(rows[0]!.method).headers(rows) };
			} catch (cause) {
				if (cause instanceof TransientError) throw cause;
				// What was only held is free again; but where money has moved, no client may take a refusal for a final answer.
				if (cause instanceof ApiError && (method !== "exact" || cause.status >= 500)) throw cause;
				const kept = method === "exact" ? "the payment is kept" : "nothing was charged";
				const message = `${kept}, but answering failed; send the same request with the same payment again`;
				throw new ApiError(500, "answer_failed", message, { cause });
			}
		},
	};
}

async function answerOf(
	parts: NodeParts,
	row: RequestRow,
	onPiece: ((choice: number, piece: AnswerPiece) => void) | undefined,
): Promise<PaidAnswer> {
	if (row.receiptId !== null) {
		const { logprobs, shares, receiptId, feeWei, verify, ...answer } = await readAnswer(parts, row.receiptId);
		onPiece?.(row.choice, { text: answer.text, tokens: answer.tokensOut, ...(logprobs && { logprobs }) });
		return { ...answer, receipt: { receiptId, feeWei, shares, verify } };
	}
	const { generation, logprobs } = madeOf(row);
	const { text, finishReason, promptTokens, responseTokens } = generation;
	onPiece?.(row.choice, { text, tokens: responseTokens.length, ...(logprobs && { logprobs }) });
	return {
		...{ text, finishReason, tokensIn: promptTokens.length, tokensOut: responseTokens.length },
		created: Number(row.takenAt ?? BigInt(Math.floor(Date.now() / 1000))),
		receipt: { receiptId: null, feeWei: row.chargedWei!, shares: [], pending: pendingUrl(row) },
	};
}

/** Where a receipt that is still being made will be found. */
export function pendingUrl({ nonce, payer }: Pick<RequestRow, "nonce" | "payer">): string {
	return `/v1/openledger/receipts/${payer}/${nonce}`;
}

function bearerOf(header: string | null): string | null {
	return /^Bearer +(\S+)$/i.exec(header ?? "")?.[1] ?? null;
}

function responseOf({ status, headers, body }: PaymentAnswer): Response {
	return Response.json(body, { status, headers });
}
