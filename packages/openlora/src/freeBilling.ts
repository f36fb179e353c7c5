// Serves without money: every request is accepted, and no receipt is made. It must not know how requests come.

import type { Backend, Order } from "./backend/backend.js";
import type { Billing } from "./billing.js";

export interface FreePayment {
	readonly tenant: string;
}

export interface FreeBillingOptions {
	/** Milliseconds since 1970, for the answers' `created`. */
	readonly now?: () => number;
}

/** Billing for servers that charge nothing. If one of several answers fails, the others are stopped and all fail. */
export function freeBilling(backend: Backend, { now = Date.now }: FreeBillingOptions = {}): Billing<FreePayment> {
	return {
		async quote(orders) {
			let tokensIn = 0;
			for (const order of orders) tokensIn += await backend.countPrompt(order);
			return { maxFeeWei: 0n, tokensIn };
		},
		accept: async (_orders, _quote, _request, { tenant }) => ({
			kind: "accepted",
			payment: { tenant },
			headers: {},
			tenant,
		}),
		async complete(orders, { tenant }, { signal, onPiece, logprobs }) {
			const created = Math.floor(now() / 1000);
			const one = async (order: Order, choice: number, until: AbortSignal | undefined) => {
				const generation = await backend.generate(order, {
					tenant,
					...(until && { signal: until }),
					...(onPiece && { onPiece: (piece) => onPiece(choice, piece) }),
					...(logprobs !== undefined && { logprobs }),
				});
				const { text, finishReason, promptTokens, responseTokens } = generation;
				return { text, finishReason, created, tokensIn: promptTokens.length, tokensOut: responseTokens.length };
			};
			const [only] = orders;
			if (orders.length === 1) return { answers: [await one(only!, 0, signal)], headers: {} };
			const failed = new AbortController();
			const until = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
			const running = orders.map((order, choice) => one(order, choice, until));
			try {
				return { answers: await Promise.all(running), headers: {} };
			} catch (error) {
				failed.abort();
				await Promise.allSettled(running);
				throw error;
			}
		},
	};
}
