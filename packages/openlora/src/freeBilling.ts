// Serves without money: every request is accepted, and no receipt is made. It must not know how requests come.

import type { Backend } from "./backend/backend.js";
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
			const failed = new AbortController();
			const either = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
			const one = async (order: (typeof orders)[number], choice: number) => {
				const generation = await backend.generate(order, {
					signal: either,
					tenant,
					...(onPiece && { onPiece: (piece) => onPiece(choice, piece) }),
					...(logprobs !== undefined && { logprobs }),
				});
				const { text, finishReason, promptTokens, responseTokens } = generation;
				return { text, finishReason, created, tokensIn: promptTokens.length, tokensOut: responseTokens.length };
			};
			const running = orders.map(one);
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
